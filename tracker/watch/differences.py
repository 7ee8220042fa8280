"""The ledger's entries for the difference between two answers of one target. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.model import AssetRole, Change, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from tracker.model import Asset, Release
    from tracker.protocols.ordering import Comparable

    Order = Callable[[str, str], Comparable]
    """Sort key of a version, from component and version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the store knows besides the target's own last answer; pairs of component and version.

    Attributes:
        known: every release that was ever seen.
        elsewhere: those that another target offers now.
    """

    known: Collection[tuple[str, str]] = field(default=frozenset())
    elsewhere: Collection[tuple[str, str]] = field(default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Differ:
    """Compares two answers.

    Attributes:
        knowledge: what the store knows besides.
        order: how versions of a component are ordered.
        now: aware UTC time of the later look.
        is_baseline: whether the later answer is the target's first.
    """

    knowledge: Knowledge
    order: Order
    now: datetime
    is_baseline: bool

    def changes(self, before: Sequence[Release], after: Sequence[Release]) -> tuple[Change, ...]:
        """Return the entries by component: what came (oldest version first), what changed, what went."""
        names = sorted({release.component for release in (*before, *after)})
        return tuple(
            change
            for name in names
            for change in self._of_component(
                [release for release in before if release.component == name],
                [release for release in after if release.component == name],
            )
        )

    def newest(self, releases: Sequence[Release]) -> str:
        """Return the newest version of one component's releases; empty when there are none."""
        return max((release.version for release in releases), key=self._by_version(releases), default="")

    def _of_component(self, before: Sequence[Release], after: Sequence[Release]) -> Iterator[Change]:
        old = {_place(release): release for release in before}
        new = {_place(release): release for release in after}
        key = self._by_version([*before, *after])
        newest_before, newest_after = self.newest(before), self.newest(after)
        for place in sorted(new.keys() - old.keys(), key=lambda place: (key(place[0]), place)):
            yield self._came(new[place], newest_before)
        for place in sorted(new.keys() & old.keys(), key=lambda place: (key(place[0]), place)):
            yield from self._edited(old[place], new[place])
        for place in sorted(old.keys() - new.keys(), key=lambda place: (key(place[0]), place)):
            superseded = bool(newest_after) and key(place[0]) < key(newest_after)
            yield self._went(old[place], newest_after if superseded else "")

    def _by_version(self, releases: Sequence[Release]) -> Callable[[str], Comparable]:
        keys = {release.version: self.order(release.component, release.version) for release in releases}
        return keys.__getitem__

    def _came(self, release: Release, newest_before: str) -> Change:
        is_known = (release.component, release.version) in self.knowledge.known
        kind = ChangeKind.OFFERED if is_known else ChangeKind.RELEASED
        return self._change(kind, release, newest_before, release.version)

    def _went(self, release: Release, newer: str) -> Change:
        is_elsewhere = (release.component, release.version) in self.knowledge.elsewhere
        kind = ChangeKind.NO_LONGER_OFFERED if newer or is_elsewhere else ChangeKind.WITHDRAWN
        return self._change(kind, release, release.version, newer)

    def _edited(self, before: Release, after: Release) -> Iterator[Change]:
        if before.is_prerelease and not after.is_prerelease:
            yield self._change(ChangeKind.PROMOTED, after, "", "")
        if before.notes != after.notes:
            yield self._change(ChangeKind.NOTES_EDITED, after, before.notes, after.notes)
        # Libraries are other packages, which move on by themselves: only the release's own files belong to its story.
        old, new = _own_files(before), _own_files(after)
        for name in sorted(old.keys() | new.keys()):
            if name not in old:
                yield self._change(ChangeKind.ASSET_ADDED, after, "", _identity(new[name]))
            elif name not in new:
                yield self._change(ChangeKind.ASSET_REMOVED, after, _identity(old[name]), "")
            elif _identity(old[name]) != _identity(new[name]):
                yield self._change(ChangeKind.ASSET_REPLACED, after, _identity(old[name]), _identity(new[name]))

    def _change(self, kind: ChangeKind, release: Release, before: str, after: str) -> Change:
        return Change(
            kind=kind,
            component=release.component,
            version=release.version,
            channel=release.channel,
            before=before,
            after=after,
            observed_at=self.now,
            is_baseline=self.is_baseline or all(name != release.component for name, _ in self.knowledge.known),
        )


def _place(release: Release) -> tuple[str, str]:
    return release.version, release.channel


def _own_files(release: Release) -> dict[str, Asset]:
    return {asset.name: asset for asset in release.assets if asset.role is AssetRole.MAIN}


def _identity(asset: Asset) -> str:
    """Return what makes a file the same: its digest, not the mirror that it came from."""
    return f"{asset.name} {asset.digest or f'{asset.size} bytes'}"
