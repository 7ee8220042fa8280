"""What somebody who pins a release should know of it, beside whether it works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.local_files import is_local
from tracker.model import ChangeKind, DeclarationKind
from tracker.passes.declaring import collect_declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tracker.model import Change, Declaration
    from tracker.passes.workplace import Workplace
    from tracker.store import Store, StoredRelease

_LOST = {
    ChangeKind.WITHDRAWN: "It was withdrawn by its upstream",
    ChangeKind.NO_LONGER_OFFERED: "No upstream offers it any more",
}
_TOLD = {*_LOST, ChangeKind.ASSET_REPLACED, ChangeKind.RETAGGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What is known of releases from the ledger and from declarations.

    Attributes:
        platform: whose files are installed; empty where releases have one file.
        changes: what happened to a release, newest first, by component and version.
        ends: the last day of support, by component and line.
    """

    platform: str = ""
    changes: Mapping[tuple[str, str], Sequence[Change]] = field(default_factory=dict)
    ends: Mapping[tuple[str, str], date] = field(default_factory=dict)

    def of(self, stored: StoredRelease) -> tuple[str, ...]:
        """Return sentences about a release; none about a file of this machine."""
        return () if is_local(stored.release.version) else tuple(self._of(stored))

    def supported_until(self, stored: StoredRelease) -> date | None:
        """Return the last day on which upstream supports a line that offers the release; ``None`` when none is told."""
        release = stored.release
        lines = {release.line, *(offer.line for offer in stored.offers)}
        return max((self.ends[key] for line in lines if (key := (release.component, line)) in self.ends), default=None)

    def _of(self, stored: StoredRelease) -> Iterator[str]:
        release = stored.release
        happened = self.changes.get((release.component, release.version), ())
        if not stored.offers:
            lost = next((one for one in happened if one.kind in _LOST), None)
            yield (
                f"{_LOST[lost.kind]}, as seen on {lost.observed_at.date()}."
                if lost
                else "No upstream offers it any more: it was withdrawn, or newer ones took its place."
            )
        if release.is_prerelease:
            yield "It is a pre-release."
        files = {one.name: one for one in release.to_install(self.platform).assets}
        yield from (f"{one.name}: {one.distrust}" for one in files.values() if one.distrust)
        for one in happened:
            if one.is_baseline:
                continue
            if one.kind is ChangeKind.ASSET_REPLACED and one.subject in files:
                yield f"Its file {one.subject} was replaced by another, as seen on {one.observed_at.date()}."
            if one.kind is ChangeKind.RETAGGED:
                yield f"Its tag was moved to another commit, as seen on {one.observed_at.date()}."


def read_remarks(place: Workplace, store: Store, releases: Sequence[StoredRelease]) -> Remarks:
    """Return what the store knows of the releases of the profile's components."""
    changes: dict[tuple[str, str], list[Change]] = {}
    for one in store.changes():
        if one.kind in _TOLD:
            changes.setdefault((one.component, one.version), []).append(one)
    platforms = place.profile.asset_platforms
    return Remarks(
        platform=platforms[0] if platforms else "",
        changes=changes,
        ends=_ends(collect_declared(place, releases, store.sightings()).declarations),
    )


def _ends(declarations: Sequence[Declaration]) -> dict[tuple[str, str], date]:
    ends: dict[tuple[str, str], date] = {}
    for one in declarations:
        if one.kind is DeclarationKind.SUPPORT and one.until is not None:
            for key in ((condition.name, line) for condition in one.conditions for line in condition.lines):
                ends[key] = max(one.until, ends.get(key, one.until))
    return ends
