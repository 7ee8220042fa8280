"""What is known of the rows of live values at one capability: the ground on which probes are chosen."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from tracker.evidence.board import mask_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from tracker.evidence.board import Board
    from tracker.evidence.judgement import Judgement

    Row = tuple[int, ...]


class Ground:
    """Rows that passed or failed a capability, and which pairs of live values have passed it.

    Attributes:
        capability: of which everything here is told.
        good: rows that pass it, newest pass first.
        tried: every row with a finished run, whatever it said.
        failed: those among them that failed the capability.
        out: values that fail at an earlier one with everybody.
        idle: places of the axes that it does not exercise.
        is_explained: whether a pair that is blamed at this very capability is in a row.
    """

    def __init__(  # noqa: PLR0913 - all that is known
        self,
        board: Board,
        judgement: Judgement,
        capability: str,
        *,
        tried: Collection[Row],
        failed: Collection[Row],
        out: Collection[int],
        is_open: Callable[[Row], bool],
        is_explained: Callable[[Row], bool],
    ) -> None:
        self._board = board
        self._is_open = is_open
        self.is_explained = is_explained
        self.capability = capability
        self.good = tuple(row for one in judgement.known_good(capability) if (row := board.row(one)) is not None)
        self.tried = tried
        self.failed = failed
        self.out = out
        clearings = judgement.clearings(capability)
        self.idle = frozenset(place for place, axis in enumerate(board.axes) if axis.name in clearings.idle)
        self._partners = board.partners(clearings)

    def has_passed(self, number: int) -> bool:
        """Whether the value has passed with anybody; one that means "not there" always has."""
        return bool(self._partners[number]) or bool(self._board.absent >> number & 1)

    def have_passed(self, one: int, other: int) -> bool:
        """Whether two values have passed together, or need not."""
        return bool((self._partners[one] | self._board.absent) >> other & 1) or bool(self._board.absent >> one & 1)

    def doubts(self, row: Iterable[int]) -> int:
        """Return how many exercised pairs of ``row`` have never passed together."""
        numbers = [number for number in row if self._board.axis_of[number] not in self.idle]
        return sum(not self.have_passed(one, other) for one, other in combinations(numbers, 2))

    def may_run(self, row: Row) -> bool:
        """Whether ``row`` can be tried and is not known yet."""
        return row not in self.tried and self._board.is_allowed(row) and self._is_open(row)

    def completed(self, fixed: Iterable[int], *, avoiding: Collection[int] = ()) -> Row | None:
        """Return the row with the ``fixed`` values whose other values are most at ease with each other.

        Args:
            fixed: at most one value an axis.
            avoiding: values that it must not hold; ``None`` is returned where an axis has no other.
        """
        chosen = list(fixed)
        taken = {self._board.axis_of[number] for number in chosen}
        for place, numbers in enumerate(self._board.ranges):
            if place in taken:
                continue
            mask = mask_of(chosen)
            choices = [
                number for number in numbers if number not in avoiding and not self._board.excluded[number] & mask
            ]
            if not choices:
                return None
            chosen.append(min(choices, key=partial(self._ease, chosen=tuple(chosen))))
        return tuple(sorted(chosen))

    def _ease(self, number: int, chosen: Iterable[int]) -> tuple[bool, int, int]:
        """Return what orders the values of an axis: those that passed, with most of ``chosen``, newest first."""
        strangers = sum(not self.have_passed(number, other) for other in chosen)
        return not self.has_passed(number), strangers, number
