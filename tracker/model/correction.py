"""What persons say about runs and verdicts: a run that was our own fault, a failure that is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from tracker.model.combination import Combination, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """A run that says nothing, because the fault was ours; its row stays, and nothing rests on it any more.

    Attributes:
        run_id: the run.
        reason: one sentence.
        url: where more is said; may be empty.
        retracted_at: aware UTC.
    """

    run_id: int
    reason: str
    url: str
    retracted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractedRun:
    """A run that was taken back, with what it was of.

    Attributes:
        retraction: when, and why.
        combination: that it ran.
        host_key: of the host that it ran on.
    """

    retraction: Retraction
    combination: Combination
    host_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A failure that a person accepts; shown beside the verdict, never instead of it.

    Attributes:
        id: of the store; 0 for one that tracker.toml gives.
        values: the versions that it is about; it covers every combination that holds them all.
        capability: what may fail; empty for all.
        reason: one sentence.
        url: where more is said; may be empty.
        until: last day on which it holds, in UTC.
        closes_after: it closes itself once so many runs that hold its values have passed since it was given.
        given_at: aware UTC; ``None`` for one of tracker.toml, whose passes count from the beginning.
    """

    id: int = 0
    values: tuple[Value, ...]
    capability: str = ""
    reason: str
    url: str = ""
    until: date
    closes_after: int = 3
    given_at: datetime | None = None
