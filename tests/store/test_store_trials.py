from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.store.samples import HOST, KEY, at, begin, combination, step
from tracker.model import Outcome, RunState, StepResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.model import Combination, EvidenceKey, Trial
    from tracker.store import Store

PASS, FAIL, ERROR, SKIP, NOT_REACHED = Outcome


def _finish(
    store: Store,
    steps: Sequence[StepResult],
    *,
    outcome: Outcome = PASS,
    minutes: float = 0,
    key: EvidenceKey = KEY,
    what: Combination | None = None,
) -> int:
    run = begin(store, what, minutes=minutes, key=key)
    store.finish_run(replace(run, steps=tuple(steps), outcome=outcome))
    return run.id


def _trials(store: Store, host_key: str = HOST) -> dict[str, Trial]:
    return {one.capability: one for one in store.trials(profile="linux", host_key=host_key)}


def test_a_capability_passes_when_all_its_steps_pass_and_clears_what_they_exercised(store: Store) -> None:
    _finish(store, [step("runs", exercises=["containerd"]), step("runs", exercises=["runtime"], name="again")])

    trial = _trials(store)["runs"]

    assert trial.outcome is PASS
    assert {value.factor for value in trial.exercised} == {"containerd", "runtime"}


def test_the_first_step_that_does_not_pass_decides_and_alone_says_what_was_exercised(store: Store) -> None:
    failing = replace(
        step("runs", FAIL, exercises=["runtime"], name="second"),
        cause="GLIBC_2.38 not found",
        cause_name="libc-too-old",
        is_deterministic=True,
        timed_out=True,
    )
    _finish(store, [step("runs"), failing, step("runs", ERROR, name="third")], outcome=FAIL)

    trial = _trials(store)["runs"]

    assert (trial.outcome, trial.reason) == (FAIL, "runs: FAIL")
    assert trial.exercised == {combination()["runtime"]}
    assert (trial.cause, trial.cause_name) == ("GLIBC_2.38 not found", "libc-too-old")
    assert (trial.is_deterministic, trial.timed_out) == (True, True)


def test_absent_values_and_factors_that_the_combination_lacks_are_never_exercised(store: Store) -> None:
    _finish(store, [step("runs", exercises=["containerd", "nerdctl", "image"])])

    assert _trials(store)["runs"].exercised == {combination()["containerd"]}


def test_every_outcome_is_kept_in_chain_order_under_its_own_capability(store: Store) -> None:
    outcomes = {"installs": PASS, "starts": ERROR, "pulls": SKIP, "runs": FAIL, "networks": NOT_REACHED}

    _finish(store, [step(name, outcome) for name, outcome in outcomes.items()], outcome=ERROR)

    assert {name: trial.outcome for name, trial in _trials(store).items()} == outcomes
    assert list(_trials(store)) == list(outcomes)


def test_a_run_that_was_an_error_as_a_whole_says_nothing_of_the_software(store: Store) -> None:
    run = begin(store)
    left_behind = "the run left something behind"
    store.finish_run(replace(run, steps=(step("runs", FAIL),), outcome=ERROR, reason=left_behind))

    found = _trials(store)["runs"]

    assert (found.outcome, found.reason) == (ERROR, left_behind)


def test_trials_carry_their_run_and_its_key(store: Store) -> None:
    other = replace(KEY, scenario_digest="sha256:older")
    first = _finish(store, [step("runs")], minutes=1, key=other)
    second = _finish(store, [step("runs")], minutes=2, what=combination("1.7.24"))

    trials = store.trials(profile="linux", host_key=HOST)

    assert [(one.run_id, one.key, one.started_at) for one in trials] == [(first, other, at(1)), (second, KEY, at(2))]
    assert [one.combination for one in trials] == [combination(), combination("1.7.24")]
    assert trials[0].finished_at == at(1.01)


def test_only_finished_runs_of_this_profile_and_host_count(store: Store) -> None:
    elsewhere = replace(KEY, host_key="libc=2.41")
    _finish(store, [step("runs")], key=elsewhere)
    begin(store, combination("1.6.20"))
    windows = begin(store, profile="windows")
    store.finish_run(windows)

    assert store.trials(profile="linux", host_key=HOST) == ()
    assert [one.key for one in store.trials(profile="linux", host_key="libc=2.41")] == [elsewhere]


def test_judging_reads_no_log(store: Store, store_path: Path) -> None:
    _finish(store, [step("runs")])
    with closing(sqlite3.connect(store_path)) as connection:
        connection.execute("DROP TABLE step_logs")
        connection.execute("DROP TABLE run_logs")

    assert list(_trials(store)) == ["runs"]


def test_an_error_is_recent_until_a_run_of_the_combination_ends_otherwise(store: Store) -> None:
    key = combination().key
    _finish(store, [], outcome=ERROR, minutes=1)
    _finish(store, [], outcome=ERROR, minutes=2)
    assert store.recent_errors(profile="linux", host_key=HOST) == {key: at(2.01)}

    _finish(store, [step("runs", SKIP)], outcome=SKIP, minutes=3)
    assert store.recent_errors(profile="linux", host_key=HOST) == {}

    _finish(store, [], outcome=ERROR, minutes=3.5)
    _finish(store, [step("runs", FAIL)], outcome=FAIL, minutes=4, key=replace(KEY, artifact_digest="sha256:new"))
    assert store.recent_errors(profile="linux", host_key=HOST) == {}

    _finish(store, [], outcome=ERROR, minutes=5)
    assert store.recent_errors(profile="linux", host_key=HOST) == {key: at(5.01)}


def test_errors_of_other_combinations_profiles_and_hosts_are_not_mixed(store: Store) -> None:
    _finish(store, [], outcome=ERROR)
    _finish(store, [step("runs")], minutes=1, what=combination("1.7.24"))
    _finish(store, [step("runs")], minutes=2, key=replace(KEY, host_key="libc=2.41"))

    assert list(store.recent_errors(profile="linux", host_key=HOST)) == [combination().key]
    assert store.recent_errors(profile="windows", host_key=HOST) == {}
    assert store.recent_errors(profile="linux", host_key="libc=2.41") == {}


def test_an_abandoned_run_is_no_error(store: Store) -> None:
    begin(store)
    store.abandon_unfinished(at(1))

    assert [one.state for one in store.runs()] == [RunState.ABANDONED]
    assert store.recent_errors(profile="linux", host_key=HOST) == {}
