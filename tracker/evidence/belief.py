"""Decides whether a failure is believed (rules 2 to 4), and what is missing where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tracker.evidence.repeats import run_count
from tracker.model import from_microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tracker.evidence.field import Field
    from tracker.evidence.trials import Record
    from tracker.model import Combination, Trial


class Standing(StrEnum):
    """What one row says by itself."""

    FLAKY = "flaky"
    BROKEN = "broken"
    WORKS = "works"
    DOUBTED = "doubted"
    SILENT = "silent"


class DoubtKind(StrEnum):
    """What is missing before a failure is believed."""

    RERUN = "rerun"
    """It must fail again."""
    LONG_RERUN = "long rerun"
    """It timed out and must do so again with three times the limits."""
    REFERENCE = "reference"
    """A known-good combination must pass after it."""
    COLD_START = "cold start"
    """No combination is known to be good."""
    TOO_FLAKY = "too flaky"
    """No affordable number of reruns tells it from a flake."""
    INCIDENT = "incident"
    """It failed only while the host failed everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A failure that is not believed.

    Attributes:
        combination: what failed.
        capability: where.
        kind: what is missing.
        fails: how often it has failed.
        reruns: how many reruns are still missing; 0 where something else is.
        is_slow: a time-out takes part, so that reruns need the long limit.
        has_reference: a known-good combination has passed since it failed last.
    """

    combination: Combination
    capability: str
    kind: DoubtKind
    fails: int
    reruns: int = 0
    is_slow: bool = False
    has_reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What a row says, and the doubt that remains; a row can work and still have an unexplained time-out."""

    standing: Standing
    doubt: Doubt | None = None


def believe(record: Record, field: Field, *, self_test_passed: bool) -> Belief:
    """Return what ``record`` says in its ``field``.

    Args:
        record: one of the field's.
        field: where references come from.
        self_test_passed: the test bed itself works; allows belief in deterministic causes before any known-good.
    """
    if record.is_mixed:
        return Belief(standing=Standing.FLAKY)
    if record.needs_longer_run:
        standing = Standing.WORKS if record.passes else Standing.DOUBTED
        return Belief(standing=standing, doubt=_doubt(record, DoubtKind.LONG_RERUN, reruns=1))
    if record.passes:
        return Belief(standing=Standing.WORKS)
    if record.fails:
        return _believe_failure(record, field, self_test_passed=self_test_passed)
    if record.voided:
        return Belief(standing=Standing.DOUBTED, doubt=_doubt(record, DoubtKind.INCIDENT, reruns=1))
    return Belief(standing=Standing.SILENT)


def _believe_failure(record: Record, field: Field, *, self_test_passed: bool) -> Belief:
    is_deterministic = any(trial.is_deterministic for trial in record.fails)
    if not field.good:
        if is_deterministic and self_test_passed:
            return Belief(standing=Standing.BROKEN)
        return Belief(standing=Standing.DOUBTED, doubt=_doubt(record, DoubtKind.COLD_START))
    enough_at = _enough_at(record, field.reruns)
    if enough_at is None:
        missing = 0 if field.reruns is None else field.reruns + 1 - run_count(record.fails)
        kind = DoubtKind.RERUN if missing else DoubtKind.TOO_FLAKY
        since = field.newest_reference_at is not None and field.newest_reference_at > record.fails[-1].finished_at
        return Belief(standing=Standing.DOUBTED, doubt=_doubt(record, kind, reruns=missing, has_reference=since))
    if field.newest_reference_at is not None and field.newest_reference_at > enough_at:
        return Belief(standing=Standing.BROKEN)
    return Belief(standing=Standing.DOUBTED, doubt=_doubt(record, DoubtKind.REFERENCE))


def _enough_at(record: Record, reruns: int | None) -> datetime | None:
    """Return when the record had failed often enough; ``None`` while it has not."""
    moments = sorted(moment for trial in record.fails for moment in _count_from(trial, record))
    enough = [moment for trial in record.fails if trial.is_deterministic for moment in _count_from(trial, record)]
    if reruns is not None and len(moments) > reruns:
        enough.append(moments[reruns])
    return min(enough, default=None)


def _count_from(trial: Trial, record: Record) -> Iterator[datetime]:
    """Yield when each run of ``trial`` became a failure: a time-out does when the long rerun has timed out too."""
    yield from map(from_microseconds, trial.earlier.finished)
    if trial.timed_out and record.confirmed_at is not None:
        yield max(trial.finished_at, record.confirmed_at)
    else:
        yield trial.finished_at


def _doubt(record: Record, kind: DoubtKind, *, reruns: int = 0, has_reference: bool = False) -> Doubt:
    return Doubt(
        combination=record.row.combination,
        capability=record.row.capability,
        kind=kind,
        fails=run_count((*record.fails, *record.slow, *record.voided)),
        reruns=reruns,
        is_slow=bool(record.slow) or any(trial.timed_out for trial in record.fails),
        has_reference=has_reference,
    )
