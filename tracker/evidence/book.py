"""The values that a document speaks of, each written once and referred to by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Combination, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Culprit


class Book:
    """The values of a document and their numbers."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = values
        self._numbers = {value: number for number, value in enumerate(values)}

    @classmethod
    def of(cls, judgement: Judgement) -> Book:
        """Return the values of everything that ``judgement`` names, sorted."""
        combinations = {*judgement.verdicts, *(one for good in judgement.good.values() for one in good)}
        combinations.update(one.combination for one in judgement.doubts)
        combinations.update(one.combination for one in judgement.attempts)
        combinations.update(row for one in judgement.culprits for row in rows_of(one))
        combinations.update(row for one in judgement.pending for row in rows_of(one.culprit))
        combinations.update(one.failure.combination for one in judgement.suspicions)
        return cls(sorted({value for combination in combinations for value in combination}))

    def numbers(self, values: Iterable[Value]) -> list[int]:
        """Return the number of each of ``values``, in their order."""
        return [self._numbers[value] for value in values]

    def read(self, numbers: Iterable[int]) -> tuple[Value, ...]:
        """Return the value of each of ``numbers``, in their order."""
        return tuple(self.values[number] for number in numbers)

    def combination(self, numbers: Iterable[int]) -> Combination:
        """Return the combination of the values with ``numbers``."""
        return Combination.of(self.read(numbers))


def rows_of(culprit: Culprit) -> tuple[Combination, ...]:
    """Return every combination that ``culprit`` refers to."""
    witnesses = (culprit.failure, culprit.second, culprit.twin, *(one.witness for one in culprit.cleared))
    return tuple(witness.combination for witness in witnesses if witness is not None)
