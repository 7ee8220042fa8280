"""Decides what to run next.

A plan is one stage: what it holds depends on no result of its own jobs. Run it, or the first jobs of it, judge and
plan again, until a plan is empty; what is known is never planned again, but for repeats that belief asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from tracker.evidence.board import Board, bits
from tracker.evidence.climb import climb
from tracker.evidence.coverage import survey_coverage
from tracker.evidence.inquiry import Inquiry
from tracker.evidence.search import Search
from tracker.evidence.spare import spare_jobs
from tracker.evidence.sweep import Layer, Sweep
from tracker.evidence.upkeep import incident_jobs, reference_jobs, refresh_jobs, rerun_jobs, retry_jobs, worked_rows
from tracker.model import Job, JobKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.belief import Doubt
    from tracker.evidence.coverage import Coverage
    from tracker.evidence.judgement import Judgement
    from tracker.model import Axis, Combination, Exclusion, Value


CLIMBS_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """What all parts of one plan look at."""

    board: Board
    judgement: Judgement
    coverage: Coverage


def plan(  # noqa: PLR0913 - all that decides
    axes: Sequence[Axis],
    judgement: Judgement,
    *,
    budget_jobs: int,
    recent_errors: Mapping[str, datetime],
    retry_after: timedelta,
    pins: Collection[Value] = (),
    exclusions: Sequence[Exclusion] = (),
    needs: Sequence[str] = (),
    never: Collection[Value] = (),
    is_spare: bool = False,
) -> tuple[Job, ...]:
    """Return what to run next, most urgent first; empty when nothing is left to learn by these rules.

    Each combination is planned at most once. One whose newest run ended in ERROR is left alone for ``retry_after``.

    Args:
        axes: the live values, newest first, in the profile's order of factors.
        judgement: of all evidence on this host; its ``now`` is the time of the plan.
        budget_jobs: the most jobs to plan.
        recent_errors: aware UTC end of the newest run, by key of the combinations for which it was an ERROR.
        retry_after: how long such a combination is left alone.
        pins: values that somebody relies on; they come first.
        exclusions: values that never meet.
        needs: capabilities of what is recommended; empty for the furthest one that anything passes.
        never: values that are never recommended, so that nobody climbs to them.
        is_spare: there is time for jobs that nobody waits for; then a plan is never empty while anything works.
    """
    if budget_jobs <= 0 or not all(axis.values for axis in axes) or not axes:
        return ()
    board = Board(axes, pins, exclusions)
    table = _Table(
        board=board, judgement=judgement, coverage=survey_coverage(board, judgement, recent_errors, retry_after)
    )
    resting = {board.combination(row) for row in table.coverage.resting}
    jobs = incident_jobs(board, judgement, resting, retry_after)
    if jobs is not None:
        return jobs
    waiting = {board.combination(row) for row in table.coverage.waiting}
    retries = retry_jobs(board, recent_errors, now=judgement.now, retry_after=retry_after)
    # What one step of a climb shows decides the next: no more than a few at once.
    newer = islice(climb(axes, judgement, needs, exclusions=exclusions, never=never, waiting=waiting), CLIMBS_AT_ONCE)
    spare = spare_jobs(board, judgement, table.coverage) if is_spare else ()
    return _first(budget_jobs, chain(_stages(table, waiting, pins, newer), retries, spare))


def _first(budget_jobs: int, jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Return the first jobs, the most urgent one of each combination."""
    chosen: dict[Combination, Job] = {}
    for job in jobs:
        chosen.setdefault(job.combination, job)
        if len(chosen) == budget_jobs:
            break
    return tuple(chosen.values())


