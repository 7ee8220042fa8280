"""What is planned, in which order, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.evidence.world import MAX_AGE, RETRY_AFTER, Fault, World, axis, pick
from tracker.evidence.newest import newest_working
from tracker.model import Axis, Job, JobKind, Outcome, Value

AXES = (axis("engine", "4", "3", "2", "1"), axis("runtime", "c", "b", "a"), axis("spec", "y", "x"))
EXERCISES = {"runs": frozenset({"engine", "runtime"}), "networks": frozenset({"engine", "runtime", "spec"})}


def _world(*faults: Fault) -> World:
    return World(axes=AXES, exercises=EXERCISES, faults=faults)


def _value(text: str) -> Value:
    return next(value for one in AXES for value in one.values if str(value) == text)


def _with_newer(newer: str) -> tuple[Axis, ...]:
    factor = AXES[0].factor
    return (Axis(factor=factor, values=(factor.value(newer), *AXES[0].values)), *AXES[1:])


def test_a_cold_start_begins_with_the_newest_and_the_oldest_of_everything() -> None:
    jobs = _world().plan()

    assert [job.combination for job in jobs] == [
        pick(AXES),
        pick(AXES, engine="1", runtime="a", spec="x"),
    ]
    assert {job.reason for job in jobs} == {"No combination is known to work here yet: look for a first one."}


def test_a_cold_start_begins_with_what_worked_under_an_older_key() -> None:
    world = _world()
    world.run(pick(AXES, engine="2", runtime="b"))
    world.scenario = "another"

    assert world.plan()[0].combination == pick(AXES, engine="2", runtime="b")


def test_a_search_leaves_the_values_that_failed() -> None:
    world = _world(*(Fault(capability="runs", values=frozenset({_value(f"runtime={text}")})) for text in "cb"))
    for _ in range(2):
        for job in world.plan(budget_jobs=2):
            world.run(job.combination)

    assert world.judge().known_good("networks")


def test_a_new_version_is_anchored_to_the_newest_known_good_combination_first() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.axes = _with_newer("5")

    jobs = world.plan()

    assert [(job.kind, job.combination) for job in jobs] == [
        (JobKind.ANCHOR, pick(AXES).replace(AXES[0].factor.value("5")))
    ]
    assert jobs[0].reason == "engine=5 is new here: run it with the newest values that are known to be good."


def test_a_new_version_costs_as_many_jobs_as_the_longest_other_axis_has_values() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.axes = _with_newer("5")

    assert world.settle(most_jobs=30) == 3


def test_a_pinned_value_is_anchored_before_newer_ones() -> None:
    world = _world()
    world.run(pick(AXES))

    jobs = world.plan(pins=[_value("runtime=a")])

    assert jobs[0].combination == pick(AXES, runtime="a")


def test_a_sweep_meets_all_pairs() -> None:
    world = _world()
    jobs = world.settle(most_jobs=30)

    assert jobs <= 4 * 3 + 2
    assert _unmet(world) == set()


def test_the_pairs_of_a_value_that_fails_by_itself_come_last_but_come() -> None:
    world = _world(Fault(capability="runs", values=frozenset({_value("runtime=c")}), is_deterministic=True))
    world.run(pick(AXES, runtime="b"))
    world.run(pick(AXES, runtime="c"))
    world.run(pick(AXES, runtime="a"))
    for text in "321":
        world.run(pick(AXES, engine=text, runtime="b"))
    world.run(pick(AXES, runtime="b", spec="x"))

    held: list[bool] = []

    def note(job: Job) -> None:
        if job.kind in {JobKind.SWEEP, JobKind.ISOLATE}:
            held.append(_value("runtime=c") in job.combination)

    world.settle(most_jobs=60, seen=note)

    assert held == sorted(held)
    assert any(held)
    assert not all(held)


def test_a_rerun_is_planned_for_a_failure_and_a_reference_when_nothing_else_can_be_one() -> None:
    axes = (*AXES[:2], axis("spec", "z", "y", "x"))
    world = _world(Fault(capability="runs", values=frozenset({_value("engine=4"), _value("runtime=c")})))
    world.axes = axes
    world.settle(most_jobs=40)
    rows = [pick(axes, engine=text, runtime="b", spec=spec) for text in "4321" for spec in "zyx"]
    failing = next(row for row in rows if not any(trial.combination == row for trial in world.trials))
    world.faults = [*world.faults, Fault(capability="runs", values=frozenset(failing))]
    world.run(failing)

    rerun = world.plan()
    world.run(failing)
    reference = world.plan()
    world.settle(most_jobs=1)

    assert [(job.kind, job.combination) for job in rerun] == [(JobKind.RERUN, failing)]
    assert [job.kind for job in reference] == [JobKind.REFERENCE]
    assert world.judge().verdict(failing, "runs").kind == "broken"


def test_a_failure_that_holds_what_is_blamed_is_not_run_again() -> None:
    axes = (*AXES[:2], axis("spec", "z", "y", "x"))
    world = _world(Fault(capability="runs", values=frozenset({_value("engine=4"), _value("runtime=c")})))
    world.axes = axes
    world.settle(most_jobs=40)
    rows = [pick(axes, spec=text) for text in "zyx"]
    failing = next(row for row in rows if not any(trial.combination == row for trial in world.trials))
    world.run(failing)

    assert world.plan() == ()
    assert world.judge().verdict(failing, "runs").kind == "broken"


def test_three_failures_that_wait_get_a_reference_ahead_of_other_work() -> None:
    world = _world(
        *(
            Fault(capability="runs", values=frozenset({_value(f"engine={text}")}), is_deterministic=True)
            for text in "432"
        )
    )
    world.run(pick(AXES, engine="1"))
    for text in "432":
        world.run(pick(AXES, engine=text))

    first = world.plan()[0]

    assert (first.kind, first.combination) == (JobKind.REFERENCE, pick(AXES, engine="1"))
    assert first.reason == "Known to be good for runs: a pass now shows that 3 failures are not the host's."


def test_an_error_is_retried_after_its_back_off_and_not_before() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.axes = _with_newer("5")
    world.errors = [AXES[0].factor.value("5")]
    anchor = world.plan()[0].combination
    world.run(anchor)

    at_once = [job.combination for job in world.plan()]
    world.now += RETRY_AFTER
    later = [job for job in world.plan() if job.combination == anchor]

    assert anchor not in at_once
    assert [job.kind for job in later] == [JobKind.RETRY]


def test_a_host_on_which_every_run_errs_is_left_alone_until_the_back_off_is_over() -> None:
    world = _world()
    world.errors = [value for one in AXES for value in one.values]

    first = world.settle(most_jobs=10)
    world.now += RETRY_AFTER
    second = world.settle(most_jobs=10)

    assert (first, second) == (2, 4)


def test_a_version_whose_runs_always_err_does_not_keep_others_from_meeting() -> None:
    world = _world()
    world.errors = [_value("engine=4")]
    world.settle(most_jobs=40)

    assert {pair for pair in _unmet(world) if _value("engine=4") not in pair} == set()


def test_an_incident_stops_all_work_but_references_and_those_wait_for_the_back_off() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.axes = _with_newer("5")
    world.is_host_broken = True
    references: list[JobKind] = []
    world.settle(most_jobs=20, seen=lambda job: references.append(job.kind))

    at_once = world.plan()
    world.now += RETRY_AFTER
    later = world.plan()

    assert world.judge().incidents[-1].is_open
    assert at_once == ()
    assert [job.kind for job in later] == [JobKind.REFERENCE]


def test_after_an_incident_the_new_version_is_run_again() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.axes = _with_newer("5")
    newer = AXES[0].factor.value("5")
    world.is_host_broken = True
    world.settle(most_jobs=20)
    world.is_host_broken = False
    world.now += RETRY_AFTER
    world.settle(most_jobs=20)

    judgement = world.judge()

    assert judgement.verdict(pick(AXES).replace(newer), "networks").kind == "works"
    assert not any(incident.is_open for incident in judgement.incidents)


def test_the_newest_working_combination_is_refreshed_when_it_has_aged_and_only_it() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.now += MAX_AGE

    jobs = world.plan()
    world.settle(most_jobs=5)

    assert [(job.kind, job.combination) for job in jobs] == [(JobKind.REFRESH, pick(AXES))]
    assert newest_working(AXES, world.judge(), "networks") == pick(AXES)


def test_the_newest_combination_with_all_pins_is_refreshed_too() -> None:
    world = _world()
    world.settle(most_jobs=30)
    world.now += MAX_AGE
    pins = [_value("engine=1"), _value("runtime=a")]

    refreshed = [job.combination for job in world.plan(pins=pins)]

    assert len(refreshed) == 2
    assert set(pins) <= set(refreshed[1])


def test_what_cannot_be_refreshed_any_more_is_not_tried_for_ever() -> None:
    world = _world()
    world.run(pick(AXES))
    world.scenario = "another"
    world.faults = [Fault(capability="networks", values=frozenset({_value("spec=y")}), is_deterministic=True)]

    world.settle(most_jobs=40)
    world.now += timedelta(days=365)

    assert world.settle(most_jobs=40) <= 3


@pytest.mark.parametrize("budget_jobs", [0, 1, 3])
def test_a_plan_keeps_to_its_budget(budget_jobs: int) -> None:
    world = _world()
    world.run(pick(AXES))

    assert len(world.plan(budget_jobs=budget_jobs)) == budget_jobs


def test_nothing_is_planned_while_an_axis_has_no_live_value() -> None:
    world = _world()
    world.axes = (*AXES[:2], Axis(factor=AXES[2].factor, values=()))

    assert world.plan() == ()


def test_newest_is_told_axis_by_axis_in_their_order() -> None:
    world = _world()
    world.run(pick(AXES, engine="3", runtime="a", spec="x"))
    world.run(pick(AXES, engine="2"))

    assert newest_working(AXES, world.judge(), "networks") == pick(AXES, engine="3", runtime="a", spec="x")


def test_newest_working_needs_all_earlier_capabilities_and_live_values() -> None:
    world = _world(Fault(capability="networks", values=frozenset({_value("engine=4")})))
    world.run(pick(AXES))
    gone = AXES[0].factor.value("9")
    world.run(pick(AXES).replace(gone))

    assert newest_working(AXES, world.judge(), "runs") == pick(AXES)
    assert newest_working(AXES, world.judge(), "networks") is None


def test_every_job_says_why_in_a_sentence() -> None:
    world = _world(Fault(capability="runs", values=frozenset({_value("engine=4"), _value("runtime=c")})))
    reasons: list[str] = []
    world.settle(most_jobs=40, seen=lambda job: reasons.append(job.reason))

    assert all(reason.endswith(".") for reason in reasons)


def _unmet(world: World) -> set[frozenset[Value]]:
    """Return the pairs of live values that were never in one run that ended in PASS or FAIL."""
    errors = {trial.run_id for trial in world.trials if trial.outcome is Outcome.ERROR}
    rows = {trial.combination for trial in world.trials if trial.run_id not in errors}
    wanted = {
        frozenset({one, other})
        for place, first in enumerate(world.axes)
        for second in world.axes[place + 1 :]
        for one in first.values
        for other in second.values
    }
    return {pair for pair in wanted if not any(pair <= set(row) for row in rows)}


def test_a_value_whose_only_run_erred_because_of_its_companion_is_run_with_others() -> None:
    world = _world(Fault(capability="runs", values=frozenset({_value("engine=1")})))
    world.axes = (Axis(factor=AXES[0].factor, values=(_value("engine=4"), _value("engine=1"))), *AXES[1:])
    world.errors = [_value("engine=4")]
    world.settle(most_jobs=40)

    assert any({_value("engine=1"), _value("runtime=c")} <= set(trial.combination) for trial in world.trials)
