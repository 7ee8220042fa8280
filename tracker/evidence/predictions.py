"""Whether runs bore out what was declared before anybody tried it. Pure.

A prediction that nobody tried is told as such: it is neither right nor wrong. Only steps of the very capability that
it speaks of count, and only PASS and FAIL among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tracker.model import Expectation, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.evidence.declared import Expectations
    from tracker.model import Declaration, Run


class Standing(StrEnum):
    """What became of a prediction."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    CONTESTED = "contested"
    UNTRIED = "not tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A declaration that expects something, beside the runs that show whether it comes about.

    Attributes:
        declaration: what was declared.
        standing: what the runs say of it.
        agreeing: ids of the runs that went as it says, newest first.
        disagreeing: ids of those that did not.
    """

    declaration: Declaration
    standing: Standing
    agreeing: tuple[int, ...] = ()
    disagreeing: tuple[int, ...] = ()


def predictions(declarations: Iterable[Declaration], runs: Sequence[Run], book: Expectations) -> list[Prediction]:
    """Return those declarations that name a capability and expect something of it, each with what runs say.

    Args:
        declarations: in the order in which they are returned.
        runs: finished ones of one host key with their steps, newest first.
        book: tells which declarations apply to a combination.
    """
    told = [one for one in declarations if one.capability and one.expectation is not Expectation.NOTHING]
    agreeing: dict[str, list[int]] = {one.id: [] for one in told}
    disagreeing: dict[str, list[int]] = {one.id: [] for one in told}
    for run in runs:
        for declaration in book.applying(run.combination):
            outcome = _outcome(run, declaration.capability) if declaration.id in agreeing else None
            if outcome is not None:
                wanted = Outcome.PASS if declaration.expectation is Expectation.WORKS else Outcome.FAIL
                (agreeing if outcome is wanted else disagreeing)[declaration.id].append(run.id)
    return [
        Prediction(
            declaration=one,
            standing=_standing(agreeing[one.id], disagreeing[one.id]),
            agreeing=tuple(agreeing[one.id]),
            disagreeing=tuple(disagreeing[one.id]),
        )
        for one in told
    ]


def _outcome(run: Run, capability: str) -> Outcome | None:
    """Return how the capability's own steps ended: FAIL where one failed, PASS where all passed, else ``None``."""
    outcomes = {step.outcome for step in run.steps if step.capability == capability}
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.PASS if outcomes == {Outcome.PASS} else None


def _standing(agreeing: Sequence[int], disagreeing: Sequence[int]) -> Standing:
    if agreeing and disagreeing:
        return Standing.CONTESTED
    if agreeing:
        return Standing.CONFIRMED
    return Standing.REFUTED if disagreeing else Standing.UNTRIED
