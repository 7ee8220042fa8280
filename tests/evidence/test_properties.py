"""What holds in every simulated world."""

from __future__ import annotations

import json
from itertools import combinations, product
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.world import RETRY_AFTER, Fault, World, axis
from tracker.evidence.document import from_document, to_document
from tracker.model import Combination, Outcome, VerdictKind

if TYPE_CHECKING:
    from tracker.model import Job, Value

CAPABILITIES = ("installs", "runs", "networks")
relaxed = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def worlds(draw: st.DrawFn, *, has_errors: bool = False, flake_rate: float = 0.0) -> World:
    """Draw a host with two to four factors, item and pair faults, and perhaps values that always err."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    axes = tuple(axis(f"f{place}", *(f"v{number}" for number in range(size))) for place, size in enumerate(sizes))
    names = [one.name for one in axes]
    exercises = {
        "installs": frozenset(draw(st.sets(st.sampled_from(names), min_size=1))),
        "runs": frozenset(draw(st.sets(st.sampled_from(names), min_size=1))),
        "networks": frozenset(names),
    }
    faults = draw(
        st.lists(_faults(axes_values={one.name: one.values for one in axes}, exercises=exercises), max_size=4)
    )
    everything = [value for one in axes for value in one.values]
    errors = draw(st.lists(st.sampled_from(everything), max_size=1)) if has_errors else []
    return World(
        axes=axes,
        exercises=exercises,
        faults=faults,
        errors=errors,
        flake_rate=flake_rate,
        seed=draw(st.integers(0, 1000)),
        self_test_passed=draw(st.booleans()),
    )


@st.composite
def _faults(
    draw: st.DrawFn, *, axes_values: dict[str, tuple[Value, ...]], exercises: dict[str, frozenset[str]]
) -> Fault:
    capability = draw(st.sampled_from(CAPABILITIES))
    names = draw(st.sets(st.sampled_from(sorted(exercises[capability])), min_size=1, max_size=2))
    values = frozenset(draw(st.sampled_from(axes_values[name])) for name in sorted(names))
    return Fault(capability=capability, values=values, is_deterministic=draw(st.booleans()))


def _bound(world: World) -> int:
    """Return a generous bound: each row at most thrice as often as the rules could ever ask for."""
    sizes = [len(one.values) for one in world.axes]
    pairs = sum(one * other for one, other in combinations(sizes, 2))
    return 12 * pairs + 40


def _settle(world: World, budget_jobs: int = 200) -> list[Job]:
    """Run plans until one is empty, and once more after the back-off of errors."""
    done: list[Job] = []
    world.settle(most_jobs=_bound(world), budget_jobs=budget_jobs, seen=done.append)
    world.now += RETRY_AFTER
    world.settle(most_jobs=_bound(world), budget_jobs=budget_jobs, seen=done.append)
    return done


@relaxed
@given(worlds(has_errors=True, flake_rate=0.1))
def test_nothing_works_without_a_direct_pass_on_the_current_key(world: World) -> None:
    _settle(world)
    world.artifacts = "rebuilt"
    for job in world.plan(budget_jobs=2):
        world.run(job.combination)
    judgement = world.judge()

    passed = {
        (trial.combination, trial.capability)
        for trial in world.trials
        if trial.outcome is Outcome.PASS and trial.key == world.key(trial.combination)
    }
    for values in product(*(one.values for one in world.axes)):
        combination = Combination.of(values)
        for capability in CAPABILITIES:
            if judgement.verdict(combination, capability).kind is VerdictKind.WORKS:
                assert (combination, capability) in passed


@relaxed
@given(worlds(has_errors=True, flake_rate=0.2), st.randoms(use_true_random=False))
def test_a_judgement_does_not_depend_on_the_order_of_its_trials(world: World, random: object) -> None:
    world.settle(most_jobs=_bound(world), budget_jobs=3)
    shuffled = list(world.trials)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert world.judge(shuffled) == world.judge()
    assert json.dumps(to_document(world.judge(shuffled))) == json.dumps(to_document(world.judge()))


@relaxed
@given(worlds(flake_rate=0.3))
def test_what_is_cleared_passed_in_an_unmixed_row(world: World) -> None:
    world.settle(most_jobs=10 * _bound(world))
    judgement = world.judge()

    for capability in CAPABILITIES:
        sound = {
            one.combination
            for one in world.trials
            if judgement.verdict(one.combination, capability).kind is VerdictKind.WORKS
        }
        clearings = judgement.clearings(capability)
        for one, other in combinations(clearings.values, 2):
            if clearings.has_pair(one, other):
                assert any(one in row and other in row for row in sound)


@relaxed
@given(worlds(), st.sampled_from([1, 2, 5, 200]))
def test_without_flakes_every_verdict_is_the_truth_and_nothing_stays_unresolved(world: World, budget_jobs: int) -> None:
    _settle(world, budget_jobs)
    judgement = world.judge()

    for combination in judgement.verdicts:
        verdict = judgement.verdict(combination, "networks")
        if verdict.kind is VerdictKind.WORKS:
            assert world.works(combination)
        elif verdict.kind is VerdictKind.BROKEN:
            assert not world.works(combination)
        else:
            decisive = verdict.because_of or verdict.capability
            assert verdict.kind is VerdictKind.UNRESOLVED
            assert not judgement.known_good(decisive)


@relaxed
@given(worlds(has_errors=True), st.sampled_from([1, 3, 200]))
def test_plans_end_with_every_pair_met_that_can_be(world: World, budget_jobs: int) -> None:
    _settle(world, budget_jobs)

    errors = set(world.errors)
    rows = [set(trial.combination) for trial in world.trials if trial.outcome is not Outcome.ERROR]
    rows = [row for row in rows if not row & errors]
    possible = [tuple(value for value in one.values if value not in errors) for one in world.axes]
    if all(possible):
        for first, second in combinations(possible, 2):
            for pair in product(first, second):
                assert any(set(pair) <= row for row in rows), pair


@relaxed
@given(worlds(has_errors=True, flake_rate=0.1), st.sampled_from([1, 2, 7]))
def test_plans_are_deterministic_within_budget_and_without_doubles(world: World, budget_jobs: int) -> None:
    for _ in range(6):
        planned = world.plan(budget_jobs)
        assert planned == world.plan(budget_jobs)
        assert len(planned) <= budget_jobs
        assert len({job.combination for job in planned}) == len(planned)
        for job in planned:
            world.run(job.combination, job.limit_factor)


@relaxed
@given(worlds(flake_rate=0.1), st.integers(0, 30))
def test_a_host_that_breaks_everything_never_paints_software_broken(world: World, good_runs: int) -> None:
    world.faults = ()
    while world.run_count < good_runs and (planned := world.plan(budget_jobs=1)):
        world.run(planned[0].combination, planned[0].limit_factor)
    broken_before = _broken(world)
    world.flake_rate = 0.0
    world.is_host_broken = True
    for _ in range(4):
        world.settle(most_jobs=10 * _bound(world))
        assert _broken(world) <= broken_before
        world.now += RETRY_AFTER
    world.is_host_broken = False
    world.settle(most_jobs=10 * _bound(world))

    assert _broken(world) <= broken_before


def _broken(world: World) -> set[Combination]:
    return {
        combination
        for combination, verdicts in world.judge().verdicts.items()
        if any(verdict.kind is VerdictKind.BROKEN for verdict in verdicts.values())
    }


@relaxed
@given(worlds(has_errors=True, flake_rate=0.2))
def test_every_judgement_survives_json(world: World) -> None:
    world.settle(most_jobs=10 * _bound(world))
    judgement = world.judge()

    assert from_document(json.loads(json.dumps(to_document(judgement))), now=judgement.now) == judgement
