"""How good a verdict is, and how it reads at the reader's time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tracker.evidence.ageing import aged
from tracker.model import VerdictKind

if TYPE_CHECKING:
    from tracker.model import Verdict

BEST_FIRST = (
    (VerdictKind.WORKS, ""),
    (VerdictKind.STALE, "worked"),
    (VerdictKind.LIKELY, ""),
    (VerdictKind.EXPECTED, ""),
    (VerdictKind.FLAKY, ""),
    (VerdictKind.UNRESOLVED, ""),
    (VerdictKind.UNTESTED, ""),
    (VerdictKind.DOUBTFUL, ""),
    (VerdictKind.STALE, "was broken"),
    (VerdictKind.BROKEN, ""),
)
WORKS = BEST_FIRST.index((VerdictKind.WORKS, ""))
WORKED = BEST_FIRST.index((VerdictKind.STALE, "worked"))
WAS_BROKEN = BEST_FIRST.index((VerdictKind.STALE, "was broken"))
BROKEN = BEST_FIRST.index((VerdictKind.BROKEN, ""))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(NamedTuple):
    """By which time ages are told.

    Attributes:
        now: aware UTC time of the reader.
        max_age: after how long evidence is stale; ``None`` for what judging was told.
    """

    now: datetime
    max_age: timedelta | None = None

    def aged(self, verdict: Verdict) -> Verdict:
        """Return ``verdict`` as it reads by this clock; its sentence stays."""
        if self.max_age is not None and verdict.fresh_until is not None and verdict.observed_at is not None:
            verdict = replace(verdict, fresh_until=verdict.observed_at + self.max_age)
        return aged(verdict, self.now)


def badness(verdict: Verdict) -> int:
    """Return the place of ``verdict`` in ``BEST_FIRST``; 0 works."""
    return BEST_FIRST.index((verdict.kind, verdict.was))


def microseconds(moment: datetime | None) -> int | None:
    """Return an aware time as whole microseconds since 1970, which SQLite can compare."""
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
