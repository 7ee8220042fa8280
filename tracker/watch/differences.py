"""The ledger's entries for the difference between two tellings of releases. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tracker.model import ChangeKind
from tracker.watch.file_differences import file_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.model import Change, Release
    from tracker.protocols.ordering import Comparable
    from tracker.watch.entries import Scribe
    from tracker.watch.knowledge import Order

_SHOWN_DIGITS = 12


def release_entries(scribe: Scribe, before: Sequence[Release], after: Sequence[Release]) -> Iterator[Change]:
    """Yield entries by component: what came (oldest version first), what changed, what went."""
    for name in sorted({release.component for release in (*before, *after)}):
        yield from _of_component(
            scribe,
            [release for release in before if release.component == name],
            [release for release in after if release.component == name],
        )


def newest(releases: Sequence[Release], order: Order) -> str:
    """Return the newest version of one component's releases; empty when there are none."""
    return max((release.version for release in releases), key=_by_version(releases, order), default="")


def place_of(release: Release) -> tuple[str, str, str]:
    """Return what makes an offer of one target the same at two looks."""
    return release.component, release.version, release.channel


def _of_component(scribe: Scribe, before: Sequence[Release], after: Sequence[Release]) -> Iterator[Change]:
    old = {place_of(release): release for release in before}
    new = {place_of(release): release for release in after}
    key = _by_version([*before, *after], scribe.order)

    def oldest_first(places: set[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        return sorted(places, key=lambda place: (key(place[1]), place))

    for place in oldest_first(new.keys() - old.keys()):
        own_line = [release for release in before if release.line == new[place].line]
        yield from _came(scribe, new[place], newest(own_line, scribe.order))
    for place in oldest_first(new.keys() & old.keys()):
        yield from _edited(scribe, old[place], new[place])
    newest_after = newest(after, scribe.order)
    for place in oldest_first(old.keys() - new.keys()):
        is_older = bool(newest_after) and key(place[1]) < key(newest_after)
        yield _went(scribe, old[place], newest_after, is_older=is_older)


def _by_version(releases: Sequence[Release], order: Order) -> Callable[[str], Comparable]:
    keys = {release.version: order(release.component, release.version) for release in releases}
    return keys.__getitem__


def _came(scribe: Scribe, release: Release, newest_before: str) -> Iterator[Change]:
    pair = release.component, release.version
    is_known = pair in scribe.knowledge.known
    kind = ChangeKind.OFFERED if is_known else ChangeKind.RELEASED
    came = scribe.of_release(
        kind, release, newest_before, release.version, happened_at=None if is_known else release.published_at
    )
    yield came
    earlier = scribe.knowledge.last.get(pair) if scribe.keeps_old and pair not in scribe.knowledge.elsewhere else None
    if earlier is not None:
        # What was withdrawn and comes back may have come back as something else.
        yield from _edited(scribe, earlier, release)
        return
    # Old releases without a file for a platform never had one; nobody waits for that.
    if release.awaits and not came.is_baseline:
        yield scribe.of_release(ChangeKind.AWAITING_ASSETS, release, after=", ".join(release.awaits))
    for asset in release.assets:
        if asset.distrust:
            yield scribe.of_release(ChangeKind.CHECKSUM_DISAGREES, release, after=asset.distrust, subject=asset.name)


def _went(scribe: Scribe, release: Release, newest_after: str, *, is_older: bool) -> Change:
    if scribe.keeps_old:
        return scribe.of_release(ChangeKind.WITHDRAWN, release, release.version, "" if is_older else newest_after)
    is_elsewhere = (release.component, release.version) in scribe.knowledge.elsewhere
    kind = ChangeKind.NO_LONGER_OFFERED if is_older or is_elsewhere else ChangeKind.WITHDRAWN
    return scribe.of_release(kind, release, release.version, newest_after if is_older else "")


def _edited(scribe: Scribe, before: Release, after: Release) -> Iterator[Change]:
    if before.is_prerelease != after.is_prerelease:
        yield scribe.of_release(ChangeKind.DEMOTED if after.is_prerelease else ChangeKind.PROMOTED, after)
    if is_retagged(before, after):
        yield scribe.of_release(ChangeKind.RETAGGED, after, before.commit, after.commit, subject=after.tag)
    yield from file_entries(scribe, before, after)
    if after.awaits and not before.awaits:
        yield scribe.of_release(ChangeKind.AWAITING_ASSETS, after, after=", ".join(after.awaits))
    if before.notes != after.notes:
        yield scribe.of_release(ChangeKind.NOTES_EDITED, after, _short(before.notes), _short(after.notes))


def is_retagged(before: Release, after: Release) -> bool:
    """Whether the same tag names another commit; what is not known of either is no difference."""
    is_same_tag = before.tag == after.tag != ""
    return is_same_tag and bool(before.commit and after.commit) and before.commit != after.commit


def _short(notes: str) -> str:
    # The observation keeps the text itself; the ledger only has to tell two texts apart.
    if not notes:
        return ""
    digest = hashlib.sha256(notes.encode(errors="surrogatepass")).hexdigest()
    return f"sha256:{digest[:_SHOWN_DIGITS]} ({len(notes)} characters)"
