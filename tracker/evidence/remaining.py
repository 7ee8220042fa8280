"""What it would take to know everything: how many runs each part of the plan still asks for, and what stays open."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, prod
from typing import TYPE_CHECKING

from tracker.evidence.board import Board
from tracker.evidence.climb import climb
from tracker.evidence.coverage import survey_coverage
from tracker.evidence.inquiry import Inquiry
from tracker.evidence.sweep import Sweep
from tracker.evidence.upkeep import rerun_jobs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.judgement import Judgement
    from tracker.model import Axis, Exclusion, Suspicion, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What is known, and what is left to do.

    Attributes:
        combinations: how many the live values make.
        ran: how many of them have a finished run on their present files and test.
        pairs: how many pairs of live values there are.
        open_pairs: how many of them have never met in a run that tells of both.
        rows: runs that let all of them meet, if nothing fails.
        repeats: runs that belief and publication still ask for.
        probes: runs, at most, that separate the suspects of unexplained failures: for one culprit among d differing
            parts about log2(d) + 2.
        further: runs that try what is blamed once more with other parts, and the next ones towards newer sets.
        unexplained: failures whose cause is not separated.
    """

    combinations: int
    ran: int
    pairs: int
    open_pairs: int
    rows: int
    repeats: int
    probes: int
    further: int
    unexplained: int

    @property
    def runs(self) -> int:
        """How many runs that makes together, if nothing new fails."""
        return self.rows + self.repeats + self.probes + self.further


def remaining(  # noqa: PLR0913 - as plan
    axes: Sequence[Axis],
    judgement: Judgement,
    *,
    recent_errors: Mapping[str, datetime],
    retry_after: timedelta,
    exclusions: Sequence[Exclusion] = (),
    needs: Sequence[str] = (),
    never: Collection[Value] = (),
) -> Remaining:
    """Return what is left to do for the live values; arguments are those of ``plan``."""
    board = Board(axes, (), exclusions)
    coverage = survey_coverage(board, judgement, recent_errors, retry_after)
    sizes = [len(axis.values) for axis in axes]
    every_pair = sum(one * other for place, one in enumerate(sizes) for other in sizes[place + 1 :])
    inquiry = Inquiry(board, judgement, coverage)
    newer = climb(axes, judgement, needs, exclusions=exclusions, never=never)
    further = {job.combination for job in (*inquiry.seconds(), *inquiry.partners(), *newer)}
    pending = sum(one.fails + one.passes for one in judgement.pending)
    return Remaining(
        combinations=prod(sizes),
        ran=len(coverage.attempts),
        pairs=every_pair,
        open_pairs=sum(mask.bit_count() for mask in coverage.fresh) // 2,
        rows=sum(1 for _ in Sweep(board, coverage).rows()),
        repeats=pending + sum(1 for _ in rerun_jobs(board, judgement)),
        probes=sum(_probes(one) for one in judgement.suspicions),
        further=len(further),
        unexplained=len(judgement.suspicions),
    )


def _probes(suspicion: Suspicion) -> int:
    values = {value for suspect in suspicion.suspects for value in suspect}
    return 0 if suspicion.is_the_test_suspected or not values else round(log2(len(values))) + 2
