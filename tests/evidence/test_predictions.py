"""What was declared before anybody tried it is borne out by runs, or is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tracker.evidence.declared import Expectations
from tracker.evidence.predictions import Standing, predictions
from tracker.model import (
    Combination,
    Condition,
    Declaration,
    DeclarationKind,
    EvidenceKey,
    Expectation,
    Outcome,
    Run,
    RunState,
    StepResult,
    Value,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OLD, NEW = (
    Combination.of([Value("plugin", version, "plugin"), Value("spec", "1.0.0")]) for version in ("0.3.0", "0.3.1")
)


def _rule(expectation: Expectation = Expectation.FAILS, capability: str = "speaks") -> Declaration:
    return Declaration(
        id="rule",
        kind=DeclarationKind.RULE,
        expectation=expectation,
        conditions=(Condition(name="plugin", any_of=("0.3.0",)), Condition(name="spec", any_of=("1.0.0",))),
        capability=capability,
        sentence="plugin 0.3.0 refuses 1.0.0",
        provenance="its code",
    )


def _run(number: int, combination: Combination, **outcomes: Outcome) -> Run:
    return Run(
        id=number,
        combination=combination,
        key=EvidenceKey(scenario_digest="s", artifact_digest="a", host_key="h"),
        started_at=NOW,
        finished_at=NOW,
        state=RunState.FINISHED,
        outcome=Outcome.PASS,
        steps=tuple(
            StepResult(name=f"step-{capability}", capability=capability, outcome=outcome)
            for capability, outcome in outcomes.items()
        ),
    )


def _standing(rule: Declaration, *runs: Run) -> Standing:
    book = Expectations(
        [rule],
        order=lambda _, version: version,
        line_of=lambda _, version: version,
        capabilities=("installs", "speaks", "runs"),
        today=date(2026, 11, 24),
    )
    (found,) = predictions([rule], runs, book)
    return found.standing


def test_a_prediction_that_nobody_tried_is_neither_right_nor_wrong() -> None:
    assert _standing(_rule()) is Standing.UNTRIED
    assert _standing(_rule(), _run(1, NEW, speaks=Outcome.FAIL)) is Standing.UNTRIED


@pytest.mark.parametrize(
    ("expectation", "outcome", "standing"),
    [
        (Expectation.FAILS, Outcome.FAIL, Standing.CONFIRMED),
        (Expectation.FAILS, Outcome.PASS, Standing.REFUTED),
        (Expectation.WORKS, Outcome.PASS, Standing.CONFIRMED),
        (Expectation.WORKS, Outcome.FAIL, Standing.REFUTED),
    ],
)
def test_a_run_of_what_it_speaks_of_confirms_or_refutes_it(
    expectation: Expectation, outcome: Outcome, standing: Standing
) -> None:
    assert _standing(_rule(expectation), _run(1, OLD, speaks=outcome)) is standing


@pytest.mark.parametrize("outcome", [Outcome.SKIP, Outcome.ERROR, Outcome.NOT_REACHED])
def test_what_says_nothing_of_the_software_says_nothing_of_the_prediction(outcome: Outcome) -> None:
    assert _standing(_rule(), _run(1, OLD, speaks=outcome)) is Standing.UNTRIED


def test_a_failure_at_another_capability_is_not_the_one_that_was_predicted() -> None:
    assert _standing(_rule(), _run(1, OLD, installs=Outcome.FAIL, speaks=Outcome.NOT_REACHED)) is Standing.UNTRIED


def test_runs_that_disagree_with_each_other_leave_it_contested() -> None:
    assert (
        _standing(_rule(), _run(2, OLD, speaks=Outcome.PASS), _run(1, OLD, speaks=Outcome.FAIL)) is Standing.CONTESTED
    )


def test_what_is_told_for_information_predicts_nothing() -> None:
    rule = _rule(Expectation.NOTHING)
    book = Expectations(
        [rule], order=lambda _, one: one, line_of=lambda _, one: one, capabilities=("speaks",), today=date(2026, 11, 24)
    )

    assert predictions([rule], [], book) == []
