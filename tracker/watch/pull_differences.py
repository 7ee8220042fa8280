"""The ledger's entries for a pull request that was told of at two looks. Pure.

What git alone can tell (a head, a merge by ancestry) gives way to what the forge tells: a fact that another target
shows already is told no second time, and what only one of them knows is no contradiction to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import ChangeKind, PullState
from tracker.watch.entries import fullest, in_order_of_events, is_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tracker.model import Change, PullRequest
    from tracker.watch.entries import Scribe


def pull_entries(scribe: Scribe, before: PullRequest | None, after: PullRequest) -> list[tuple[datetime, Change]]:
    """Return the entries in order of the events, each with the time that it stands at."""
    others = scribe.elsewhere(after)
    earlier = before or fullest(others)
    return in_order_of_events(_Pull(scribe, earlier, after, others, is_own=before is not None).entries())


class _Pull:
    def __init__(
        self,
        scribe: Scribe,
        before: PullRequest | None,
        after: PullRequest,
        others: Sequence[PullRequest],
        *,
        is_own: bool,
    ) -> None:
        self._scribe = scribe
        self._before = before
        self._after = after
        self._others = others
        self._was_watched = before is not None and (is_own or after.place in scribe.knowledge.sighted_before)

    def entries(self) -> Iterator[Change]:
        """Yield the entries; those whose time is not told follow the one that they belong to."""
        yield from self._opened()
        if self._before is not None:
            yield from self._moved(self._before)
        yield from self._state()
        yield from self._succession()

    def _opened(self) -> Iterator[Change]:
        known = [one for one in (self._before, *self._others) if one is not None]
        if is_full(self._after) and not any(map(is_full, known)):
            yield self._entry(
                ChangeKind.PULL_REQUEST_OPENED, after=self._after.title, happened_at=self._after.opened_at, is_new=True
            )

    def _moved(self, before: PullRequest) -> Iterator[Change]:
        after = self._after
        if before.head != after.head and all(one.head != after.head for one in self._others):
            yield self._entry(ChangeKind.PULL_REQUEST_PUSHED, before.head, after.head)
        if not is_full(after):
            return
        are_open = before.state is after.state is PullState.OPEN
        if are_open and before.is_draft != after.is_draft and not self._is_told("is_draft"):
            yield self._entry(ChangeKind.PULL_REQUEST_DRAFTED if after.is_draft else ChangeKind.PULL_REQUEST_READY)
        # Marks that were not known before are learned now, which is no event.
        if before.review and after.review not in {"", before.review} and not self._is_told("review"):
            yield self._entry(ChangeKind.PULL_REQUEST_REVIEWED, before.review, after.review)
        is_decided = after.checks in {"success", "failure"}
        if before.checks and is_decided and after.checks != before.checks and not self._is_told("checks"):
            yield self._entry(ChangeKind.PULL_REQUEST_CHECKED, before.checks, after.checks)

    def _state(self) -> Iterator[Change]:
        after = self._after
        was = self._before.state if self._before else PullState.UNKNOWN
        if after.state is PullState.UNKNOWN or (was is not after.state and self._is_told("state")):
            return
        if after.state is PullState.OPEN and was in {PullState.CLOSED, PullState.MERGED}:
            yield self._entry(ChangeKind.PULL_REQUEST_REOPENED)
        elif after.state is PullState.CLOSED and (was is not after.state or self._was_closed_again()):
            if was is after.state:
                yield self._entry(ChangeKind.PULL_REQUEST_REOPENED)
            yield self._ended(ChangeKind.PULL_REQUEST_CLOSED, "", after.closed_at)
        elif after.state is PullState.MERGED and was is not after.state:
            yield self._ended(ChangeKind.PULL_REQUEST_MERGED, after.merge_commit, after.merged_at)

    def _was_closed_again(self) -> bool:
        before = self._before.closed_at if self._before else None
        return bool(before and self._after.closed_at) and before != self._after.closed_at

    def _ended(self, kind: ChangeKind, after: str, happened_at: datetime | None) -> Change:
        # An end that is learned with the forge's first word may lie long before anybody watched. Git's own word changes
        # only when something happened, whatever date the commit bears.
        is_first_word = is_full(self._after) and happened_at is not None
        is_learned = self._before is None or (self._before.state is PullState.UNKNOWN and is_first_word)
        return self._entry(kind, after=after, happened_at=happened_at, is_new=is_learned)

    def _succession(self) -> Iterator[Change]:
        told = {one.number for pull in (self._before, *self._others) if pull for one in pull.succession}
        for one in self._after.succession:
            if one.number not in told:
                told.add(one.number)
                yield self._entry(
                    ChangeKind.PULL_REQUEST_SUPERSEDED,
                    after=f"#{one.number}, {one.basis}: {one.reason}",
                    url=one.url,
                )

    def _is_told(self, field: str) -> bool:
        """Whether another target shows already what this one shows now."""
        return any(
            getattr(one, field) == getattr(self._after, field)
            for one in self._others
            if field == "state" or is_full(one)
        )

    def _entry(
        self,
        kind: ChangeKind,
        before: str = "",
        after: str = "",
        *,
        happened_at: datetime | None = None,
        url: str = "",
        is_new: bool = False,
    ) -> Change:
        """Return an entry; with ``is_new`` it is news only when it happened after the last look."""
        is_news = self._scribe.is_after_last_look(happened_at or self._after.closed_at)
        is_history = not self._was_watched or is_new
        return self._scribe.of_sighting(
            kind,
            self._after,
            before,
            after,
            subject=f"#{self._after.number}",
            happened_at=happened_at,
            url=url,
            is_history=is_history and (self._scribe.is_baseline or not is_news),
        )
