"""The worlds of ``planner_worlds.py``: what is hidden in them, and what a search that knows nothing would try."""

from __future__ import annotations

import random
import sys
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.evidence.world import Fault, World, axis
from tracker.model import Combination

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model import Axis, Value

KINDS = ("item", "pair", "mix", "range", "item, 5 % flakes", "mix, 5 % flakes")
LAST = "networks"
"""The capability at which everything fails that fails."""
_FLAKES = 0.05
_MOST_SEARCHED = 20_000


def axes_of(count: int, length: int) -> tuple[Axis, ...]:
    """Return ``count`` factors with ``length`` versions each, newest first."""
    return tuple(axis(f"f{place}", *(f"v{length - 1 - one}" for one in range(length))) for place in range(count))


def hidden_world(axes: Sequence[Axis], kind: str, seed: int) -> World:
    """Return a world with faults of one of ``KINDS``; the same for the same arguments."""
    chance = random.Random(f"{kind} {seed} {len(axes)}")  # noqa: S311 # a seeded world, no secret
    faults = kind.partition(",")[0]

    def some(place: int) -> Value:
        """Return one of the newer half of an axis: what is old was sorted out long ago."""
        return axes[place].values[chance.randrange(len(axes[place].values) // 2)]

    first, second, third = chance.sample(range(len(axes)), 3)
    hidden: list[frozenset[Value]] = {
        "item": [frozenset({some(first)})],
        "pair": [frozenset({some(first), some(second)})],
        "mix": [
            frozenset({some(first)}),
            frozenset({some(second), some(third)}),
            frozenset({some(first), some(third)}),
        ],
        "range": [
            frozenset({new, old})
            for new in axes[first].values[:2]
            for old in axes[second].values[len(axes[second].values) // 2 :]
        ],
    }[faults]
    names = frozenset(one.name for one in axes)
    return World(
        axes=tuple(axes),
        exercises={"installs": frozenset({axes[0].name}), LAST: names},
        faults=[Fault(capability=LAST, values=values) for values in _unshadowed(hidden)],
        flake_rate=_FLAKES if "flakes" in kind else 0.0,
        seed=seed,
    )


def _unshadowed(hidden: Sequence[frozenset[Value]]) -> Iterator[frozenset[Value]]:
    """Yield the faults that no smaller one hides: a pair with a part that fails alone can never be told."""
    for values in dict.fromkeys(hidden):
        if not any(other < values for other in hidden):
            yield values


def is_true(values: frozenset[Value], hidden: set[frozenset[Value]], world: World) -> bool:
    """Whether what is blamed is at fault: it is a hidden fault, or all that it could stand for is broken."""
    return values in hidden or all(
        not world.works(Combination.of([*values, *rest])) for rest in _some_rests(values, world.axes)
    )


def _some_rests(values: frozenset[Value], axes: Sequence[Axis]) -> Iterator[list[Value]]:
    chance = random.Random(0)  # noqa: S311 # a sample, no secret
    taken = {value.factor for value in values}
    for _ in range(500):
        yield [chance.choice(one.values) for one in axes if one.name not in taken]


def best_first(world: World) -> tuple[Combination | None, int]:
    """Return the newest set that truly works, and how many sets a search from the newest on tries for it."""
    start = (0,) * len(world.axes)
    queue, seen, tried = [(0, start)], {start}, 0
    while queue and tried < _MOST_SEARCHED:
        _, row = heappop(queue)
        tried += 1
        combination = Combination.of(one.values[place] for one, place in zip(world.axes, row, strict=True))
        if world.works(combination):
            return _newest(world), tried
        for axis_place, place in enumerate(row):
            later = (*row[:axis_place], place + 1, *row[axis_place + 1 :])
            if place + 1 < len(world.axes[axis_place].values) and later not in seen:
                seen.add(later)
                heappush(queue, (sum(later), later))
    return None, tried


def _newest(world: World) -> Combination | None:
    """Return the newest set that truly works, in the lexicographic order of the axes."""
    chosen: list[Value] = []

    def extend(place: int) -> bool:
        if place == len(world.axes):
            return True
        for value in world.axes[place].values:
            chosen.append(value)
            if not any(fault.values <= set(chosen) for fault in world.faults) and extend(place + 1):
                return True
            chosen.pop()
        return False

    return Combination.of(chosen) if extend(0) else None
