"""What is run in order to recommend something newer: promising rows first, few of them, and never for ever."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.evidence.stacks import stack
from tests.evidence.world import Fault, World, axis, pick
from tracker.evidence.ascent import PATIENCE
from tracker.evidence.climb import climb
from tracker.evidence.recommend import recommend
from tracker.model import Combination, Exclusion, JobKind, Value, VerdictKind

if TYPE_CHECKING:
    from tests.evidence.stacks import Stack

AXES = (axis("engine", "4", "3", "2", "1"), axis("plugin", "c", "b", "a"), axis("spec", "y", "x"))
EXERCISES = {"runs": frozenset({"engine", "plugin", "spec"})}


def world(*faults: frozenset[Value]) -> World:
    return World(
        axes=AXES,
        exercises=EXERCISES,
        faults=[Fault(capability="runs", values=values, is_deterministic=True) for values in faults],
    )


def value(name: str, text: str) -> Value:
    return next(one for axis in AXES for one in axis.values if one.factor == name and one.text == text)


def first(made: World, **options: object) -> Combination | None:
    job = next(climb(made.axes, made.judge(), **options), None)  # type: ignore[arg-type]
    return job.combination if job else None


def climbed(made: World, *, most_jobs: int) -> list[Combination]:
    """Run the first job of every climb until there is none, and return what was run."""
    done: list[Combination] = []
    while (job := next(climb(made.axes, made.judge()), None)) is not None:
        done.append(job.combination)
        assert len(done) <= most_jobs, job
        made.run(job.combination)
    return done


def test_without_anything_good_there_is_nothing_to_climb_from() -> None:
    made = world()
    assert first(made) is None

    made.faults = [Fault(capability="runs", values=frozenset({value("spec", "y")}))]
    made.run(pick(AXES))

    assert first(made) is None


def test_the_newest_set_leaves_nothing_to_climb() -> None:
    made = world()
    made.run(pick(AXES))

    assert list(climb(AXES, made.judge())) == []


def test_one_value_is_made_newer_at_a_time_the_first_factor_first_and_the_newest_first() -> None:
    made = world()
    made.run(pick(AXES, engine="1", plugin="b"))

    jobs = list(climb(AXES, made.judge()))

    assert jobs[0].combination == pick(AXES, engine="4", plugin="b")
    assert jobs[1].combination == pick(AXES, engine="1", plugin="c")
    assert {job.kind for job in jobs} == {JobKind.CLIMB}
    assert jobs[0].reason == "engine=4 is newer than what is recommended: run it with the rest of that."
    assert len({job.combination for job in jobs[:2]}) == 2


def test_what_is_likely_comes_before_what_is_only_newer() -> None:
    made = world()
    made.run(pick(AXES, engine="1", plugin="b"))
    made.run(pick(AXES, engine="2", plugin="a", spec="x"))
    made.run(pick(AXES, engine="2", plugin="b", spec="x"))
    made.run(pick(AXES, engine="1", plugin="a"))
    made.run(pick(AXES, engine="2", plugin="a"))

    assert first(made) == pick(AXES, engine="2", plugin="b")


def test_after_a_failure_the_value_halfway_is_tried() -> None:
    made = world(*(frozenset({value("engine", new), value("plugin", "a")}) for new in "43"))
    made.run(pick(AXES, engine="1", plugin="a"))
    made.run(pick(AXES, engine="4", plugin="a"))

    assert first(made) == pick(AXES, engine="2", plugin="a")


def test_after_a_failure_what_is_between_it_and_the_base_is_halved_and_nothing_beyond_it() -> None:
    axes = (axis("engine", "7", "6", "5", "4", "3", "2", "1"), axis("spec", "x"))
    made = World(axes=axes, exercises={"runs": frozenset({"engine", "spec"})})
    made.faults = [
        Fault(capability="runs", values=frozenset({axes[0].values[number]}), is_deterministic=True) for number in (0, 3)
    ]
    for engine in "174":
        made.run(pick(axes, engine=engine))

    assert first(made) == pick(axes, engine="2")


def test_what_has_failed_as_a_whole_is_not_likely_for_its_pairs() -> None:
    newest, older = pick(AXES), pick(AXES, engine="3")
    made = world(frozenset(newest))
    for row in ({"engine": "3"}, {"plugin": "b"}, {"spec": "x"}):
        made.run(pick(AXES, **row))
    made.run(newest)
    made.run(older)

    assert made.judge().suspicions[0].suspects == ()
    assert recommend(AXES, made.judge(), ("runs",)).best == pick(AXES, spec="x")
    assert first(made) is None


def test_what_passed_by_hand_against_an_exclusion_makes_no_likely_row() -> None:
    rule = Exclusion(
        one="plugin", one_texts=frozenset({"c"}), other="spec", other_texts=frozenset({"y"}), reason="They cannot."
    )
    made = world()
    for row in ({"engine": "3"}, {"plugin": "c", "spec": "x"}, {"plugin": "b"}):
        made.run(pick(AXES, **row))

    assert first(made) == pick(AXES)
    assert first(made, exclusions=[rule]) is None


def test_what_has_passed_only_where_it_is_not_exercised_is_not_called_likely() -> None:
    made = World(axes=AXES, exercises={"runs": frozenset({"engine"}), "networks": frozenset({"plugin", "spec"})})
    made.run(pick(AXES, engine="3"))

    (job,) = climb(AXES, made.judge(), ("runs", "networks"))

    assert job.combination == pick(AXES)
    assert job.reason.endswith("run it with the rest of that.")


def test_parts_that_move_in_lockstep_are_found_by_making_all_of_them_newest() -> None:
    axes = tuple(axis(name, "3", "2", "1") for name in ("engine", "plugin", "spec"))
    made = World(axes=axes, exercises=EXERCISES)
    engines, _, specs = (one.values for one in axes)
    made.faults = [
        Fault(capability="runs", values=frozenset(values), is_deterministic=True)
        for values in (*((engines[0], old) for old in specs[1:]), *((specs[0], old) for old in engines[1:]))
    ]
    made.run(pick(axes, engine="2", spec="2"))

    assert climbed(made, most_jobs=3) == [
        pick(axes, engine="3", spec="2"),
        pick(axes, engine="2", spec="3"),
        pick(axes),
    ]


def test_company_is_taken_that_passes_with_each_other() -> None:
    axes = (axis("engine", "4", "3"), axis("plugin", "c", "b"), axis("spec", "z", "y", "x"))
    made = World(axes=axes, exercises=EXERCISES)
    made.run(pick(axes, engine="3"))
    made.run(pick(axes, engine="3", plugin="b", spec="x"))
    made.faults = [Fault(capability="runs", values=frozenset(pick(axes)))]
    made.run(pick(axes))

    assert first(made) == pick(axes, plugin="b", spec="x")


def test_a_value_that_fails_in_much_different_company_is_given_up() -> None:
    axes = tuple(axis(name, *map(str, range(12, 0, -1))) for name in ("engine", "plugin", "spec"))
    newest = axes[0].values[0]
    made = World(axes=axes, exercises={"runs": frozenset({"engine", "plugin", "spec"})})
    made.faults = [Fault(capability="runs", values=frozenset({newest}))]
    made.run(pick(axes, engine="11"))

    done = climbed(made, most_jobs=20)

    assert sum(newest in row for row in done) == len(done) == PATIENCE


def test_a_failure_that_later_passed_is_held_against_nobody() -> None:
    made = world()
    made.run(pick(AXES, engine="3"))
    made.faults = [Fault(capability="runs", values=frozenset({value("engine", "4"), value("plugin", "c")}))]
    made.run(pick(AXES))
    assert first(made) != pick(AXES, spec="x")

    made.faults = []
    made.run(pick(AXES))

    assert made.judge().verdict(pick(AXES), "runs").kind is VerdictKind.FLAKY
    assert first(made) == pick(AXES, plugin="b", spec="x")


def test_a_failure_beyond_what_is_needed_counts_for_nothing() -> None:
    exercises = {"runs": frozenset({"engine", "plugin"}), "networks": frozenset({"engine", "plugin"})}
    made = World(axes=AXES, exercises=exercises)
    made.faults = [
        Fault(
            capability="networks",
            values=frozenset({value("engine", "4"), value("plugin", "b")}),
            is_deterministic=True,
        )
    ]
    made.run(pick(AXES, engine="3", plugin="b"))
    made.run(pick(AXES, plugin="b"))

    assert first(made, needs=("runs",)) == pick(AXES)


def test_new_needs_newer_is_found_by_changing_both() -> None:
    made = world(
        *(frozenset({value("engine", "4"), value("plugin", old)}) for old in "ba"),
        *(frozenset({value("plugin", "c"), value("engine", old)}) for old in "321"),
    )
    made.run(pick(AXES, engine="3", plugin="b"))

    done = climbed(made, most_jobs=20)

    assert recommend(AXES, made.judge(), ("runs",)).best == pick(AXES)
    assert len(done) <= 4


def test_what_is_never_recommended_or_excluded_is_not_climbed() -> None:
    made = world()
    made.run(pick(AXES, engine="3"))
    newest = value("engine", "4")
    rule = Exclusion(one="engine", one_texts=frozenset({"4"}), other="spec", reason="They cannot.")

    assert first(made) == pick(AXES)
    assert first(made, never={newest}) is None
    assert first(made, exclusions=[rule]) is None


def test_after_an_error_other_company_is_tried() -> None:
    made = world()
    made.run(pick(AXES, engine="3"))

    assert first(made, waiting={pick(AXES)}) == pick(AXES, plugin="b", spec="x")


def test_what_is_inferred_to_be_broken_is_not_climbed() -> None:
    made = world(frozenset({value("engine", "4")}))
    made.settle(most_jobs=300)

    assert any(culprit.values == (value("engine", "4"),) for culprit in made.judge().culprits)
    assert climbed(made, most_jobs=20) == []


def test_only_what_is_needed_is_climbed_for() -> None:
    made = World(axes=AXES, exercises={"runs": frozenset({"engine"}), "networks": frozenset({"engine", "plugin"})})
    made.faults = [Fault(capability="networks", values=frozenset({value("plugin", "c")}), is_deterministic=True)]
    made.run(pick(AXES, engine="3"))

    assert first(made) == pick(AXES)
    assert first(made, needs=("networks",)) is None


@pytest.mark.parametrize(
    ("factors", "versions", "rules", "worlds_count", "exact", "typical"),
    [
        pytest.param(4, 10, 0, 40, 0.95, 8, id="4x10, single faults and pairs"),
        pytest.param(4, 10, 3, 14, 0.9, 21, id="4x10, parts that move in lockstep"),
        pytest.param(6, 20, 1, 15, 0.93, 21, id="6x20, some new versions need newer ones"),
    ],
)
def test_the_newest_set_is_found_nearly_always_and_in_few_jobs(
    factors: int, versions: int, rules: int, worlds_count: int, exact: float, typical: int
) -> None:
    stacks = [stack(factors, versions, seed, rules=rules) for seed in range(worlds_count)]

    ended = [_jobs_and_result(one) for one in stacks]

    assert sum(best == one.optimum for (_, best), one in zip(ended, stacks, strict=True)) >= exact * len(stacks)
    assert median(jobs for jobs, _ in ended) <= typical


def _jobs_and_result(one: Stack) -> tuple[int, Combination | None]:
    made = one.world()
    jobs = len(climbed(made, most_jobs=400))
    return jobs, recommend(one.axes, made.judge(), ("runs",)).best
