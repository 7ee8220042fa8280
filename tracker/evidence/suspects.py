"""Which items and pairs may be why a believed failure failed (rule 5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.clearing import Clearings
    from tracker.evidence.trials import Record
    from tracker.model import Combination, Suspect, Trial, Value


@dataclass(frozen=True, kw_only=True)
class Failing:
    """A believed failure and whom it is held against.

    Attributes:
        record: the failing row; it holds no pass.
        suspects: items, then pairs, that it exercised and that no pass has cleared.
    """

    record: Record
    suspects: tuple[Suspect, ...]

    @property
    def combination(self) -> Combination:
        """What failed."""
        return self.record.row.combination

    @property
    def last(self) -> Trial:
        """The newest failing trial."""
        return self.record.fails[-1]

    @cached_property
    def exercised(self) -> frozenset[Value]:
        """The values that the failing step exercised, the last time."""
        return exercised_by(self.record)

    @property
    def is_deterministic(self) -> bool:
        """Whether its cause is registered as one that the same bytes always have."""
        return any(trial.is_deterministic for trial in self.record.fails)

    @cached_property
    def lone_pair(self) -> Suspect | None:
        """The pair that is the only suspect left."""
        return self.suspects[0] if len(self.suspects) == 1 and len(self.suspects[0]) > 1 else None

    @cached_property
    def lone_item(self) -> Value | None:
        """The item that has passed nothing, where all else that was exercised is cleared.

        Pairs with it are suspects as well, since nothing that it is part of has passed; no other suspect is left.
        """
        return lone_item(self.suspects)


def lone_item(suspects: Sequence[Suspect]) -> Value | None:
    """Return the one item among ``suspects`` without which none would be left; ``None`` where there is no such item."""
    items = [suspect[0] for suspect in suspects if len(suspect) == 1]
    if len(items) == 1 and all(items[0] in suspect for suspect in suspects):
        return items[0]
    return None


def exercised_by(record: Record) -> frozenset[Value]:
    """Return the present values that the newest failing step of ``record`` exercised."""
    return frozenset(value for value in record.fails[-1].exercised if not value.is_absent)


def failing(records: Sequence[Record], clearings: Clearings) -> tuple[Failing, ...]:
    """Return the believed failures among ``records`` with their suspects, in the order of the records."""
    return tuple(
        Failing(record=record, suspects=clearings.uncleared(sorted(exercised_by(record)))) for record in records
    )
