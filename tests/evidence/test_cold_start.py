"""Rule 4: no combination is known to be good yet."""

from __future__ import annotations

from tests.evidence.ledger import Ledger, combination
from tracker.evidence.belief import DoubtKind


def test_failures_before_any_known_good_are_unresolved_however_many() -> None:
    ledger = Ledger()
    for _ in range(6):
        ledger.run("3 b y", stops_at="networks")

    verdict = ledger.judge().verdict(combination("3 b y"), "networks")

    assert verdict.kind == "unresolved"
    assert "no combination is known to be good for networks yet" in verdict.sentence
    assert [one.kind for one in ledger.judge().doubts] == [DoubtKind.COLD_START]


def test_a_deterministic_cause_is_believed_at_once_when_the_self_test_passed() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="starts", is_deterministic=True, said="version `GLIBC_2.38' not found")

    verdict = ledger.judge().verdict(combination("3 b y"), "starts")

    assert verdict.kind == "broken"
    assert verdict.cause == "version `GLIBC_2.38' not found"
    assert verdict.sentence == ("Does not work together: 1 run on 2026-11-23 failed: version `GLIBC_2.38' not found")


def test_a_deterministic_cause_is_not_believed_without_the_self_test() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="starts", is_deterministic=True)

    assert ledger.kind("3 b y", "starts", self_test_passed=False) == "unresolved"


def test_known_good_is_asked_for_each_capability_alone() -> None:
    ledger = Ledger()
    ledger.run("2 a x", stops_at="networks")

    judgement = ledger.judge()

    assert judgement.known_good("runs") == (combination("2 a x"),)
    assert judgement.known_good("networks") == ()
    assert judgement.verdict(combination("2 a x"), "networks").kind == "unresolved"


def test_the_first_known_good_is_the_reference_for_the_failures_before_it() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="networks")
    ledger.run("3 b y", stops_at="networks")
    ledger.run("2 a x")

    assert ledger.kind("3 b y", "networks") == "broken"
