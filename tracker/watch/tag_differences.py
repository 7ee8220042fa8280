"""The ledger's entries for tags that are no releases, or not yet. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.model import ChangeKind
from tracker.watch.differences import is_retagged, place_of
from tracker.watch.entries import each_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.model import Change, Release, Tag
    from tracker.watch.entries import Scribe


def tag_entries(
    scribe: Scribe,
    before: Iterable[Tag],
    after: Iterable[Tag],
    releases: tuple[Sequence[Release], Sequence[Release]],
) -> Iterator[Change]:
    """Yield entries in natural order of tags; what a release tells of its own tag is not told again.

    Args:
        scribe: of the look.
        before: tags that the target showed.
        after: tags that it shows now.
        releases: what the target offered, and what it offers now.
    """
    old, new = list(before), list(after)
    teller = _Teller(scribe, old, releases)
    # Where many were shown and none is, the target is not asked for tags any more: each of them may well be there.
    silent = {place for place, count in _counted(old).items() if count > 1} - _counted(new).keys()
    for was, now in each_with(old, new):
        if now is None and was is not None:
            yield from teller.gone(was) if (was.component, was.repository) not in silent else ()
        elif was is None and now is not None:
            yield from teller.came(now)
        elif was is not None and now is not None:
            yield from teller.moved(was, now)


def _counted(tags: Iterable[Tag]) -> Counter[tuple[str, str]]:
    return Counter((one.component, one.repository) for one in tags)


class _Teller:
    def __init__(
        self, scribe: Scribe, before: Sequence[Tag], releases: tuple[Sequence[Release], Sequence[Release]]
    ) -> None:
        self._scribe = scribe
        self._repositories = {(one.component, one.repository) for one in before}
        old, new = releases
        was = {place_of(release): release for release in old}
        self._released = {(one.component, one.tag) for one in new} | set(scribe.knowledge.tags_elsewhere)
        self._offered = {(one.component, one.version) for one in new} | set(scribe.knowledge.elsewhere)
        self._gone = {(one.component, one.tag) for one in old} - {(one.component, one.tag) for one in new}
        self._retagged = {
            (one.component, one.tag) for one in new if place_of(one) in was and is_retagged(was[place_of(one)], one)
        }

    def came(self, tag: Tag) -> Iterator[Change]:
        if (tag.component, tag.name) in self._released or self._scribe.elsewhere(tag):
            return
        # Where no tag was shown before, old ones are no news.
        is_first = (tag.component, tag.repository) not in self._repositories
        yield self._entry(
            ChangeKind.TAGGED,
            tag,
            after=tag.set_aside or tag.commit,
            is_history=self._scribe.is_baseline or (is_first and not self._scribe.is_after_last_look(tag.tagged_at)),
        )

    def moved(self, was: Tag, now: Tag) -> Iterator[Change]:
        pair = now.component, now.name
        is_told = (
            pair in self._retagged
            or now.commit in self._scribe.knowledge.tags_elsewhere.get(pair, ())
            or any(one.commit == now.commit for one in self._scribe.elsewhere(now))
        )
        if was.commit and now.commit and was.commit != now.commit and not is_told:
            yield self._entry(ChangeKind.RETAGGED, now, was.commit, now.commit)

    def gone(self, tag: Tag) -> Iterator[Change]:
        pair = tag.component, tag.version
        was_release = pair in self._scribe.knowledge.known and pair not in self._offered
        if not (was_release or (tag.component, tag.name) in self._gone or self._scribe.elsewhere(tag)):
            yield self._entry(ChangeKind.TAG_REMOVED, tag, tag.commit)

    def _entry(
        self, kind: ChangeKind, tag: Tag, before: str = "", after: str = "", *, is_history: bool = False
    ) -> Change:
        return self._scribe.of_sighting(
            kind,
            tag,
            before,
            after,
            subject=tag.name,
            version=tag.version,
            happened_at=tag.tagged_at if kind is ChangeKind.TAGGED else None,
            is_history=is_history,
        )
