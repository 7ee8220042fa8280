"""What planning must know of the combinations that have been run on their current keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.evidence.trials import Record
    from tracker.model import Combination, Trial, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where a combination failed, and with which values.

    Attributes:
        capability: where.
        exercised: the values that the failing step exercised.
    """

    capability: str
    exercised: frozenset[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A combination with a finished run that says something about the software.

    Attributes:
        combination: what was run.
        together: sets of values that one step or capability exercised together, sorted.
        last_at: aware UTC end of its newest run on the current key, whatever its outcome.
        failures: every failure that is held against somebody, in order of capability; empty when all went well.
    """

    combination: Combination
    together: tuple[tuple[Value, ...], ...]
    last_at: datetime
    failures: tuple[Failure, ...]


def attempt(records: Sequence[Record]) -> Attempt | None:
    """Return what was tried of one combination; ``None`` where each run ended in ERROR or in a host incident.

    A run whose last word is SKIP counts: another run would say the same.

    Args:
        records: the combination's current ones, in order of the chain.
    """
    if not records or not _has_finished(records):
        return None
    combination = records[0].row.combination
    spoke = {trial.exercised for record in records for trial in (*record.passes, *record.fails, *record.slow)}
    # The oldest first, by the first run of each.
    failed = [trial for record in records for trial in sorted(_failed(record), key=lambda one: one.moments[0])]
    failures = dict.fromkeys(Failure(capability=trial.capability, exercised=trial.exercised) for trial in failed)
    return Attempt(
        combination=combination,
        together=tuple(sorted(_in_order(combination, exercised) for exercised in spoke)),
        last_at=max(trial.finished_at for record in records for trial in record.row.trials),
        failures=tuple(failures),
    )


def errors(records: Sequence[Record]) -> int:
    """Return how many runs of one combination ended in ERROR.

    Args:
        records: the combination's current ones.
    """
    return len({trial.run_id for record in records for trial in record.row.trials if trial.outcome is Outcome.ERROR})


def _failed(record: Record) -> tuple[Trial, ...]:
    return record.fails if record.passes else (*record.fails, *record.slow)


def _has_finished(records: Sequence[Record]) -> bool:
    errors = {
        run
        for record in records
        for trial in record.row.trials
        if trial.outcome is Outcome.ERROR
        for run in trial.run_ids
    }
    mute = errors.union(run for record in records for trial in record.voided for run in trial.run_ids)
    if not mute:
        return True
    return any(run not in mute for record in records for trial in record.row.trials for run in trial.run_ids)


def _in_order(combination: Combination, exercised: frozenset[Value]) -> tuple[Value, ...]:
    """Return ``exercised`` sorted; a combination is in order already, and holds what was exercised in it."""
    if len(exercised) == len(combination.values) and exercised.issuperset(combination.values):
        return combination.values
    held = tuple([value for value in combination.values if value in exercised])
    return held if len(held) == len(exercised) else tuple(sorted(exercised))
