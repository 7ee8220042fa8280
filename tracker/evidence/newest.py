"""Which of the combinations of live values is the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.board import Board
from tracker.model import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Axis, Combination


def newest_working(axes: Sequence[Axis], judgement: Judgement, capability: str) -> Combination | None:
    """Return the newest combination of live values that works, or ``None``.

    Newest is lexicographic in the order of ``axes``: the newest value of the first axis with which anything works,
    then the newest of the second axis that works with it, and so on. It works when the verdict on ``capability`` and
    on every capability before it is ``works`` at the judgement's time.
    """
    board = Board(axes)
    chain = judgement.capabilities[: judgement.capabilities.index(capability) + 1]
    working = [
        row
        for combination in judgement.verdicts
        if (row := board.row(combination)) is not None
        and all(judgement.verdict(combination, name).kind is VerdictKind.WORKS for name in chain)
    ]
    return board.combination(min(working)) if working else None
