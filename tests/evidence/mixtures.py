"""Worlds in which faults of all kinds are mixed: parts, pairs, trios, ranges, at any capability, beside exclusions."""

from __future__ import annotations

import random
from itertools import combinations, product
from typing import TYPE_CHECKING

from tests.evidence.world import Fault, World, axis
from tracker.model import ABSENT, Combination, Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Axis, Value

SIZES = ((2, 2), (2, 2, 2), (1, 9), (9, 1, 2), (3, 5, 3, 2), (4, 4, 3), (1, 2, 7, 2), (3, 3, 3, 2), (5, 5), (6, 3, 3))


def mixture(seed: int, *, has_trio: bool = False, flake_rate: float = 0.0) -> World:
    """Return a world; the same for the same arguments."""
    chance = random.Random(f"mixture {seed}")  # noqa: S311 # a seeded world, no secret
    axes = tuple(_axis(chance, f"f{place}", size) for place, size in enumerate(chance.choice(SIZES)))
    names = [one.name for one in axes]
    parts = [frozenset(chance.sample(names, chance.randint(1, len(names)))) for _ in range(chance.randint(0, 3))]
    exercises = {f"c{place}": part for place, part in enumerate((*parts, frozenset(names)))}
    is_deterministic = chance.random() < 0.5  # half of all worlds
    world = World(axes=axes, exercises=exercises, seed=seed, flake_rate=flake_rate)
    hidden = [*_some(chance, world, 1, 2), *_some(chance, world, 2, 3), *_range(chance, world)]
    hidden += _some(chance, world, 3, 1) if has_trio else []
    world.faults = [
        Fault(capability=capability, values=values, is_deterministic=is_deterministic) for capability, values in hidden
    ]
    world.exclusions = [_exclusion(chance, axes) for _ in range(chance.choice((0, 0, 1, 3)))]
    return world


def rows(world: World) -> Iterator[Combination]:
    """Yield every combination of live values that no exclusion forbids."""
    for values in product(*(one.values for one in world.axes)):
        if not any(rule.forbids(one, other) for rule in world.exclusions for one, other in combinations(values, 2)):
            yield Combination.of(values)


def fails_at(world: World, row: Combination) -> str:
    """Return the first capability that the hidden truth lets ``row`` fail at; empty where it passes everything."""
    broken = {fault.capability for fault in world.faults if fault.values <= set(row)}
    return next((capability for capability in world.exercises if capability in broken), "")


def _axis(chance: random.Random, name: str, size: int) -> Axis:
    versions = [f"{size - age}" for age in range(size)]
    return axis(name, *versions, *([ABSENT] if chance.random() < 0.15 else []))  # few factors can be missing


def _present(one: Axis) -> list[Value]:
    return [value for value in one.values if not value.is_absent]


def _some(chance: random.Random, world: World, size: int, most: int) -> Iterator[tuple[str, frozenset[Value]]]:
    for _ in range(chance.randint(0, most)):
        capability = chance.choice(list(world.exercises))
        able = [one for one in world.axes if one.name in world.exercises[capability]]
        if len(able) >= size:
            yield capability, frozenset(chance.choice(_present(one)) for one in chance.sample(able, size))


def _range(chance: random.Random, world: World) -> Iterator[tuple[str, frozenset[Value]]]:
    """Yield the pairs of "the newest of one part need a newer other part", in a third of all worlds."""
    new, old = (_present(one) for one in chance.sample(world.axes, 2))
    if chance.randrange(3) or min(len(new), len(old)) < 2:  # nothing newer or older
        return
    last = list(world.exercises)[-1]
    for pair in product(new[: chance.randint(1, len(new) - 1)], old[chance.randint(1, len(old) - 1) :]):
        yield last, frozenset(pair)


def _exclusion(chance: random.Random, axes: tuple[Axis, ...]) -> Exclusion:
    one, other = (chance.choice(_present(found)) for found in chance.sample(axes, 2))
    return Exclusion(
        one=one.factor,
        one_texts=frozenset({one.text}),
        other=other.factor,
        other_texts=frozenset({other.text}),
        reason="They mean nothing together.",
    )
