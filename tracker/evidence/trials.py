"""Sorts trials into rows: one combination, one capability, one evidence key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from tracker.model import Combination, EvidenceKey, Trial

LONG_LIMIT_FACTOR = 3.0
"""By how much the limits of a time-out's rerun are stretched; less proves nothing about a time-out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All trials of one combination and capability under one key.

    Attributes:
        combination: what was run.
        capability: what was tried.
        key: under which its trials are comparable.
        is_current: the key is the combination's present one; other rows are history.
        trials: by the newest run of each, in chronological order.
        is_other_test: the bytes and the host are the present ones, and the scenario alone is another.
    """

    combination: Combination
    capability: str
    key: EvidenceKey
    is_current: bool
    trials: tuple[Trial, ...]
    is_other_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row with its trials told apart by what they count for; each group by newest runs, in chronological order.

    Time-outs stand for one run each; all others may stand for many that said the very same.

    Attributes:
        row: where they come from.
        passes: what worked.
        fails: what counts as failed; time-outs only where a rerun with a long limit timed out too.
        slow: time-outs that no long rerun has confirmed.
        voided: failed while the host failed everybody, hence held against nobody.
        confirmed_at: aware UTC end of the long rerun that confirmed the time-outs among ``fails``; ``None`` without.
    """

    row: Row
    passes: tuple[Trial, ...]
    fails: tuple[Trial, ...]
    slow: tuple[Trial, ...]
    voided: tuple[Trial, ...]
    confirmed_at: datetime | None

    @property
    def is_mixed(self) -> bool:
        """Whether the same bytes both worked and failed."""
        return bool(self.passes and self.fails)

    @property
    def needs_longer_run(self) -> bool:
        """Whether a time-out still waits for its rerun with a long limit."""
        if not self.slow:
            return False
        first = chronology(self.slow[0])
        return not any(
            trial.limit_factor >= LONG_LIMIT_FACTOR and chronology(trial) > first
            for trial in (*self.passes, *self.fails)
        )


def chronology(trial: Trial) -> tuple[datetime, datetime, int]:
    """Return the sort key of ``trial`` in time: the end of its newest run, then the start, then the id."""
    return (trial.finished_at, trial.started_at, trial.run_id)


def group_trials(
    trials: Iterable[Trial], current: Callable[[Combination], EvidenceKey | None]
) -> dict[Combination, tuple[Row, ...]]:
    """Return the rows of each combination; combinations by key, rows by capability and then digest of their key.

    Rows of another host than the combination's present one are left out: they are another fact altogether.

    Args:
        trials: in any order.
        current: the present key of a combination; ``None`` where its files are no longer known.
    """
    groups: dict[Combination, dict[tuple[str, EvidenceKey], list[Trial]]] = {}
    for trial in trials:
        groups.setdefault(trial.combination, {}).setdefault((trial.capability, trial.key), []).append(trial)
    rows: dict[Combination, tuple[Row, ...]] = {}
    for combination in sorted(groups, key=lambda one: one.key):
        now_key = current(combination)
        rows[combination] = tuple(
            Row(
                combination=combination,
                capability=capability,
                key=key,
                is_current=key == now_key,
                is_other_test=now_key is not None
                and key.scenario_digest != now_key.scenario_digest
                and key.artifact_digest == now_key.artifact_digest,
                trials=tuple(sorted(members, key=chronology)) if len(members) > 1 else tuple(members),
            )
            for (capability, key), members in sorted(groups[combination].items(), key=lambda item: item[0])
            if now_key is None or key.host_key == now_key.host_key
        )
    return rows


def tell_apart(row: Row, voided_runs: frozenset[int]) -> Record:
    """Return what each trial of ``row`` counts for.

    Args:
        row: the trials.
        voided_runs: ids of the runs whose failure at this capability was the host's.
    """
    failed = [trial for trial in row.trials if trial.outcome is Outcome.FAIL]
    if any(trial.timed_out or not voided_runs.isdisjoint(trial.run_ids) for trial in failed):
        failed = sorted((one for trial in failed for one in trial.each()), key=chronology)
    if not failed:
        return Record(row=row, passes=_passed(row), fails=(), slow=(), voided=(), confirmed_at=None)
    held = [trial for trial in failed if trial.run_id not in voided_runs]
    slow = [trial for trial in held if trial.timed_out]
    confirming = next((trial for trial in slow[1:] if trial.limit_factor >= LONG_LIMIT_FACTOR), None)
    return Record(
        row=row,
        passes=_passed(row),
        fails=tuple(trial for trial in held if confirming is not None or not trial.timed_out),
        slow=tuple(slow) if confirming is None else (),
        voided=tuple(trial for trial in failed if trial.run_id in voided_runs),
        confirmed_at=confirming.finished_at if confirming is not None else None,
    )


def _passed(row: Row) -> tuple[Trial, ...]:
    return tuple(trial for trial in row.trials if trial.outcome is Outcome.PASS)