def _stages(
    table: _Table,
    waiting: Collection[Combination],
    pins: Collection[Value],
    newer: Iterator[Job],
) -> Iterator[Job]:
    """Yield what belief needs, and the jobs of the first stage that has any.

    Search, anchors, refreshes; who is at fault; pairs that never met; partners of what fails with everybody, and its
    failures once more; newer sets; pairs with what is known to fail.
    """
    inquiry = Inquiry(table.board, table.judgement, table.coverage)
    later = frozenset(inquiry.later)
    yield from (job for job in rerun_jobs(table.board, table.judgement, later) if job.combination not in waiting)
    stages = (
        _search_jobs(table),
        _anchor_jobs(table),
        refresh_jobs(table.board, table.judgement, pins),
        chain(inquiry.confirmations(), inquiry.probes()),
        _sweep_jobs(table, Layer.OPEN),
        inquiry.partners(),
        _reference_if(any(not doubt.has_reference for doubt in later), table, waiting, later),
        _sweep_jobs(table, Layer.BLOCKED),
        inquiry.untold(),
        _reference_if(bool(later), table, waiting, later),
        inquiry.seconds(),
        rerun_jobs(table.board, table.judgement),
        newer,
        _sweep_jobs(table, Layer.SETTLED),
    )
    for stage in stages:
        due = (job for job in stage if job.combination not in waiting)
        first = next(due, None)
        if first is not None:
            yield from reference_jobs(table.board, table.judgement, waiting, is_idle=False, later=later)
            yield first
            yield from due
            return
    yield from reference_jobs(table.board, table.judgement, waiting, is_idle=True, later=later)


def _reference_if(
    is_wanted: bool,  # noqa: FBT001 - it is what the name asks
    table: _Table,
    waiting: Collection[Combination],
    later: Collection[Doubt],
) -> Iterator[Job]:
    if is_wanted:
        yield from reference_jobs(table.board, table.judgement, waiting, is_idle=True, later=later)


def _search_jobs(table: _Table) -> Iterator[Job]:
    search = Search(table.board, table.judgement, table.coverage)
    if not search.is_needed:
        return
    last = table.judgement.capabilities[-1]
    formerly = [row for row in worked_rows(table.board, table.judgement, last) if row not in table.coverage.taken]
    for row in search.rows(formerly):
        yield Job(
            combination=table.board.combination(row),
            kind=JobKind.ANCHOR,
            reason="No combination is known to work here yet: look for a first one.",
        )


def _anchor_jobs(table: _Table) -> Iterator[Job]:
    """Yield the newest known-good combination with each value that has neither passed nor failed alone.

    Pinned values come first, then one axis after the other: what one axis shows makes a newer start for the next.
    """
    board, coverage = table.board, table.coverage
    base, passed = _base(table)
    if base is None:
        return
    wanted = [
        (number, row)
        for number in bits(board.everything & ~passed & ~coverage.blocked & ~board.absent)
        if (row := _with(board, base, number)) not in coverage.taken and board.is_allowed(row)
    ]
    pinned = [(number, row) for number, row in wanted if board.pinned >> number & 1]
    first_axis = [pair for pair in wanted if board.axis_of[pair[0]] == board.axis_of[wanted[0][0]]]
    for number, row in pinned or first_axis:
        yield Job(
            combination=board.combination(row),
            kind=JobKind.ANCHOR,
            reason=f"{board.values[number]} is new here: run it with the newest values that are known to be good.",
        )


def _with(board: Board, row: tuple[int, ...], number: int) -> tuple[int, ...]:
    place = board.axis_of[number]
    return (*row[:place], number, *row[place + 1 :])


def _base(table: _Table) -> tuple[tuple[int, ...] | None, int]:
    """Return the newest live combination that passes most of the chain, and the mask of values that pass as much."""
    for capability in reversed(table.judgement.capabilities):
        rows = [table.board.row(combination) for combination in table.judgement.known_good(capability)]
        live = [row for row in rows if row is not None]
        if live:
            clearings = table.judgement.clearings(capability)
            exercised = table.board.mask(clearings.values)
            idle = [value for value in table.board.values if value.factor in clearings.idle]
            return min(live), exercised | (table.board.mask(idle) & table.coverage.finished)
    return None, 0


def _sweep_jobs(table: _Table, layer: Layer) -> Iterator[Job]:
    board = table.board
    if not table.coverage.attempts:
        return
    for row, (one, other) in Sweep(board, table.coverage).rows(layer):
        late = (1 << one | 1 << other) & table.coverage.blocked
        more = ", though one of them fails by all that is known" if late else ""
        yield Job(
            combination=board.combination(row),
            kind=JobKind.SWEEP,
            reason=f"{board.values[one]} and {board.values[other]} have never met in a run that tells of both{more}.",
        )
