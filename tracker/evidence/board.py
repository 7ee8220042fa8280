"""The live values as numbers and combinations of them as bit masks: what makes planning fast."""

from __future__ import annotations

from itertools import pairwise, product
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.model import Combination

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tracker.evidence.clearing import Clearings
    from tracker.model import Axis, Exclusion, Value


class Board:
    """Numbers for the live values: axis after axis, newest first.

    A *row* is a tuple with one value's number for each axis, in order of the axes.

    Attributes:
        axes: as given.
        values: the value of each number.
        ranges: the numbers of each axis's values.
        axis_of: the axis of each number.
        everything: the mask of all numbers.
        absent: the mask of the values that mean that a factor is missing.
        pinned: the mask of the values that somebody has pinned.
        excluded: for each number the mask of those that it never meets.
    """

    def __init__(
        self, axes: Sequence[Axis], pins: Collection[Value] = (), exclusions: Sequence[Exclusion] = ()
    ) -> None:
        self.axes = tuple(axes)
        self.values: tuple[Value, ...] = tuple(value for axis in axes for value in axis.values)
        starts = [sum(len(axis.values) for axis in axes[:place]) for place in range(len(axes) + 1)]
        self.ranges = tuple(range(start, end) for start, end in pairwise(starts))
        self.axis_of = tuple(place for place, numbers in enumerate(self.ranges) for _ in numbers)
        self._numbers = {value: number for number, value in enumerate(self.values)}
        self._rows: dict[Combination, tuple[int, ...] | None] = {}
        self._partners: dict[str, tuple[Clearings, Sequence[int]]] = {}
        self._names = {str(value): number for number, value in enumerate(self.values)}
        self.everything = (1 << len(self.values)) - 1
        self.absent = mask_of(number for number, value in enumerate(self.values) if value.is_absent)
        self.pinned = mask_of(number for number, value in enumerate(self.values) if value in pins)
        self.excluded = [0] * len(self.values)
        for exclusion in exclusions:
            self._exclude(exclusion)

    def position(self, number: int) -> int:
        """Return how many live values of the same axis are newer."""
        return number - self.ranges[self.axis_of[number]].start

    def axis_mask(self, place: int) -> int:
        """Return the mask of all values of the axis at ``place``."""
        numbers = self.ranges[place]
        return ((1 << len(numbers)) - 1) << numbers.start

    def is_allowed(self, row: Iterable[int]) -> bool:
        """Return whether no two values of a row exclude each other."""
        numbers = tuple(row)
        whole = mask_of(numbers)
        return not any(self.excluded[number] & whole for number in numbers)

    def row(self, combination: Combination) -> tuple[int, ...] | None:
        """Return ``combination`` as a row; ``None`` where a value of it is not live or an axis is missing."""
        if combination not in self._rows:
            self._rows[combination] = self._checked(sorted(self._numbers.get(value, -1) for value in combination))
        return self._rows[combination]

    def named(self, key: str) -> tuple[int, ...] | None:
        """Return the row whose combination has ``key``; ``None`` where a value of it is not live."""
        return self._checked(sorted(self._names.get(name, -1) for name in key.split(" ")))

    def mask(self, values: Iterable[Value]) -> int:
        """Return the mask of those of ``values`` that are live."""
        return mask_of(self._numbers[value] for value in values if value in self._numbers)

    def partners(self, clearings: Clearings) -> list[int]:
        """Return for each value the mask of the live values that passed together with it."""
        kept, known = self._partners.get(clearings.capability, (None, ()))
        if kept is not clearings:
            known = self._renumbered(clearings)
            self._partners[clearings.capability] = (clearings, known)
        return list(known)

    def _renumbered(self, clearings: Clearings) -> Sequence[int]:
        places = {value: place for place, value in enumerate(clearings.values)}
        shared = [(number, places[value]) for number, value in enumerate(self.values) if value in places]
        partners = [0] * len(self.values)
        if not shared:
            return partners
        # Digits are put in another order at once; going through the bits one by one takes ten times as long.
        size = len(clearings.values)
        there = dict(shared)
        # The last digit is number 0; a value that passed with nobody takes the digit 0 in front of all others.
        reorder = itemgetter(
            *(size - there[number] if number in there else 0 for number in range(len(self.values) - 1, -1, -1)), 0
        )
        for number, place in shared:
            *digits, _ = reorder(f"0{clearings.partners[place]:0{size}b}")
            partners[number] = int("".join(digits), 2)
        return partners

    def combination(self, row: Iterable[int]) -> Combination:
        """Return the combination of a row."""
        return Combination.of(self.values[number] for number in row)

    def _exclude(self, exclusion: Exclusion) -> None:
        pairs = product(*(self._numbers_of(name) for name in (exclusion.one, exclusion.other)))
        for one, other in pairs:
            if exclusion.forbids(self.values[one], self.values[other]):
                self.excluded[one] |= 1 << other
                self.excluded[other] |= 1 << one

    def _numbers_of(self, name: str) -> Sequence[int]:
        return next((numbers for axis, numbers in zip(self.axes, self.ranges, strict=True) if axis.name == name), ())

    def _checked(self, numbers: list[int]) -> tuple[int, ...] | None:
        if len(numbers) != len(self.axes) or numbers[0] < 0:
            return None
        return tuple(numbers)


def mask_of(numbers: Iterable[int]) -> int:
    """Return the mask with the bits of ``numbers`` set."""
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set in ``mask``, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
