"""The ways up from one known-good row to a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.board import bits, mask_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.evidence.outlook import Outlook

    Row = tuple[int, ...]

PATIENCE = 8
"""So many failures in different company, and a newer value is given up."""
_MOST_STEPS = 500
"""So far a search for one row goes before it is given up."""


class Ascent:
    """Chooses rows that are newer than a base.

    A *target* is a value that is newer than the base's, with its place. A row that holds it, and the base's values in
    all places before it, is newer than the base whatever else it holds.

    Args:
        outlook: what is known of rows that nobody has run.
        base: the row to begin at.
    """

    def __init__(self, outlook: Outlook, base: Row) -> None:
        self._outlook = outlook
        self._board = outlook.board
        self._base = base

    def targets(self) -> Iterator[tuple[int, int]]:
        """Yield place and number of every newer value that may be recommended, in order of what is newest."""
        for place in range(len(self._base)):
            for number in self._newer(place):
                yield place, number

    def any_way(self, place: int, number: int) -> Row | None:
        """Return an untried row of a target, the most promising; ``None`` where none is left, or it is given up."""
        return self.likely(place, number) or self.alone(place, number) or self.in_company(place, number)

    def likely(self, place: int, number: int) -> Row | None:
        """Return the newest untried row of a target of which every two values have passed together."""
        outlook, steps = self._outlook, 0

        def search(chosen: Row, allowed: int) -> Row | None:
            nonlocal steps
            if len(chosen) == len(self._base):
                return chosen if outlook.may_work(chosen) and outlook.is_likely(chosen) else None
            for candidate in bits(allowed & self._board.axis_mask(len(chosen))):
                steps += 1
                if steps > _MOST_STEPS:
                    return None
                row = search((*chosen, candidate), allowed & outlook.passed_with(candidate))
                if row is not None:
                    return row
            return None

        fixed = self._fixed(place, number)
        if mask_of(fixed[:-1]) & ~outlook.passed_with(number):
            return None
        allowed = outlook.open_to(mask_of(fixed))
        for one in fixed:
            allowed &= outlook.passed_with(one)
        return search(fixed, allowed)

    def alone(self, place: int, number: int) -> Row | None:
        """Return the base with nothing but a target's value replaced, where that is untried."""
        return self._if_open(self._replaced(place, number))

    def halfway(self, place: int, number: int) -> Row | None:
        """Return the same for the newest value of a place, then for the one halfway between the base and a failure.

        Versions often work up to some border; where they do not, the rest is left to the other ways.
        """
        newer = list(self._newer(place))
        failed = [one for one in newer if self._outlook.fruitless(self._replaced(place, one))]
        below = [one for one in newer if not failed or one > failed[-1]]
        untried = [one for one in below if self.alone(place, one) is not None]
        wanted = untried[len(untried) // 2 if failed else 0] if untried else None
        return self.alone(place, number) if number == wanted else None

    def in_company(self, place: int, number: int) -> Row | None:
        """Return an untried row of a target with other later values; ``None`` where it has failed too often.

        First with the newest of all, as for parts that move in lockstep; then with values that have failed beside it
        least, and of those with the ones that pass with each other. Each failure leads to other company.
        """
        outlook = self._outlook
        fixed = self._fixed(place, number)
        if outlook.fruitless(fixed) >= PATIENCE:
            return None

        def at_ease(one: int, chosen: int) -> tuple[int, int]:
            return outlook.clashes(one, chosen), outlook.strangers(one, chosen & ~(1 << number))

        rows = (self._completed(fixed, order) for order in (_by_age, at_ease))
        return next((row for row in rows if row is not None and self._if_open(row)), None)

    def _newer(self, place: int) -> Iterator[int]:
        return (
            number
            for number in range(self._board.ranges[place].start, self._base[place])
            if not self._outlook.barred >> number & 1
        )

    def _fixed(self, place: int, number: int) -> Row:
        return (*self._base[:place], number)

    def _replaced(self, place: int, number: int) -> Row:
        return (*self._base[:place], number, *self._base[place + 1 :])

    def _completed(self, fixed: Row, order: Callable[[int, int], tuple[int, int]]) -> Row | None:
        """Return a row with ``fixed`` in its first places and the first value by ``order``, then by age, in others."""
        chosen = list(fixed)
        for place in range(len(fixed), len(self._base)):
            mask = mask_of(chosen)
            choices = bits(self._outlook.open_to(mask) & self._board.axis_mask(place))
            best = min(((*order(one, mask), one) for one in choices), default=None)
            if best is None:
                return None
            chosen.append(best[-1])
        return tuple(chosen)

    def _if_open(self, row: Row) -> Row | None:
        return row if self._outlook.may_work(row) else None


def _by_age(_one: int, _chosen: int) -> tuple[int, int]:
    return 0, 0
