"""What is known of a target after an answer: what the answer leaves open stays as it was. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model import Branch, Containment, PullRequest, PullState, Tag
from tracker.watch.differences import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Asset, Release, Sighting
    from tracker.protocols import Observed

_LEARNED_OF_PULLS = (
    "title",
    "author",
    "head_label",
    "opened_at",
    "updated_at",
    "review",
    "checks",
    "url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a target offers and shows."""

    releases: tuple[Release, ...] = ()
    sightings: tuple[Sighting, ...] = ()


def settle(before: Shown, observed: Observed) -> Shown:
    """Return what is known after the answer, in the order of the answer, then what a partial one says nothing of."""
    old, known = {place_of(one): one for one in before.releases}, {one.place: one for one in before.sightings}
    is_partial = bool(observed.unknown)
    releases = [_release(old.pop(place_of(one), None), one, is_partial=is_partial) for one in observed.releases]
    sightings = [_sighting(known.pop(one.place, None), one, is_partial=is_partial) for one in observed.sightings]
    if is_partial:
        releases += old.values()
        sightings += known.values()
    return Shown(releases=tuple(releases), sightings=tuple(sightings))


def _release(before: Release | None, after: Release, *, is_partial: bool) -> Release:
    if before is None:
        return after
    commit = after.commit or (before.commit if before.tag == after.tag else "")
    if not is_partial:
        return replace(after, commit=commit, assets=_learned(before.assets, after.assets))
    kept = bool(before.assets) and not after.assets
    names = {asset.name for asset in after.assets}
    return replace(
        after,
        commit=commit,
        tag=after.tag or before.tag,
        assets=(
            *_learned(before.assets, after.assets),
            *(asset for asset in before.assets if asset.name not in names),
        ),
        awaits=before.awaits if kept else after.awaits,
        is_prerelease=before.is_prerelease,
        notes=after.notes or before.notes,
        url=after.url or before.url,
        published_at=after.published_at or before.published_at,
    )


def _learned(before: Iterable[Asset], after: Sequence[Asset]) -> tuple[Asset, ...]:
    """Return the files of ``after``, with the digest that was published for the very same upload."""
    uploads = {(one.name, one.revision): one for one in before if one.revision and one.digest}
    return tuple(
        replace(one, digest=uploads[one.name, one.revision].digest)
        if one.digest is None and (one.name, one.revision) in uploads
        else one
        for one in after
    )


def _sighting(before: Sighting | None, after: Sighting, *, is_partial: bool) -> Sighting:
    match before, after:
        case PullRequest(), PullRequest():
            return _pull(before, after, is_partial=is_partial)
        case Branch(), Branch() if before.head == after.head:
            return replace(after, committed_at=after.committed_at or before.committed_at, url=after.url or before.url)
        case Tag(), Tag() if before.commit == after.commit or not after.commit:
            return replace(after, commit=before.commit, tagged_at=after.tagged_at or before.tagged_at)
        case Containment(), Containment() if after.missing and not before.missing:
            return before
        case _:
            return after


def _pull(before: PullRequest, after: PullRequest, *, is_partial: bool) -> PullRequest:
    if after.state is PullState.UNKNOWN and before.state is not PullState.UNKNOWN:
        # Git shows where the head is; what became of the pull request it does not know.
        return replace(before, head=after.head)
    if is_partial and before.state is PullState.MERGED is not after.state:
        return replace(before, head=after.head)
    kept = {name: getattr(after, name) or getattr(before, name) for name in _LEARNED_OF_PULLS}
    if after.state is before.state:
        # The end of an open pull request is nothing that could be kept.
        kept |= {
            name: getattr(after, name) or getattr(before, name) for name in ("merge_commit", "closed_at", "merged_at")
        }
    succession = after.succession or (before.succession if is_partial else ())
    return replace(after, **kept, succession=succession)
