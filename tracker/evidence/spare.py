"""What to run when nothing else is to be learned (rule 9): inferences are tried, old passes repeated, trios met."""

from __future__ import annotations

from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from tracker.evidence.board import bits
from tracker.model import Job, JobKind, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.evidence.board import Board
    from tracker.evidence.coverage import Coverage
    from tracker.evidence.judgement import Judgement


def spare_jobs(board: Board, judgement: Judgement, coverage: Coverage) -> Iterator[Job]:
    """Yield spare jobs, of each kind in turn; there are always some as long as anything works."""
    kinds = (_audits(board, judgement, coverage), _oldest(board, judgement), _trios(board, judgement, coverage))
    return (job for job in chain.from_iterable(zip_longest(*kinds)) if job is not None)


def _audits(board: Board, judgement: Judgement, coverage: Coverage) -> Iterator[Job]:
    """Yield a combination that each culprit breaks by inference alone, spread evenly over them."""
    for culprit in judgement.culprits:
        row = _row_with(board, board.mask(culprit.scope), coverage)
        if row is not None:
            yield Job(
                combination=board.combination(row),
                kind=JobKind.AUDIT,
                reason=f"Inferred to be broken, never run: is it true? ({culprit.sentence})",
            )


def _oldest(board: Board, judgement: Judgement) -> Iterator[Job]:
    """Yield what works by the oldest evidence first."""
    last = judgement.capabilities[-1]
    working = [
        (verdict.observed_at, combination.key, combination)
        for combination in judgement.verdicts
        if board.row(combination) is not None
        and (verdict := judgement.verdict(combination, last)).kind is VerdictKind.WORKS
        and verdict.observed_at is not None
    ]
    for moment, _, combination in sorted(working):
        yield Job(
            combination=combination,
            kind=JobKind.AUDIT,
            reason=f"It last passed on {moment.date().isoformat()}, longer ago than what else works.",
        )


def _trios(board: Board, judgement: Judgement, coverage: Coverage) -> Iterator[Job]:
    """Yield never-run rows of the newest values with what is pinned: every two of them passed, all together did not."""
    base = tuple(
        next(bits(board.pinned & board.axis_mask(place)), numbers.start) for place, numbers in enumerate(board.ranges)
    )
    last = judgement.capabilities[-1]
    for place, numbers in enumerate(board.ranges):
        for number in numbers:
            row = (*base[:place], number, *base[place + 1 :])
            combination = board.combination(row)
            if row not in coverage.taken and judgement.verdict(combination, last).kind is VerdictKind.LIKELY:
                yield Job(
                    combination=combination,
                    kind=JobKind.AUDIT,
                    reason="Every two of its parts have passed together, all of them never have.",
                )


_MOST_LOOKED_AT = 200


def _row_with(board: Board, wanted: int, coverage: Coverage) -> tuple[int, ...] | None:
    """Return the newest untried row that holds all of ``wanted``."""
    fixed = {board.axis_of[number]: number for number in bits(wanted)}

    def rows(place: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if place == len(board.ranges):
            yield chosen
            return
        for number in [fixed[place]] if place in fixed else board.ranges[place]:
            if not any(board.excluded[number] >> other & 1 for other in chosen):
                yield from rows(place + 1, (*chosen, number))

    return next((row for row in islice(rows(0, ()), _MOST_LOOKED_AT) if row not in coverage.taken), None)
