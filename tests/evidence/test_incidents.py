"""Rule 3: when the reference fails."""

from __future__ import annotations

from tests.evidence.ledger import Ledger, combination


def test_a_failing_reference_is_a_suspect_when_another_known_good_passes() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("1 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x", stops_at="runs")
    ledger.run("1 a x")

    assert ledger.judge().incidents == ()
    assert ledger.kind("2 a x", "runs") == "flaky"
    assert ledger.judge().known_good("runs") == (combination("1 a x"),)


def test_when_no_known_good_passes_the_host_is_at_fault_and_nobody_else() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("1 a x")
    for failing in ("3 b y", "3 b y", "2 a x", "1 a x"):
        ledger.run(failing, stops_at="runs")

    judgement = ledger.judge()

    assert [(one.capability, one.is_open, one.runs) for one in judgement.incidents] == [("runs", True, (3, 4, 5, 6))]
    assert ledger.kind("3 b y", "runs") == "unresolved"
    assert ledger.kind("2 a x", "runs") == "works"
    assert set(judgement.known_good("runs")) == {combination("2 a x"), combination("1 a x")}


def test_what_failed_during_an_incident_is_not_believed_after_it_either() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    for failing in ("3 b y", "3 b y", "2 a x"):
        ledger.run(failing, stops_at="runs")
    ledger.run("2 a x")

    incident = ledger.judge().incidents[0]

    assert incident.ended_at == ledger.now
    assert ledger.kind("3 b y", "runs") == "unresolved"
    assert "known to be good failed at the same time" in ledger.judge().verdict(combination("3 b y"), "runs").sentence


def test_a_deterministic_cause_is_not_believed_during_an_incident() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs", is_deterministic=True)
    ledger.run("2 a x", stops_at="runs")

    assert ledger.kind("3 b y", "runs") == "unresolved"


def test_what_was_believed_before_an_incident_stays_believed() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x")
    ledger.run("1 b y", stops_at="runs")
    ledger.run("2 a x", stops_at="runs")

    assert ledger.judge().incidents[0].is_open
    assert ledger.kind("3 b y", "runs") == "broken"


def test_new_failures_after_an_incident_count_again() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x", stops_at="runs")
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x")

    assert ledger.kind("3 b y", "runs") == "broken"


def test_while_nothing_passes_the_host_is_suspected_and_nobody_is_judged() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("1 a x")
    for failing in ("3 b y", "3 b y", "2 a x"):
        ledger.run(failing, stops_at="runs")
    suspected = ledger.judge().incidents[0]
    kinds = ledger.kind("2 a x", "runs"), ledger.kind("3 b y", "runs")
    ledger.run("1 a x")

    assert (suspected.is_open, suspected.is_confirmed) == (True, False)
    assert kinds == ("works", "unresolved")
    assert (ledger.kind("2 a x", "runs"), ledger.kind("3 b y", "runs")) == ("flaky", "unresolved")


def test_three_known_good_combinations_that_fail_are_enough_of_many() -> None:
    ledger = Ledger()
    good = ["1 a x", "1 b x", "2 a x", "2 b x", "3 a x"]
    for one in good:
        ledger.run(one)
    for one in good[:2]:
        ledger.run(one, stops_at="starts")
    before = ledger.judge().incidents[0].is_confirmed
    ledger.run(good[2], stops_at="starts")
    ledger.run(good[3])

    incident = ledger.judge().incidents[0]

    assert not before
    assert incident.is_confirmed
    assert incident.failed_good == tuple(sorted(map(combination, good[:3]), key=lambda one: one.key))
    assert not incident.is_open


def test_a_combination_that_fails_alone_is_flaky_and_no_incident() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("2 a x", stops_at="runs")

    assert ledger.judge().incidents == ()
    assert ledger.kind("2 a x", "runs") == "flaky"


def test_a_host_that_was_bad_before_anything_passed_is_known_by_what_passes_after_it() -> None:
    ledger = Ledger()
    for failing in ("3 a x", "2 a x", "1 a x", "3 b y"):
        ledger.run(failing, stops_at="starts")
    for recovered in ("1 b x", "3 a x", "2 a x", "1 a x"):
        ledger.run(recovered)

    judgement = ledger.judge()

    assert [(one.runs, one.is_open, one.good_count) for one in judgement.incidents] == [((1, 2, 3, 4), False, 3)]
    assert ledger.kind("3 a x", "networks") == "works"
    assert ledger.kind("3 b y", "starts") == "unresolved"
    assert combination("3 b y") in {one.combination for one in judgement.doubts}


def test_two_that_failed_before_anything_passed_show_a_bad_host_only_where_nothing_else_failed_with_them() -> None:
    alone, among_others = Ledger(), Ledger()
    for failing in ("3 a x", "2 a x"):
        alone.run(failing, stops_at="starts")
        among_others.run(failing, stops_at="starts")
    among_others.run("3 b y", stops_at="starts")
    for ledger in (alone, among_others):
        for recovered in ("1 b x", "3 a x", "2 a x"):
            ledger.run(recovered)

    assert [one.runs for one in alone.judge().incidents] == [(1, 2)]
    assert among_others.judge().incidents == ()
    assert among_others.kind("3 a x", "starts") == "flaky"


def test_what_fails_again_after_the_first_pass_of_all_was_not_failed_by_the_host() -> None:
    ledger = Ledger()
    for failing in ("3 a x", "2 a x"):
        ledger.run(failing, stops_at="starts")
    ledger.run("1 b x")
    ledger.run("3 a x", stops_at="starts")
    ledger.run("3 a x")
    ledger.run("2 a x")

    assert ledger.judge().incidents == ()
    assert ledger.kind("3 a x", "starts") == "flaky"


def test_what_came_before_the_first_pass_stays_the_hosts_whatever_fails_later() -> None:
    ledger = Ledger()
    for failing in ("3 a x", "2 a x"):
        ledger.run(failing, stops_at="starts")
    for recovered in ("3 a x", "2 a x"):
        ledger.run(recovered)
    ledger.run("3 a x", stops_at="starts")
    ledger.run("2 a x")

    assert [one.runs for one in ledger.judge().incidents] == [(1, 2)]
    assert ledger.kind("2 a x", "starts") == "works"
    assert ledger.kind("3 a x", "starts") == "flaky"
