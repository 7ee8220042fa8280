"""What holds where faults of all kinds are mixed: nothing innocent is blamed, nothing that can be told is missed."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from tests.evidence.mixtures import fails_at, mixture, rows
from tests.evidence.world import RETRY_AFTER
from tracker.model import Axis, VerdictKind

if TYPE_CHECKING:
    from tests.evidence.world import Fault, World
    from tracker.evidence.judgement import Judgement
    from tracker.model import Combination, Value

MOST_JOBS = 900


def _is_innocent_blamed(world: World, judgement: Judgement) -> list[str]:
    chain = list(world.exercises)
    return [
        culprit.sentence
        for culprit in judgement.culprits
        for row in rows(world)
        if culprit.is_in(row) and fails_at(world, row) not in chain[: chain.index(culprit.capability) + 1]
    ]


def _missed(world: World, judgement: Judgement) -> list[str]:
    """Return the hidden faults that can be told from all else, and that nobody is blamed for."""
    everything = list(rows(world))
    known = {name for name in world.exercises if any(_passes(world, row, name) for row in everything)}
    return [
        " ".join(map(str, fault.values))
        for fault in world.faults
        if fault.capability in known
        and any(_tells(world, fault, row, everything) for row in everything)
        and not _is_explained(world, fault, judgement, everything)
    ]


def _tells(world: World, fault: Fault, row: Combination, everything: list[Combination]) -> bool:
    """Whether ``row`` fails for ``fault``, and all else in it that is exercised passes elsewhere."""
    if not fault.values <= set(row) or fails_at(world, row) != fault.capability:
        return False
    exercised = [value for value in row if value.factor in world.exercises[fault.capability] and not value.is_absent]
    others: list[tuple[Value, ...]] = [(value,) for value in exercised]
    others += combinations(exercised, 2)
    left = [
        one for one in others if set(one) != fault.values and not (len(fault.values) == 1 and fault.values <= set(one))
    ]
    return all(
        any(set(one) <= set(good) and _passes(world, good, fault.capability) for good in everything) for one in left
    )


def _passes(world: World, row: Combination, capability: str) -> bool:
    chain = list(world.exercises)
    failed = fails_at(world, row)
    return not failed or chain.index(failed) > chain.index(capability)


def _is_explained(world: World, fault: Fault, judgement: Judgement, everything: list[Combination]) -> bool:
    held = [row for row in everything if fault.values <= set(row) and fails_at(world, row) == fault.capability]
    return all(any(set(culprit.values) <= set(row) for culprit in judgement.culprits) for row in held)


@pytest.mark.parametrize("seed", range(45))
def test_in_a_mixture_whatever_can_be_told_is_and_nothing_innocent_is_blamed(seed: int) -> None:
    world = mixture(seed)

    world.settle(most_jobs=MOST_JOBS, budget_jobs=(1, 3, 200)[seed % 3])

    judgement = world.judge()
    assert _is_innocent_blamed(world, judgement) == []
    assert _missed(world, judgement) == []
    for row in rows(world):
        for capability in world.exercises:
            verdict = judgement.verdict(row, capability)
            if verdict.kind is VerdictKind.BROKEN:
                assert not _passes(world, row, capability), verdict.sentence


@pytest.mark.parametrize("seed", range(100, 115))
def test_beside_a_fault_of_three_parts_nothing_innocent_is_blamed(seed: int) -> None:
    world = mixture(seed, has_trio=True)

    world.settle(most_jobs=MOST_JOBS)

    assert _is_innocent_blamed(world, world.judge()) == []


@pytest.mark.parametrize("seed", range(200, 212))
def test_new_versions_other_bytes_and_a_bad_host_in_between_change_nothing_of_that(seed: int) -> None:
    world = mixture(seed)
    whole = world.axes
    world.axes = tuple(Axis(factor=one.factor, values=one.values[min(1, len(one.values) - 1) :]) for one in whole)
    for job in world.plan(20):
        world.run(job.combination)
    world.is_host_broken = True
    world.settle(most_jobs=60)
    world.is_host_broken, world.now = False, world.now + RETRY_AFTER
    world.settle(most_jobs=60)
    world.axes, world.artifacts = whole, "b"
    world.settle(most_jobs=MOST_JOBS)
    world.scenario = "t"
    assert not any(found.kind is VerdictKind.WORKS for one in world.judge().verdicts.values() for found in one.values())
    world.settle(most_jobs=MOST_JOBS)

    assert _is_innocent_blamed(world, world.judge()) == []
    assert _missed(world, world.judge()) == []
