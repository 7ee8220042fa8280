"""Stacks of parts with hidden rules on larger axes: faults of single values and pairs, and "new A needs newer B"."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.evidence.world import Fault, World, axis
from tracker.model import Combination

if TYPE_CHECKING:
    from tracker.model import Axis, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A hidden truth, and what is known at first.

    Attributes:
        axes: newest first.
        bad: items and pairs that fail.
        start: an older combination that works.
        optimum: the newest combination that works.
    """

    axes: tuple[Axis, ...]
    bad: frozenset[frozenset[Value]]
    start: Combination
    optimum: Combination

    def world(self) -> World:
        """Return a world in which the start has passed."""
        world = World(
            axes=self.axes,
            exercises={"runs": frozenset(axis.name for axis in self.axes)},
            faults=[Fault(capability="runs", values=values, is_deterministic=True) for values in self.bad],
        )
        world.run(self.start)
        return world


def stack(factors: int, versions: int, seed: int, *, rules: int) -> Stack:
    """Return a stack; the same for the same arguments.

    Args:
        factors: how many axes.
        versions: how many values each.
        seed: of all chance.
        rules: how many rules "the newest s values of A need B newer than t", about.
    """
    chance = random.Random(f"{factors} {versions} {seed} {rules}")  # noqa: S311 - a seeded world, no secret
    while True:
        axes = tuple(
            axis(f"f{place}", *(f"{versions - age:02d}" for age in range(versions))) for place in range(factors)
        )
        bad = _bad(chance, [one.values for one in axes], rules)
        start = _older(chance, axes, bad)
        newest = _newest((), axes, bad)
        if start is not None and newest is not None:
            return Stack(axes=axes, bad=bad, start=start, optimum=Combination.of(newest))


def _bad(chance: random.Random, values: list[tuple[Value, ...]], rules: int) -> frozenset[frozenset[Value]]:
    size = len(values[0])
    found: set[frozenset[Value]] = set()
    for _ in range(chance.randrange(2 * len(values))):
        one, other = chance.sample(range(len(values)), 2)
        found.add(frozenset({values[one][chance.randrange(size // 2)], values[other][chance.randrange(size)]}))
    for _ in range(chance.randrange(len(values))):
        found.add(frozenset({values[chance.randrange(len(values))][chance.randrange(size // 2)]}))
    for _ in range(chance.randint(0, 2 * rules)):
        one, other = chance.sample(range(len(values)), 2)
        since, needed = chance.randrange(1, size), chance.randrange(1, size)
        found |= {frozenset({new, old}) for new in values[one][:since] for old in values[other][needed:]}
    return frozenset(found)


def _older(chance: random.Random, axes: tuple[Axis, ...], bad: frozenset[frozenset[Value]]) -> Combination | None:
    for _ in range(500):
        row = [one.values[chance.randrange(len(one.values) // 2, len(one.values))] for one in axes]
        if not any(values <= set(row) for values in bad):
            return Combination.of(row)
    return None


def _newest(
    chosen: tuple[Value, ...], axes: tuple[Axis, ...], bad: frozenset[frozenset[Value]]
) -> tuple[Value, ...] | None:
    if len(chosen) == len(axes):
        return chosen
    for value in axes[len(chosen)].values:
        if {value} in bad or any({value, other} in bad for other in chosen):
            continue
        found = _newest((*chosen, value), axes, bad)
        if found is not None:
            return found
    return None
