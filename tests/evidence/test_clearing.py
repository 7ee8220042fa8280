"""Rule 1: what passes clear."""

from __future__ import annotations

from dataclasses import replace

from tests.evidence.ledger import AXES, Ledger, combination
from tracker.evidence.clearing import clear
from tracker.evidence.field import survey
from tracker.evidence.trials import Row
from tracker.model import ABSENT, Outcome, Value


def _value(text: str) -> Value:
    return next(value for axis in AXES for value in axis.values if str(value) == text)


def test_a_pass_clears_the_items_and_pairs_that_it_exercised() -> None:
    ledger = Ledger()
    ledger.run("3 b y")

    clearings = ledger.judge().clearings("runs")

    assert clearings.values == (_value("engine=3"), _value("runtime=b"))
    assert clearings.has_pair(_value("engine=3"), _value("runtime=b"))
    assert clearings.has_pair(_value("runtime=b"), _value("engine=3"))


def test_a_pass_clears_nothing_that_it_did_not_exercise() -> None:
    ledger = Ledger()
    ledger.run("3 b y")

    clearings = ledger.judge().clearings("runs")

    assert not clearings.has_item(_value("spec=y"))
    assert not clearings.has_pair(_value("engine=3"), _value("spec=y"))


def test_two_passes_do_not_clear_a_pair_across_them() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.run("2 a y")

    clearings = ledger.judge().clearings("runs")

    assert clearings.has_item(_value("engine=3"))
    assert clearings.has_item(_value("runtime=a"))
    assert not clearings.has_pair(_value("engine=3"), _value("runtime=a"))


def test_a_failing_run_clears_for_the_capabilities_that_it_passed() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="networks")

    judgement = ledger.judge()

    assert judgement.clearings("runs").has_item(_value("engine=3"))
    assert judgement.clearings("networks").values == ()


def test_mixed_rows_clear_nothing() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.run("3 b y", stops_at="runs")

    judgement = ledger.judge()

    assert judgement.clearings("runs").values == ()
    assert judgement.clearings("starts").has_item(_value("engine=3"))


def test_a_row_that_is_mixed_at_one_capability_clears_nothing_for_later_ones() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.run("3 b y", stops_at="starts")

    assert ledger.judge().clearings("networks").values == ()


def test_age_never_expires_a_clearing() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    much_later = ledger.now.replace(year=2036)

    assert ledger.judge(now=much_later).clearings("runs").has_item(_value("engine=3"))


def test_other_bytes_and_another_scenario_and_another_host_expire_a_clearing() -> None:
    for change in ("artifacts", "scenario", "host"):
        ledger = Ledger()
        ledger.run("3 b y")
        setattr(ledger, change, "another")

        assert ledger.judge().clearings("runs").values == (), change


def test_an_absent_value_is_never_cleared() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    absent = Value("client", ABSENT)
    trial = ledger.trials[1]
    row = Row(
        combination=trial.combination,
        capability="runs",
        key=trial.key,
        is_current=True,
        trials=(replace(trial, exercised=trial.exercised | {absent}),),
    )

    clearings = clear("runs", survey("runs", [row]).good)

    assert not clearings.has_item(absent)
    assert clearings.has_item(_value("engine=3"))


def test_uncleared_lists_items_before_pairs() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.run("2 a y")

    missing = ledger.judge().clearings("runs").uncleared([_value("engine=1"), _value("engine=2"), _value("runtime=b")])

    assert missing[0] == (_value("engine=1"),)
    assert (_value("engine=2"), _value("runtime=b")) in missing


def test_an_error_clears_what_its_run_had_passed_before() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="networks", with_outcome=Outcome.ERROR)

    assert ledger.judge().verdict(combination("3 b y"), "runs").kind == "works"
    assert ledger.judge().clearings("runs").has_item(_value("engine=3"))
