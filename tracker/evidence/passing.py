"""Which of the rows that passed hold a suspect: asked for every pair of every failure, so every value has a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.trials import Record
    from tracker.model import Suspect, Value


class Passing:
    """Passing records by what they exercised.

    Args:
        good: records with passes, in the order in which they are to be found.
    """

    def __init__(self, good: Sequence[Record]) -> None:
        self._good = good
        self._passes = [
            (place, exercised)
            for place, record in enumerate(good)
            for exercised in dict.fromkeys(trial.exercised for trial in record.passes)
        ]
        self._masks: dict[Value, int] = {}

    def first_with(self, suspect: Suspect) -> Record | None:
        """Return the first record of which one pass exercised all of ``suspect``."""
        found = -1
        for value in suspect:
            found &= self._mask(value)
        return self._good[self._passes[(found & -found).bit_length() - 1][0]] if found > 0 else None

    def _mask(self, value: Value) -> int:
        if value not in self._masks:
            digits = "".join("1" if value in exercised else "0" for _, exercised in reversed(self._passes))
            self._masks[value] = int(digits or "0", 2)
        return self._masks[value]
