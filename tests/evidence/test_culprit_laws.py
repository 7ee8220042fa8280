"""What holds of names, proofs and what is inferred from them, in every simulated world."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.test_properties import CAPABILITIES, _bound, _settle, relaxed, worlds
from tracker.model import Combination, CulpritStanding, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.evidence.world import World
    from tracker.model import Value


def _rows(world: World) -> Iterator[Combination]:
    return (Combination.of(values) for values in product(*(one.values for one in world.axes)))


def _fails_at(world: World, row: Combination, capability: str) -> bool:
    """Whether the hidden truth makes ``row`` fail at ``capability`` or before it."""
    reached = CAPABILITIES[: CAPABILITIES.index(capability) + 1]
    return any(fault.capability in reached and fault.values <= set(row) for fault in world.faults)


@settings(relaxed, max_examples=200)
@given(worlds(), st.sampled_from([1, 2, 200]))
def test_inferred_broken_is_never_wrong(world: World, budget_jobs: int) -> None:
    _settle(world, budget_jobs)
    judgement = world.judge()

    for row in _rows(world):
        verdict = judgement.verdict(row, "networks")
        if verdict.kind is VerdictKind.BROKEN and verdict.inferred_from:
            assert not world.works(row), verdict.sentence


@settings(relaxed, max_examples=200)
@given(worlds(), st.sampled_from([1, 3, 200]))
def test_whatever_is_named_or_proved_fails_wherever_it_is(world: World, budget_jobs: int) -> None:
    _settle(world, budget_jobs)

    for culprit in world.judge().culprits:
        holding = [row for row in _rows(world) if culprit.is_in(row)]
        assert holding
        assert all(_fails_at(world, row, culprit.capability) for row in holding), culprit.sentence


@relaxed
@given(worlds())
def test_a_proof_shows_two_failures_that_share_nothing_else(world: World) -> None:
    _settle(world)

    for culprit in world.judge().culprits:
        if culprit.standing is CulpritStanding.PROVED:
            assert culprit.second is not None
            exercised = world.exercises[culprit.capability]
            rows = [
                {value for value in witness.combination if value.factor in exercised}
                for witness in (culprit.failure, culprit.second)
            ]
            assert rows[0] & rows[1] == set(culprit.values)
            assert culprit.failure.combination != culprit.second.combination


@relaxed
@given(worlds())
def test_nothing_that_passes_somewhere_is_blamed_alone(world: World) -> None:
    _settle(world)
    judgement = world.judge()

    for culprit in judgement.culprits:
        passed: set[Value] = set(judgement.clearings(culprit.capability).values)
        assert len(culprit.values) == 2 or culprit.values[0] not in passed


@relaxed
@given(worlds(has_errors=True, flake_rate=0.1), st.sampled_from([1, 3, 200]))
def test_looking_for_culprits_ends(world: World, budget_jobs: int) -> None:
    world.settle(most_jobs=10 * _bound(world), budget_jobs=budget_jobs)
