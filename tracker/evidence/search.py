"""Looks for the first combination that works at all (rule 4, cold start).

First what worked under an older key, else the newest of everything, and the oldest of everything: old parts suit an
old host and were made for each other. Then the row that came furthest down the chain is varied where it failed, each
time with the value that lies furthest from those that have failed already, until a row goes well.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.evidence.board import mask_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.attempts import Failure
    from tracker.evidence.board import Board
    from tracker.evidence.coverage import Coverage
    from tracker.evidence.judgement import Judgement

ROWS_AT_ONCE = 2
"""Rows looked at before the search thinks again: a failure decides what is tried next."""


class Search:
    """Chooses the next rows while no live combination has gone well."""

    def __init__(self, board: Board, judgement: Judgement, coverage: Coverage) -> None:
        self._board = board
        self._judgement = judgement
        self._coverage = coverage
        self._failed: Counter[int] = Counter(dict(enumerate(coverage.suspicion)))
        self._failed.update(number for row in coverage.waiting for number in row)
        self._taken = set(coverage.taken)

    @property
    def is_needed(self) -> bool:
        """Whether nothing has gone well yet and the search has rows left to spend: two for each value of an axis."""
        if any(not attempt.failures for attempt in self._coverage.attempts.values()):
            return False
        longest = max(len(numbers) for numbers in self._board.ranges)
        return len(self._coverage.taken) < 2 * longest + 2

    def rows(self, formerly: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
        """Return the next rows to try; none while nothing but errors came and their back-off is not over.

        Args:
            formerly: rows that worked under older keys, newest first.
        """
        if not self._coverage.attempts and self._coverage.resting:
            return ()
        newest = tuple(numbers.start for numbers in self._board.ranges)
        oldest = tuple(numbers.stop - 1 for numbers in self._board.ranges)
        ends = [self._allowed(row) for row in (newest, oldest)]
        chosen = [row for row in dict.fromkeys([*formerly[:1], *ends]) if row is not None and row not in self._taken]
        chosen = chosen[:ROWS_AT_ONCE]
        self._taken.update(chosen)
        while len(chosen) < ROWS_AT_ONCE and (row := self._variation()) is not None:
            self._taken.add(row)
            chosen.append(row)
        return tuple(chosen)

    def _variation(self) -> tuple[int, ...] | None:
        """Return the furthest row so far with other values where it failed, or values that have met no error."""
        if not self._coverage.attempts:
            return self._unused(tuple(min(numbers, key=self._doubtfulness) for numbers in self._board.ranges))
        base = min(self._coverage.attempts, key=lambda row: (-self._reached(row), row))
        failure = self._last_failure(base)
        row = list(base)
        for place in self._places(failure, base):
            self._failed[row[place]] += 1
            row[place] = min(self._board.ranges[place], key=self._doubtfulness)
        return self._unused(tuple(row))

    def _reached(self, row: tuple[int, ...]) -> int:
        return self._judgement.capabilities.index(self._last_failure(row).capability)

    def _last_failure(self, row: tuple[int, ...]) -> Failure:
        return self._coverage.attempts[row].failures[-1]

    def _places(self, failure: Failure, base: tuple[int, ...]) -> list[int]:
        """Return the axes whose values may be at fault: those that never passed, or all that were exercised."""
        clearings = self._judgement.cleared[failure.capability]
        exercised = self._board.mask(failure.exercised) & mask_of(base)
        suspects = self._board.mask(value for value in failure.exercised if not clearings.has_item(value))
        blamed = suspects & mask_of(base) or exercised
        return [place for place, number in enumerate(base) if blamed >> number & 1]

    def _doubtfulness(self, number: int) -> tuple[int, int, int]:
        """Return what orders the values of an axis: seldom failed, far from what failed, new."""
        failed = [other for other in self._board.ranges[self._board.axis_of[number]] if self._failed[other]]
        distance = min((abs(number - other) for other in failed), default=0)
        return (self._failed[number], -distance, number)

    def _unused(self, row: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return ``row``, or the first row that differs from it in one value and that nobody has taken."""
        if row not in self._taken and self._board.is_allowed(row):
            return row
        for place, numbers in enumerate(self._board.ranges):
            for number in sorted(numbers, key=self._doubtfulness):
                other = (*row[:place], number, *row[place + 1 :])
                if other not in self._taken and self._board.is_allowed(other):
                    return other
        return None

    def _allowed(self, row: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return ``row`` with the nearest values, axis by axis, that exclude none of those before them."""
        chosen: list[int] = []
        for place, wanted in enumerate(row):
            numbers = sorted(self._board.ranges[place], key=lambda number: abs(number - wanted))
            found = next((number for number in numbers if self._board.is_allowed((*chosen, number))), None)
            if found is None:
                return None
            chosen.append(found)
        return tuple(chosen)
