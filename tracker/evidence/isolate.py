"""Which row to run next to find out who is at fault (rules 5 and 6, planning step 4).

A failure is compared with its nearest passing row by QuickXplain: the search is made anew for every plan, and answered
from what is known, until it asks for a row that nobody has run: that is the next probe. What it leaves is separated: a
suspect is run without the others, a pair once more where all else is different, an item with ever other partners.
Nothing is planned where no row can tell more; then the suspects are published as they are.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING

from tracker.evidence.board import bits
from tracker.evidence.partners import MANY_ROWS
from tracker.evidence.quickxplain import minimal_conflict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tracker.evidence.board import Board
    from tracker.evidence.ground import Ground
    from tracker.model import Suspect, Value

    Row = tuple[int, ...]

_MOST_SECONDS = 4
"""So many rows are tried in order to prove a pair; more say that the pair is not the whole truth."""
_MOST_PARTNERS = 1000
"""So many rows of an item's partners are looked at before it is left as it is."""


class Isolation:
    """Chooses probes at one capability."""

    def __init__(self, board: Board, ground: Ground) -> None:
        self._board = board
        self._ground = ground

    def halving(self, failure: Row) -> Row | None:
        """Return the next row that tells which differences to the nearest passing row make ``failure`` fail."""
        twin = self._twin(failure)
        if twin is None:
            return None
        places = [place for place, (one, other) in enumerate(zip(failure, twin, strict=True)) if one != other]
        places = [place for place in places if place not in self._ground.idle]
        if len(places) < 2:  # noqa: PLR2004 - one difference is nothing to search in
            return None
        try:
            minimal_conflict(places, lambda chosen: self._fails(_mixed(twin, failure, chosen)))
        except _Asked as asked:
            return asked.row
        return None

    def splitting(self, suspects: Sequence[Suspect]) -> Row | None:
        """Return a row that holds one of the ``suspects`` and as little else that is doubtful as can be had."""
        suspected = self._numbers({value for suspect in suspects for value in suspect})
        best: tuple[int, Row] | None = None
        for suspect in suspects:
            fixed = self._numbers(suspect)
            others = set(suspected) - set(fixed)
            row = self._ground.completed(fixed, avoiding=others) or self._ground.completed(fixed)
            if row is None or not self._ground.may_run(row):
                continue
            doubts = self._ground.doubts(row)
            if best is None or (doubts, row) < best:
                best = (doubts, row)
        return best[1] if best else None

    def second(self, failure: Row, pair: Suspect) -> Row | None:
        """Return a row with the ``pair`` of ``failure`` in which everything else that is exercised is different.

        Where an axis has no other value that gets this far, it keeps its own: the row proves nothing then, but tells
        how much of the context matters.
        """
        fixed = self._numbers(pair)
        others = {number for number in failure if number not in fixed and self._has_alternative(number)}
        if sum(set(fixed) <= set(row) and not others & set(row) for row in self._ground.tried) >= _MOST_SECONDS:
            return None
        row = self._ground.completed(fixed, avoiding=others)
        if row is None:
            return None
        free = [number for number in row if number not in fixed]
        variants = (self._ground.completed(fixed, avoiding={*others, number}) for number in free)
        for candidate in (row, *variants):
            if candidate is None or (candidate in self._ground.tried and candidate not in self._ground.failed):
                continue
            clearing = self._clearing(candidate, fixed)
            if clearing is not None:
                return clearing
            if self._ground.may_run(candidate):
                return candidate
        return None

    def _has_alternative(self, number: int) -> bool:
        """Whether the axis of ``number`` is exercised and has another value that gets as far as this capability."""
        place = self._board.axis_of[number]
        numbers = self._board.ranges[place]
        return place not in self._ground.idle and any(
            one != number and one not in self._ground.out and not self._board.absent >> one & 1 for one in numbers
        )

    def _clearing(self, row: Row, pair: Sequence[int]) -> Row | None:
        """Return a row without the ``pair`` that clears what else of ``row`` has never passed together."""
        for number in pair:
            without = self._ground.completed([other for other in row if other != number], avoiding={number})
            if without is not None and self._ground.doubts(without) and self._ground.may_run(without):
                return without
        return None

    def partners(self, item: Value, exercised: Collection[Value]) -> Iterator[Row]:
        """Yield rows of ``item`` with partners that differ from all that it was tried with, most different first."""
        number = self._numbers((item,))[0]
        places = self._places(item, exercised)
        done = [row for row in self._ground.tried if number in row]
        newest = self._open_row((number, *self._newest(places)))
        if newest is not None:
            yield newest
            done.append(newest)
        sound = [row for row in done if all(self._ground.has_passed(row[place]) for place in places)]
        telling = sum(row in self._ground.failed and self._are_at_ease(row, places) for row in sound)
        # Rows that ended elsewhere, or hold another suspect, tell nothing: some of them are made up for.
        left = min(MANY_ROWS - telling, 2 * MANY_ROWS - len(sound)) + len(places)
        for _ in range(left):
            row = self._unlike(number, done, places)
            if row is None:
                return
            yield row
            done.append(row)

    def is_unequalled(self, row: Row, item: Value, exercised: Collection[Value]) -> bool:
        """Whether no other failure of ``item`` tells as much as that of ``row``.

        It has the oldest partners, or two that no other failure has together.
        """
        places = self._places(item, exercised)
        oldest = [[one for one in self._board.ranges[place] if self._ground.has_passed(one)] for place in places]
        if all(numbers and row[place] == self._last(numbers) for place, numbers in zip(places, oldest, strict=True)):
            return True
        number = self._numbers((item,))[0]
        beside = [one for one in self._ground.failed if number in one and self._are_at_ease(one, places)]
        return any(
            sum(one[first] == row[first] and one[second] == row[second] for one in beside) < 2  # noqa: PLR2004 - itself
            for first, second in combinations(places, 2)
        )

    def _last(self, numbers: Sequence[int]) -> int:
        """Return the oldest of ``numbers`` that is not absent, if there is one."""
        return max(numbers, key=lambda one: (not self._board.absent >> one & 1, one))

    def _are_at_ease(self, row: Row, places: Sequence[int]) -> bool:
        return all(self._ground.have_passed(row[one], row[other]) for one, other in combinations(places, 2))

    def newest_partners(self, item: Value, exercised: Collection[Value]) -> frozenset[int]:
        """Return ``item`` with the newest values that it could be tried with."""
        return frozenset((*self._numbers((item,)), *self._newest(self._places(item, exercised))))

    def _places(self, item: Value, exercised: Collection[Value]) -> list[int]:
        factors = {value.factor for value in exercised}
        names = [axis.name for axis in self._board.axes]
        return [place for place, name in enumerate(names) if name in factors and name != item.factor]

    def _newest(self, places: Sequence[int]) -> list[int]:
        numbers = [[one for one in self._board.ranges[place] if one not in self._ground.out] for place in places]
        return [self._first(found) for found in numbers if found]

    def _first(self, numbers: Sequence[int]) -> int:
        """Return the newest of ``numbers`` that is not absent, if there is one."""
        return min(numbers, key=lambda one: (bool(self._board.absent >> one & 1), one))

    def _unlike(self, item: int, done: Sequence[Row], places: Sequence[int]) -> Row | None:
        """Return an untried row of ``item`` with partners that it has met least, all together in no row of ``done``."""
        met = Counter(number for row in done for number in row)
        known = {tuple(row[place] for place in places) for row in done}
        choices = [
            sorted(
                (one for one in self._board.ranges[place] if self._ground.has_passed(one)),
                key=lambda one: (met[one], bool(self._board.absent >> one & 1), one),
            )
            for place in places
        ]
        if not all(choices):
            return None
        first = tuple(numbers[0] for numbers in choices)
        nearby = ((*first[:at], one, *first[at + 1 :]) for at, numbers in enumerate(choices) for one in numbers)
        doubtful: Row | None = None
        for partners in chain(nearby, islice(product(*choices), _MOST_PARTNERS)):
            row = self._open_row((item, *partners)) if partners not in known else None
            if row is None or self._ground.is_explained(row):
                continue
            if self._are_at_ease(row, places):
                return row
            doubtful = doubtful or row
        return doubtful

    def _open_row(self, fixed: Sequence[int]) -> Row | None:
        row = self._ground.completed(fixed)
        return row if row is not None and self._ground.may_run(row) else None

    def _twin(self, failure: Row) -> Row | None:
        shared = set(failure)
        return min(self._ground.good, key=lambda row: (-len(shared & set(row)), row), default=None)

    def _fails(self, row: Row) -> bool:
        if row in self._ground.failed:
            return True
        if self._ground.may_run(row):
            raise _Asked(row)
        # A row that passed, that ended elsewhere, or that nobody can run, shows no failure.
        return False

    def _numbers(self, values: Collection[Value]) -> tuple[int, ...]:
        return tuple(bits(self._board.mask(values)))


class _Asked(Exception):  # noqa: N818 - no error: it carries the question out of the search
    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self.row = row


def _mixed(twin: Row, failure: Row, places: Sequence[int]) -> Row:
    return tuple(failure[place] if place in places else number for place, number in enumerate(twin))
