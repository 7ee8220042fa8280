"""Writes entries of the ledger for one look, and puts them in order. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from natsort import natsorted

from tracker.model import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.model import ChangeKind, PullRequest, Release, Sighting
    from tracker.watch.knowledge import Knowledge, Order

_S = TypeVar("_S", bound="Sighting")
_BEFORE_ALL_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Scribe:
    """Writes the entries of one look.

    Attributes:
        knowledge: what is known besides the target's own answers.
        order: how versions of a component are ordered.
        now: aware UTC time of the look.
        is_baseline: whether this is the target's first applied answer.
        keeps_old: whether this upstream never takes a release away in the ordinary course.
    """

    knowledge: Knowledge
    order: Order
    now: datetime
    is_baseline: bool
    keeps_old: bool = False

    @cached_property
    def _places(self) -> Mapping[tuple[str, ...], list[Sighting]]:
        found: defaultdict[tuple[str, ...], list[Sighting]] = defaultdict(list)
        for one in self.knowledge.sighted_elsewhere:
            found[one.place].append(one)
        return found

    @cached_property
    def known_components(self) -> frozenset[str]:
        """Components of which a release was ever seen."""
        return frozenset(component for component, _ in self.knowledge.known)

    def elsewhere(self, one: _S) -> Sequence[_S]:
        """Return what other targets show now of the same thing."""
        return [other for other in self._places.get(one.place, ()) if isinstance(other, type(one))]

    def is_after_last_look(self, at: datetime | None) -> bool:
        """Whether ``at`` is known, and later than the last look at this target."""
        return at is not None and self.knowledge.looked_at is not None and at > self.knowledge.looked_at

    def of_release(
        self,
        kind: ChangeKind,
        release: Release,
        before: str = "",
        after: str = "",
        *,
        subject: str = "",
        happened_at: datetime | None = None,
    ) -> Change:
        """Return an entry about a release; history when its component was never seen before."""
        return Change(
            kind=kind,
            component=release.component,
            version=release.version,
            channel=release.channel,
            subject=subject,
            before=before,
            after=after,
            observed_at=self.now,
            happened_at=happened_at,
            url=release.url,
            is_baseline=self.is_baseline or release.component not in self.known_components,
        )

    def of_sighting(  # noqa: PLR0913 - fields of the entry
        self,
        kind: ChangeKind,
        one: Sighting,
        before: str = "",
        after: str = "",
        *,
        subject: str,
        version: str = "",
        channel: str = "",
        happened_at: datetime | None = None,
        url: str = "",
        is_history: bool = False,
    ) -> Change:
        """Return an entry about something else than a release.

        Args:
            kind: what happened.
            one: what it happened to.
            before: the old value.
            after: the new value.
            subject: what people call it.
            version: the version that it is about, if any.
            channel: where it was seen; the repository when empty.
            happened_at: when it happened, aware UTC; ``None`` where that is not told.
            url: page about it; its own when empty.
            is_history: it was so before anybody watched it.
        """
        return Change(
            kind=kind,
            component=one.component,
            version=version,
            channel=channel or getattr(one, "repository", ""),
            subject=subject,
            before=before,
            after=after,
            observed_at=self.now,
            happened_at=happened_at,
            url=url or getattr(one, "url", ""),
            is_baseline=is_history,
        )


def in_order_of_events(entries: Iterable[Change]) -> list[tuple[datetime, Change]]:
    """Return entries about one thing by the time of the event, each with the time that it stands at.

    One without a time stays behind the one that it follows.
    """
    timed = []
    at = _BEFORE_ALL_TIME
    for entry in entries:
        at = entry.happened_at or at
        timed.append((at, entry))
    return sorted(timed, key=lambda pair: pair[0])


def history_first(timed: Sequence[tuple[datetime, Change]]) -> tuple[Change, ...]:
    """Return history in order of the events, then news in the order in which it is told."""
    history = sorted((pair for pair in timed if pair[1].is_baseline), key=lambda pair: pair[0])
    return tuple(entry for _, entry in (*history, *(pair for pair in timed if not pair[1].is_baseline)))


def fullest(pulls: Iterable[PullRequest]) -> PullRequest | None:
    """Return the pull request as the one tells it who knows most: git alone knows neither title nor times."""
    return max(pulls, key=lambda one: (is_full(one), one.updated_at or _BEFORE_ALL_TIME), default=None)


def is_full(pull: PullRequest) -> bool:
    """Whether more than the repository's refs were asked."""
    return bool(pull.title or pull.opened_at)


def each_with(before: Iterable[_S], after: Iterable[_S]) -> Iterator[tuple[_S | None, _S | None]]:
    """Yield each place's thing before and after, ``None`` where it is not shown, in natural order of places."""
    old, new = {one.place: one for one in before}, {one.place: one for one in after}
    for place in natsorted({*old, *new}, key=" ".join):
        yield old.get(place), new.get(place)
