"""What holds of every simulated world without flakes, once nothing is left to run."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.drawing import CAPABILITIES, relaxed, settled, worlds
from tracker.evidence.climb import climb
from tracker.evidence.recommend import recommend
from tracker.model import Combination, CulpritStanding, VerdictKind

if TYPE_CHECKING:
    from tests.evidence.world import World
    from tracker.evidence.judgement import Judgement
    from tracker.model import Value


@settings(relaxed, max_examples=80)
@given(worlds(), st.sampled_from([1, 3, 200]))
def test_verdicts_culprits_inferences_recommendations_and_climbs_are_true_in_every_world_that_was_run_to_its_end(
    world: World, budget_jobs: int
) -> None:
    # To run a world costs a hundred times what any of these asks of it.
    settled(world, budget_jobs)
    judgement = world.judge()
    rows = [Combination.of(values) for values in product(*(one.values for one in world.axes))]

    _every_verdict_is_the_truth_and_nothing_stays_unresolved(world, judgement)
    _inferred_broken_is_never_wrong(world, judgement, rows)
    _whatever_is_named_or_proved_fails_wherever_it_is(world, judgement, rows)
    _a_proof_shows_two_failures_that_share_nothing_else(world, judgement)
    _nothing_that_passes_somewhere_is_blamed_alone(judgement)
    _what_is_recommended_works_and_nothing_newer_is_known_to(world, judgement, rows)
    _whatever_is_climbed_is_newer_than_what_is_recommended_and_may_work(world, judgement, rows)


def _every_verdict_is_the_truth_and_nothing_stays_unresolved(world: World, judgement: Judgement) -> None:
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


def _inferred_broken_is_never_wrong(world: World, judgement: Judgement, rows: list[Combination]) -> None:
    for row in rows:
        verdict = judgement.verdict(row, "networks")
        if verdict.kind is VerdictKind.BROKEN and verdict.inferred_from:
            assert not world.works(row), verdict.sentence


def _whatever_is_named_or_proved_fails_wherever_it_is(
    world: World, judgement: Judgement, rows: list[Combination]
) -> None:
    for culprit in judgement.culprits:
        holding = [row for row in rows if culprit.is_in(row)]
        assert holding
        assert all(_fails_at(world, row, culprit.capability) for row in holding), culprit.sentence


def _fails_at(world: World, row: Combination, capability: str) -> bool:
    """Whether the hidden truth makes ``row`` fail at ``capability`` or before it."""
    reached = CAPABILITIES[: CAPABILITIES.index(capability) + 1]
    return any(fault.capability in reached and fault.values <= set(row) for fault in world.faults)


def _a_proof_shows_two_failures_that_share_nothing_else(world: World, judgement: Judgement) -> None:
    for culprit in judgement.culprits:
        if culprit.standing is CulpritStanding.PROVED:
            assert culprit.second is not None
            exercised = world.exercises[culprit.capability]
            rows = [
                {value for value in witness.combination if value.factor in exercised}
                for witness in (culprit.failure, culprit.second)
            ]
            assert rows[0] & rows[1] == set(culprit.values)
            assert culprit.failure.combination != culprit.second.combination


def _nothing_that_passes_somewhere_is_blamed_alone(judgement: Judgement) -> None:
    for culprit in judgement.culprits:
        passed: set[Value] = set(judgement.clearings(culprit.capability).values)
        assert len(culprit.values) == 2 or culprit.values[0] not in passed


def _what_is_recommended_works_and_nothing_newer_is_known_to(
    world: World, judgement: Judgement, rows: list[Combination]
) -> None:
    found = recommend(world.axes, judgement, CAPABILITIES)

    if found.best is None:
        assert not any(judgement.verdict(row, "networks").kind is VerdictKind.WORKS for row in rows)
        return
    assert world.works(found.best)
    newer = rows[: rows.index(found.best)]
    assert not any(judgement.verdict(row, "networks").kind is VerdictKind.WORKS for row in newer)
    for one in found.newer:
        assert one.value in one.combination
        assert one.combination in newer
    if not newer:
        assert found.is_newest_of_all


def _whatever_is_climbed_is_newer_than_what_is_recommended_and_may_work(
    world: World, judgement: Judgement, rows: list[Combination]
) -> None:
    best = recommend(world.axes, judgement, ("networks",)).best
    climbed = [job.combination for job in climb(world.axes, judgement, ("networks",))]

    assert best is not None or not climbed
    for combination in climbed:
        assert best is not None
        assert rows.index(combination) < rows.index(best)
        assert not any(culprit.is_in(combination) for culprit in judgement.culprits)
