"""Rule 2: when a failure is believed."""

from __future__ import annotations

import pytest

from tests.evidence.ledger import MINUTE, Ledger, combination
from tracker.evidence.belief import DoubtKind
from tracker.evidence.flake import reruns_needed


def _doubts(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(one.combination.key, one.capability, one.kind.value) for one in ledger.judge().doubts]


def test_one_failure_is_not_believed() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x")

    assert ledger.kind("3 b y", "runs") == "unresolved"
    assert _doubts(ledger) == [(combination("3 b y").key, "runs", DoubtKind.RERUN)]


def test_a_failed_rerun_without_a_later_reference_is_not_believed() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")

    assert ledger.kind("3 b y", "runs") == "unresolved"
    assert _doubts(ledger) == [(combination("3 b y").key, "runs", DoubtKind.REFERENCE)]


def test_a_failed_rerun_and_a_later_reference_are_believed() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs", said="no such device")
    ledger.run("3 b y", stops_at="runs", said="no such device")
    ledger.run("2 a x")

    verdict = ledger.judge().verdict(combination("3 b y"), "runs")

    assert verdict.kind == "broken"
    assert verdict.sentence == "Does not work together: 2 runs on 2026-11-23 failed: no such device"
    assert verdict.runs == (3, 2)
    assert verdict.cause == "no such device"
    assert _doubts(ledger) == []


def test_a_reference_that_started_before_the_last_rerun_ended_proves_nothing() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    during = ledger.now + MINUTE
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x", started_at=during)

    assert ledger.kind("3 b y", "runs") == "unresolved"


def test_a_reference_for_an_earlier_capability_proves_nothing() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="networks")
    ledger.run("3 b y", stops_at="networks")
    ledger.run("1 a x", stops_at="networks")

    assert ledger.kind("3 b y", "networks") == "unresolved"


def test_one_reference_serves_every_failure_before_it() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    for failing in ("3 b y", "3 a y", "1 b x"):
        ledger.run(failing, stops_at="runs")
        ledger.run(failing, stops_at="runs")
    ledger.run("2 a x")

    assert [ledger.kind(failing, "runs") for failing in ("3 b y", "3 a y", "1 b x")] == ["broken"] * 3


def test_a_deterministic_cause_needs_no_rerun_but_a_reference() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs", is_deterministic=True)
    before = ledger.kind("3 b y", "runs")
    ledger.run("2 a x")

    assert before == "unresolved"
    assert ledger.kind("3 b y", "runs") == "broken"


def test_a_failure_that_a_rerun_does_not_repeat_is_flaky() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y")

    verdict = ledger.judge().verdict(combination("3 b y"), "runs")

    assert verdict.kind == "flaky"
    assert verdict.sentence == "Flaky: of 2 runs on 2026-11-23 1 passed and 1 failed: it broke"


def test_a_capability_that_flakes_often_needs_more_reruns() -> None:
    ledger = Ledger()
    for engine in "12":
        for spec in "xy":
            ledger.run(f"{engine} a {spec}")
            ledger.run(f"{engine} a {spec}", stops_at="runs")
    ledger.run("3 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 a x")
    with_one_rerun = ledger.kind("3 b y", "runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 a x")

    assert with_one_rerun == "unresolved"
    assert ledger.kind("3 b y", "runs") == "broken"


@pytest.mark.parametrize(("rate", "reruns"), [(0.0, 1), (0.05, 1), (0.1, 2), (0.3, 4), (0.4, None)])
def test_reruns_follow_from_the_flake_rate_and_are_at_most_four(rate: float, reruns: int | None) -> None:
    assert reruns_needed(rate) == reruns


def test_without_confidence_after_four_reruns_a_failure_is_unresolved_and_not_flaky() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    for _ in range(30):
        ledger.run("1 a x")
        ledger.run("1 a x", stops_at="runs")
    for _ in range(6):
        ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x")

    assert ledger.kind("3 b y", "runs") == "unresolved"
    assert (combination("3 b y").key, "runs", DoubtKind.TOO_FLAKY) in _doubts(ledger)


def test_a_time_out_is_no_failure_until_a_rerun_with_three_times_the_limit_times_out_too() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs", timed_out=True)
    ledger.run("3 b y", stops_at="runs", timed_out=True)
    ledger.run("2 a x")
    before = ledger.kind("3 b y", "runs"), _doubts(ledger)[0][2]
    ledger.run("3 b y", stops_at="runs", timed_out=True, limit_factor=3.0)
    without_reference = ledger.kind("3 b y", "runs")
    ledger.run("2 a x")

    assert before == ("unresolved", DoubtKind.LONG_RERUN)
    assert without_reference == "unresolved"
    assert ledger.kind("3 b y", "runs") == "broken"


def test_a_time_out_that_passes_with_more_time_works() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="runs", timed_out=True)
    ledger.run("3 b y", limit_factor=3.0)

    assert ledger.kind("3 b y", "runs") == "works"
    assert _doubts(ledger) == []


def test_a_mixed_combination_is_no_reference() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("1 a x")
    ledger.run("1 a x", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("1 a x")

    assert ledger.kind("3 b y", "runs") == "unresolved"
