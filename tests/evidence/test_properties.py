"""What holds in every simulated world, with flakes, errors and bad hosts in it."""

from __future__ import annotations

import json
from itertools import combinations, product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.drawing import CAPABILITIES, bound, relaxed, settled, worlds
from tests.evidence.world import RETRY_AFTER
from tracker.evidence.climb import climb
from tracker.evidence.document import from_document, to_document
from tracker.model import Combination, Outcome, VerdictKind

if TYPE_CHECKING:
    from random import Random

    from tests.evidence.world import World
    from tracker.evidence.judgement import Judgement


@relaxed
@given(worlds(has_errors=True, flake_rate=0.1))
def test_nothing_works_without_a_direct_pass_on_the_current_key(world: World) -> None:
    settled(world)
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
@given(worlds(has_errors=True), st.sampled_from([1, 3, 200]))
def test_plans_end_with_every_pair_met_that_can_be(world: World, budget_jobs: int) -> None:
    settled(world, budget_jobs)

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
        world.settle(most_jobs=10 * bound(world))
        assert _broken(world) <= broken_before
        world.now += RETRY_AFTER
    world.is_host_broken = False
    world.settle(most_jobs=10 * bound(world))

    assert _broken(world) <= broken_before


def _broken(world: World) -> set[Combination]:
    return {
        combination
        for combination, verdicts in world.judge().verdicts.items()
        if any(verdict.kind is VerdictKind.BROKEN for verdict in verdicts.values())
    }


@settings(relaxed, max_examples=80)
@given(worlds(has_errors=True, flake_rate=0.2), st.sampled_from([3, 200]), st.randoms(use_true_random=False))
def test_whatever_fails_by_chance_or_ends_in_errors_is_judged_alike_kept_whole_and_comes_to_an_end(
    world: World, budget_jobs: int, random: Random
) -> None:
    world.settle(most_jobs=10 * bound(world), budget_jobs=budget_jobs)
    judgement = world.judge()

    _does_not_depend_on_the_order_of_its_trials(world, judgement, random)
    _survives_json(judgement)
    _what_is_cleared_passed_in_an_unmixed_row(world, judgement)
    _every_climb_ends_and_runs_nothing_twice(world)


def _does_not_depend_on_the_order_of_its_trials(world: World, judgement: Judgement, random: Random) -> None:
    shuffled = list(world.trials)
    random.shuffle(shuffled)
    again = world.judge(shuffled)

    assert again == judgement
    assert json.dumps(to_document(again)) == json.dumps(to_document(judgement))


def _survives_json(judgement: Judgement) -> None:
    assert from_document(json.loads(json.dumps(to_document(judgement))), now=judgement.now) == judgement


def _what_is_cleared_passed_in_an_unmixed_row(world: World, judgement: Judgement) -> None:
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


def _every_climb_ends_and_runs_nothing_twice(world: World) -> None:
    done: list[Combination] = []
    while True:
        waiting = {one for one in done if one.key in world.recent_errors}
        job = next(climb(world.axes, world.judge(), waiting=waiting), None)
        if job is None:
            break
        assert job.combination not in done
        done.append(job.combination)
        world.run(job.combination)
