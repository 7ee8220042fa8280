"""Which pairs of live values still have to meet, which values stand in the way, and which rows are taken.

A pair has *met* when a finished run showed how the two behave: they were exercised together and nothing else is blamed
for what came of it, or the whole run went well, or it failed at a capability that one of the two has never passed with
anything. A run that failed because of somebody else says nothing of a pair: such a pair is met only once it has been in
three such runs, of which none failed because of a value that another one can stand in for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.evidence.board import bits, mask_of
from tracker.evidence.outlook import culprits_of
from tracker.evidence.rest import rests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.attempts import Attempt, Failure
    from tracker.evidence.board import Board
    from tracker.evidence.judgement import Judgement
    from tracker.model import Culprit, Value


@dataclass(slots=True, kw_only=True)
class Coverage:
    """What has been tried of the live values; masks are indexed by the board's numbers.

    Attributes:
        attempts: finished live rows and what they said.
        waiting: live rows whose newest run ended in ERROR.
        resting: those among them whose back-off is not over.
        fresh: for each value the values that it still has to meet.
        finished: values that a finished run held.
        blocked: values that are the only suspect of a failure.
        settled: values that are blamed, whoever stands beside them.
        clashes: for each value those that failed together with it and never passed with it.
        cleared: for each value those that passed the last capability together with it.
        suspicion: for each value in how many rows it failed at a capability that it never passed.
    """

    attempts: dict[tuple[int, ...], Attempt]
    waiting: frozenset[tuple[int, ...]]
    resting: frozenset[tuple[int, ...]]
    fresh: list[int]
    finished: int = 0
    blocked: int = 0
    settled: int = 0
    clashes: list[int] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    suspicion: list[int] = field(default_factory=list)

    @property
    def taken(self) -> frozenset[tuple[int, ...]]:
        """Rows that need no job of the sweep: known, or waiting for a retry."""
        return frozenset(self.attempts) | self.waiting


def survey_coverage(
    board: Board, judgement: Judgement, errors: Mapping[str, datetime], retry_after: timedelta
) -> Coverage:
    """Return what has been tried.

    Args:
        board: the live values.
        judgement: the attempts and clearings.
        errors: aware UTC end of the newest run, by key of the combinations for which it was an ERROR.
        retry_after: how long such a combination is left alone.
    """
    size = len(board.values)
    rows = {board.row(attempt.combination): attempt for attempt in judgement.attempts}
    waiting = {board.named(key): rests(ended_at, judgement.now, retry_after) for key, ended_at in errors.items()}
    coverage = Coverage(
        attempts={row: attempt for row, attempt in rows.items() if row is not None},
        waiting=frozenset(row for row in waiting if row is not None),
        resting=frozenset(row for row, is_resting in waiting.items() if row is not None and is_resting),
        fresh=[
            board.everything & ~board.axis_mask(place) & ~excluded
            for place, excluded in zip(board.axis_of, board.excluded, strict=True)
        ],
        clashes=[0] * size,
        cleared=_cleared(board, judgement),
        suspicion=[0] * size,
        settled=board.mask(
            one.values[0]
            for one in culprits_of(judgement, judgement.capabilities)
            if len(one.values) == 1 and not one.context
        ),
    )
    _count_meetings(board, judgement, coverage)
    _excuse_errors(board, coverage)
    return coverage


def _cleared(board: Board, judgement: Judgement) -> list[int]:
    """Return the partners of each value at the last capability that anything has passed."""
    passed = [name for name in judgement.capabilities if judgement.cleared[name].values]
    return board.partners(judgement.cleared[passed[-1]]) if passed else [0] * len(board.values)


def _count_meetings(board: Board, judgement: Judgement, coverage: Coverage) -> None:
    failing: list[tuple[int, int]] = []
    blamed = [(one, board.mask(one.values)) for one in culprits_of(judgement, judgement.capabilities)]
    for row, attempt in coverage.attempts.items():
        whole = mask_of(row)
        absent = whole & board.absent
        coverage.finished |= whole
        if not attempt.failures:
            for number in row:
                coverage.fresh[number] &= ~whole
            continue
        masked = _masked(attempt, blamed)
        for values in attempt.together:
            group = board.mask(values)
            for one in masked.get(frozenset(values), [group]):
                _meet(coverage, one | absent, one | absent)
        alone = 0
        for failure in attempt.failures:
            alone |= _blame(board, judgement, coverage, failure, whole)
        failing.append((whole, alone))
    _give_up(board, coverage, failing)


def _masked(attempt: Attempt, blamed: Sequence[tuple[Culprit, int]]) -> dict[frozenset[Value], list[int]]:
    """Return for what each explained failure exercised the masks of the culprits: of all else in it nothing is told."""
    found: dict[frozenset[Value], list[int]] = {}
    for failure in attempt.failures:
        masks = [
            mask
            for culprit, mask in blamed
            if culprit.capability == failure.capability and culprit.is_in(attempt.combination)
        ]
        if masks:
            found.setdefault(failure.exercised, []).extend(masks)
    return found


def _give_up(board: Board, coverage: Coverage, failing: Iterable[tuple[int, int]]) -> None:
    """Take pairs for met that were in three runs which failed because of somebody else.

    A run that failed because of a value in whose place another one can stand does not count: with that one the pair
    has yet to meet, however often it stood beside values that fail with everybody.

    Args:
        board: the live values.
        coverage: what has met.
        failing: the mask of each failed row, and of those in it that are the only suspects.
    """
    once, twice = [0] * len(board.values), [0] * len(board.values)
    for whole, alone in failing:
        for number in bits(whole):
            others = whole if not alone else _without_a_way_out(board, coverage, whole, alone, number)
            thrice = twice[number] & others
            twice[number] |= once[number] & others
            once[number] |= others
            _meet(coverage, 1 << number, thrice)


def _without_a_way_out(board: Board, coverage: Coverage, whole: int, alone: int, number: int) -> int:
    """Return those of a failed row with which ``number`` cannot be in a row without its only suspects."""
    found = 0
    for suspect in bits(alone):
        instead = board.axis_mask(board.axis_of[suspect]) & ~coverage.blocked & ~board.excluded[number]
        found |= mask_of(other for other in bits(whole) if not instead & ~board.excluded[other])
    return found


def _meet(coverage: Coverage, ones: int, others: int) -> None:
    for number in bits(ones):
        coverage.fresh[number] &= ~others
    for number in bits(others & ~ones):
        coverage.fresh[number] &= ~ones


def _blame(board: Board, judgement: Judgement, coverage: Coverage, failure: Failure, whole: int) -> int:
    """Note whom a failure may be due to; return the mask of the only value it can be due to, or none."""
    clearings = judgement.cleared[failure.capability]
    suspects = board.mask(value for value in failure.exercised if not clearings.has_item(value))
    if suspects.bit_count() == 1:
        coverage.blocked |= suspects
    for number in bits(suspects):
        coverage.suspicion[number] += 1
    _meet(coverage, suspects, whole)
    members = board.mask(failure.exercised)
    partners = board.partners(clearings)
    for number in bits(members):
        coverage.clashes[number] |= members & ~(1 << number) & ~partners[number]
    return suspects if suspects.bit_count() == 1 else 0


def _excuse_errors(board: Board, coverage: Coverage) -> None:
    """Leave out the pairs that wait for a retry: those of the row, and all of the one value that never finished a run.

    Without the latter a version that cannot be fetched would be tried with everybody. Where several values of a row
    have never finished a run, each may be innocent and goes on.
    """
    for row in coverage.waiting:
        whole = mask_of(row)
        unfinished = whole & ~coverage.finished
        if unfinished.bit_count() == 1:
            _meet(coverage, unfinished, board.everything)
        else:
            _meet(coverage, unfinished or whole, whole)
