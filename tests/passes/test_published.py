"""Which ends of a proof a pass has brought about: those alone count against it."""

from __future__ import annotations

from tests.evidence.ledger import Ledger, combination
from tracker.model import culprit_key
from tracker.passes.published import revoking_run

PAIR = tuple(value for value in combination("3 a y") if value.factor in {"engine", "spec"})
KEY = culprit_key("networks", PAIR)


def _revoking(ledger: Ledger, since_run: int) -> int | None:
    present = [trial for trial in ledger.trials if trial.key == ledger.key(trial.combination)]
    since = max(trial.finished_at for trial in ledger.trials if trial.run_id == since_run)
    return revoking_run(KEY, present, since=since)


def test_a_pass_of_another_combination_with_the_pair_takes_it_back() -> None:
    ledger = Ledger()
    published = ledger.run("3 a y", stops_at="networks")
    passing = ledger.run("3 b y")

    assert _revoking(ledger, published) == passing


def test_a_pass_of_the_failing_combination_itself_takes_it_back() -> None:
    ledger = Ledger()
    published = ledger.run("3 a y", stops_at="networks")
    passing = ledger.run("3 a y")

    assert _revoking(ledger, published) == passing


def test_a_pass_from_before_it_was_published_takes_nothing_back() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    published = ledger.run("3 a y", stops_at="networks")

    assert _revoking(ledger, published) is None


def test_a_pass_of_other_files_or_of_another_test_takes_nothing_back() -> None:
    for changed in ("artifacts", "scenario"):
        ledger = Ledger()
        published = ledger.run("3 a y", stops_at="networks")
        setattr(ledger, changed, "changed")
        ledger.run("3 b y")

        assert _revoking(ledger, published) is None


def test_a_pass_with_one_of_the_two_takes_nothing_back() -> None:
    ledger = Ledger()
    published = ledger.run("3 a y", stops_at="networks")
    ledger.run("3 a x")
    ledger.run("2 a y")

    assert _revoking(ledger, published) is None


def test_a_pass_that_did_not_get_as_far_takes_nothing_back() -> None:
    ledger = Ledger()
    published = ledger.run("3 a y", stops_at="networks")
    ledger.run("3 b y", stops_at="runs")

    assert _revoking(ledger, published) is None
