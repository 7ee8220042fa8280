"""The order of verdicts, their words, and how they are carried down the chain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.evidence.ledger import MAX_AGE, Ledger, combination
from tracker.model import Outcome


def test_a_direct_pass_works_and_says_when() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.run("3 b y")

    verdict = ledger.judge().verdict(combination("3 b y"), "networks")

    assert verdict.kind == "works"
    assert verdict.sentence == "Works: 2 runs on 2026-11-23 passed."
    assert verdict.runs == (2, 1)
    assert verdict.observed_at == ledger.now
    assert verdict.fresh_until == ledger.now + MAX_AGE
    assert verdict.would_change == "A failing run, or none before 2027-02-21."


def test_runs_of_several_days_are_told_from_first_to_last() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.now += timedelta(days=2)
    ledger.run("3 b y")

    verdict = ledger.judge().verdict(combination("3 b y"), "networks")

    assert verdict.sentence == "Works: 2 runs from 2026-11-23 to 2026-11-25 passed."


def test_only_the_kind_changes_with_the_readers_clock() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    fresh_until = ledger.now + MAX_AGE

    fresh = ledger.judge(now=fresh_until - timedelta(seconds=1)).verdict(combination("3 b y"), "runs")
    stale = ledger.judge(now=fresh_until).verdict(combination("3 b y"), "runs")

    assert (fresh.kind, fresh.was) == ("works", "")
    assert (stale.kind, stale.was) == ("stale", "worked")
    assert (fresh.sentence, fresh.runs, fresh.would_change) == (stale.sentence, stale.runs, stale.would_change)


def test_a_believed_failure_that_has_aged_was_broken() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="starts", is_deterministic=True)

    verdict = ledger.judge(now=ledger.now + MAX_AGE).verdict(combination("3 b y"), "networks")

    assert (verdict.kind, verdict.was, verdict.because_of) == ("stale", "was broken", "starts")


@pytest.mark.parametrize("change", ["artifacts", "scenario"])
def test_a_pass_under_an_older_key_is_stale(change: str) -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    setattr(ledger, change, "another")

    verdict = ledger.judge().verdict(combination("3 b y"), "runs")

    assert (verdict.kind, verdict.was) == ("stale", "worked")
    assert verdict.sentence == "Worked: 1 run on 2026-11-23 passed, with other files or an older scenario."


def test_a_believed_failure_under_an_older_key_was_broken_and_an_unbelieved_one_is_nothing() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x")
    ledger.run("1 b y", stops_at="runs")
    ledger.scenario = "another"

    judgement = ledger.judge()

    assert judgement.verdict(combination("3 b y"), "runs").was == "was broken"
    assert judgement.verdict(combination("3 b y"), "networks").was == "was broken"
    assert judgement.verdict(combination("1 b y"), "runs").kind == "untested"


def test_evidence_on_the_current_key_is_taken_first() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.artifacts = "another"
    ledger.run("3 b y", stops_at="runs")

    assert ledger.kind("3 b y", "starts") == "works"
    assert ledger.kind("3 b y", "runs") == "unresolved"


def test_runs_of_another_host_say_nothing_here() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.host = "another"

    assert ledger.kind("3 b y", "runs") == "untested"


def test_only_errors_leave_it_untested_and_say_so() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="starts", with_outcome=Outcome.ERROR)

    judgement = ledger.judge()

    assert judgement.verdict(combination("3 b y"), "starts").sentence == (
        "Untested: 1 run on 2026-11-23 ended in an error of the test or the host: starts: ERROR"
    )
    assert judgement.verdict(combination("3 b y"), "runs").sentence == "Untested: no run got this far."


def test_a_skipped_capability_is_untested_with_the_reason() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="runs", with_outcome=Outcome.SKIP)

    judgement = ledger.judge()

    assert judgement.verdict(combination("3 b y"), "starts").kind == "works"
    assert judgement.verdict(combination("3 b y"), "runs").kind == "untested"
    assert judgement.verdict(combination("3 b y"), "networks").sentence == (
        "Untested: it does not apply here: networks: SKIP"
    )


def test_what_needs_a_broken_capability_is_broken_because_of_it() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="starts", is_deterministic=True, said="no loader")

    verdict = ledger.judge().verdict(combination("3 b y"), "networks")

    assert (verdict.kind, verdict.because_of, verdict.cause) == ("broken", "starts", "no loader")
    assert verdict.sentence == ("networks needs starts. Does not work together: 1 run on 2026-11-23 failed: no loader")


def test_what_needs_an_unresolved_or_flaky_capability_is_so_too() -> None:
    ledger = Ledger()
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 b y", stops_at="runs")
    ledger.run("2 b y")

    judgement = ledger.judge()

    unresolved = judgement.verdict(combination("3 b y"), "networks")
    flaky = judgement.verdict(combination("2 b y"), "networks")
    assert (unresolved.kind, unresolved.because_of) == ("unresolved", "runs")
    assert (flaky.kind, flaky.because_of) == ("flaky", "runs")
    assert judgement.verdict(combination("2 b y"), "starts").kind == "works"


def test_never_run_is_likely_only_when_every_exercised_item_and_pair_is_cleared() -> None:
    ledger = Ledger()
    for passing in ("3 b x", "3 a y"):
        ledger.run(passing)
    before = ledger.judge().verdict(combination("3 b y"), "networks")
    ledger.run("2 b y")

    after = ledger.judge().verdict(combination("3 b y"), "networks")

    assert before.kind == "untested"
    assert before.sentence == "Untested: never run, and runtime=b has not passed networks together with spec=y."
    assert after.kind == "likely"


def test_likely_leaves_out_what_the_capability_does_not_exercise() -> None:
    ledger = Ledger()
    ledger.run("3 b x")

    judgement = ledger.judge()

    assert judgement.verdict(combination("3 b y"), "runs").kind == "likely"
    assert judgement.verdict(combination("3 b y"), "networks").kind == "untested"


def test_never_run_is_not_likely_when_an_earlier_capability_is_not() -> None:
    ledger = Ledger()
    ledger.run("3 b x", stops_at="runs")
    ledger.run("3 b x")

    verdict = ledger.judge().verdict(combination("3 b y"), "networks")

    assert verdict.sentence == "Untested: never run, and runs, which it needs, is untested."


def test_an_unknown_capability_is_an_error() -> None:
    with pytest.raises(KeyError, match="flies"):
        Ledger().judge().verdict(combination("3 b y"), "flies")
