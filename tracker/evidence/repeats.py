"""Trials that stand for many runs each, counted and put in order as if every run were there by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tracker.model import Trial


def run_count(trials: Iterable[Trial]) -> int:
    """Return how many runs ``trials`` are."""
    return sum([trial.count for trial in trials])


def newest_runs(trials: Sequence[Trial]) -> tuple[int, ...]:
    """Return the ids of all runs, newest first."""
    if len(trials) == 1:
        return trials[0].run_ids[::-1]
    moments = sorted((moment for trial in trials for moment in trial.moments), reverse=True)
    return tuple(run_id for _, _, run_id in moments)


def first_end(trials: Iterable[Trial]) -> datetime:
    """Return the aware UTC end of the oldest run."""
    return min(trial.first_finished_at for trial in trials)


def fold(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return ``trials``, of any order, with all that say the very same in one."""
    alike: dict[tuple[object, ...], list[Trial]] = {}
    for trial in trials:
        alike.setdefault(_said(trial), []).append(trial)
    return tuple(
        members[0].at(moment for trial in members for moment in trial.moments) if len(members) > 1 else members[0]
        for members in alike.values()
    )


def _said(trial: Trial) -> tuple[object, ...]:
    return (
        trial.combination,
        trial.capability,
        trial.outcome,
        trial.exercised,
        trial.key,
        trial.reason,
        trial.cause,
        trial.cause_name,
        trial.is_deterministic,
        trial.timed_out,
        trial.limit_factor,
        trial.origin,
        trial.is_trusted,
    )
