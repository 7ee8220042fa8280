"""What is declared speaks only where nobody has tried."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.evidence.declared import Expectations
from tracker.model import (
    Combination,
    Condition,
    Declaration,
    DeclarationKind,
    Expectation,
    Factor,
    Verdict,
    VerdictKind,
)
from tracker.passes.declaring import with_expectations

if TYPE_CHECKING:
    from tracker.protocols.ordering import Comparable

TOOL, DAEMON = (
    Factor(name="tool", title="", components=("tool",)),
    Factor(name="daemon", title="", components=("daemon",)),
)
COMBINATION = Combination.of([TOOL.value("2.3"), DAEMON.value("1.7")])


def _order(_component: str, version: str) -> Comparable:
    return tuple(int(part) for part in version.split("."))


def _book(expectation: Expectation) -> Expectations:
    said = Declaration(
        id="sentence",
        kind=DeclarationKind.STATED,
        expectation=expectation,
        conditions=(Condition(name="tool", any_of=("2.3",)), Condition(name="daemon", any_of=("1.7",))),
        sentence="tool 2.3 is meant for daemon 1.7",
        provenance="its release notes",
    )
    return Expectations([said], order=_order, line_of=lambda *_: "", capabilities=("starts",), today=date(2026, 11, 24))


def _verdict(kind: VerdictKind, *runs: int) -> Verdict:
    return Verdict(combination=COMBINATION, capability="starts", kind=kind, sentence="As it was.", runs=runs)


@pytest.mark.parametrize(
    ("said", "kind"), [(Expectation.WORKS, VerdictKind.EXPECTED), (Expectation.FAILS, VerdictKind.DOUBTFUL)]
)
def test_what_was_never_tried_says_what_is_declared_and_whose_word_it_is(said: Expectation, kind: VerdictKind) -> None:
    found = with_expectations({"starts": _verdict(VerdictKind.UNTESTED)}, _book(said))["starts"]

    assert found.kind is kind
    assert "its release notes" in found.sentence


@pytest.mark.parametrize("kind", [kind for kind in VerdictKind if kind is not VerdictKind.UNTESTED])
def test_nothing_that_was_seen_or_inferred_gives_way(kind: VerdictKind) -> None:
    verdict = _verdict(kind)

    assert with_expectations({"starts": verdict}, _book(Expectation.FAILS)) == {"starts": verdict}


def test_a_run_that_told_nothing_is_not_painted_over() -> None:
    verdict = _verdict(VerdictKind.UNTESTED, 7)

    assert with_expectations({"starts": verdict}, _book(Expectation.WORKS)) == {"starts": verdict}


def test_where_nothing_is_declared_the_verdict_stays() -> None:
    verdict = _verdict(VerdictKind.UNTESTED)

    assert with_expectations({"starts": verdict}, _book(Expectation.NOTHING)) == {"starts": verdict}
