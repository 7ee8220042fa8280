"""How many runs the planner needs to find out who is at fault, and what to recommend, in simulated worlds.

``python benchmarks/planner_worlds.py [SEEDS] [SIZE ...]`` (5 seeds of 4x10, 6x20 and 10x10 by default; covertable is
needed beside what the tests need). It uses all cores and ends with 1 when a bound is broken; see ``_broken_bounds``.
Each seed hides faults of one kind among the values: an item, a pair, an item and
two pairs, a range ("the newest two need a newer second part"), or one of those under 5 % flakes. Told are, as medians:

- ``first``: runs until something is known to work
- ``blame``: runs until every fault is named or proved, and in how many worlds that was so at the end
- ``best``: runs until the newest set that truly works is known to work
- ``all``: runs until nothing is left to plan
- ``exact``: share of seeds in which the newest working set is the true optimum at the end
- ``false``: names and proofs of something that fits, over all seeds

Yardsticks in the same run: the rows of a full pairwise suite by covertable, which tells that something fails and not
why; and exhaustive best-first search, which tries sets from the newest on until one works.
"""

from __future__ import annotations

import random
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from covertable import make

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.evidence.world import Fault, World, axis
from tracker.evidence.newest import newest_working
from tracker.model import Combination

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model import Axis, Value

SIZES = ("4x10", "6x20", "10x10")
KINDS = ("item", "pair", "mix", "range", "item, 5 % flakes", "mix, 5 % flakes")
_FLAKES = 0.05
_LAST = "networks"
_MOST_RUNS = 3000
_MOST_SEARCHED = 20_000
_EXACT = 0.95
"""The share of worlds, at least, in which the newest set that works is found, where nothing is flaky."""
_FALSE_WITH_FLAKES = 0.1
"""False names for each world, at most, where one run in twenty fails for no reason."""


@dataclass(slots=True, kw_only=True)
class Played:
    """What came of one world; counts of runs, ``None`` for what never happened."""

    first: int | None = None
    blame: int | None = None
    best: int | None = None
    all: int = 0
    is_exact: bool = False
    false: int = 0


def main() -> int:
    """Play all worlds, print a table for each size and return 1 when a bound is broken."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    broken: list[str] = []
    with ProcessPoolExecutor() as pool:
        for size in sys.argv[2:] or SIZES:
            axes = _axes(*map(int, size.split("x")))
            rows = len(make([list(one.values) for one in axes]))
            print(f"{size}: {seeds} seeds of each kind; full pairwise suite by covertable: {rows} rows")
            titles = ("first", "blame", "told", "best", "all", "exact", "false", "search")
            print(f"  {'faults':18}" + "".join(f"{title:>7}" for title in titles), flush=True)
            for kind in KINDS:
                games = list(pool.map(_game, [(size, kind, seed) for seed in range(seeds)]))
                played = [one for one, _ in games]
                print(_line(kind, played, [searched for _, searched in games]), flush=True)
                broken += [f"{size}, {kind}: {what}" for what in _broken_bounds(kind, played)]
    print("\n".join(("bounds broken:", *broken)) if broken else "all bounds hold")
    return 1 if broken else 0


def _game(asked: tuple[str, str, int]) -> tuple[Played, int]:
    """Return what came of one world, and how many sets exhaustive search tries in it."""
    size, kind, seed = asked
    world = _world(_axes(*map(int, size.split("x"))), kind, seed)
    return _play(world), _best_first(world)[1]


def _broken_bounds(kind: str, played: Sequence[Played]) -> Iterator[str]:
    """Yield what does not hold: every plan ends; without flakes every fault is told, nothing else, and the best set."""
    if any(one.all >= _MOST_RUNS for one in played):
        yield f"a plan has no end within {_MOST_RUNS} runs"
    false = sum(one.false for one in played)
    if "flakes" in kind:
        if false > _FALSE_WITH_FLAKES * len(played):
            yield f"{false} false names in {len(played)} worlds with flakes"
        return
    if false:
        yield f"{false} false names"
    if any(one.blame is None for one in played):
        yield "a fault is not told"
    if sum(one.is_exact for one in played) < _EXACT * len(played):
        yield "the newest set that works is missed too often"


def _line(kind: str, played: Sequence[Played], searched: Sequence[int]) -> str:
    firsts, blames, bests = (
        [getattr(one, name) for one in played if getattr(one, name) is not None] for name in ("first", "blame", "best")
    )
    exact = sum(one.is_exact for one in played) / len(played)
    return (
        f"  {kind:18} {_median(firsts)} {_median(blames)} {len(blames) / len(played):6.0%} {_median(bests)}"
        f" {median(one.all for one in played):6.0f} {exact:6.0%} {sum(one.false for one in played):6}"
        f" {median(searched):6.0f}"
    )


def _median(counts: Sequence[int]) -> str:
    return f"{median(counts):6.0f}" if counts else f"{'-':>6}"


def _axes(count: int, length: int) -> tuple[Axis, ...]:
    return tuple(axis(f"f{place}", *(f"v{length - 1 - one}" for one in range(length))) for place in range(count))


def _world(axes: Sequence[Axis], kind: str, seed: int) -> World:
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
        exercises={"installs": frozenset({axes[0].name}), _LAST: names},
        faults=[Fault(capability=_LAST, values=values) for values in _unshadowed(hidden)],
        flake_rate=_FLAKES if "flakes" in kind else 0.0,
        seed=seed,
    )


def _unshadowed(hidden: Sequence[frozenset[Value]]) -> Iterator[frozenset[Value]]:
    """Yield the faults that no smaller one hides: a pair with a part that fails alone can never be told."""
    for values in dict.fromkeys(hidden):
        if not any(other < values for other in hidden):
            yield values


def _play(world: World) -> Played:
    """Run plans of two jobs, as a machine with two lanes does, until one is empty."""
    optimum, _ = _best_first(world)
    hidden = {fault.values for fault in world.faults}
    played = Played()
    judgement = world.judge()
    while world.run_count < _MOST_RUNS and (planned := world.plan(budget_jobs=2, judgement=judgement)):
        for job in planned:
            world.run(job.combination, job.limit_factor)
        judgement = world.judge()
        blamed = {frozenset(one.values) for one in judgement.culprits}
        if played.first is None and judgement.known_good(_LAST):
            played.first = world.run_count
        if played.blame is None and hidden <= blamed:
            played.blame = world.run_count
        if played.best is None and optimum in judgement.known_good(_LAST):
            played.best = world.run_count
    played.all = world.run_count
    played.is_exact = newest_working(world.axes, judgement, _LAST) == optimum
    played.false = sum(not _is_true(frozenset(one.values), hidden, world) for one in judgement.culprits)
    return played


def _is_true(values: frozenset[Value], hidden: set[frozenset[Value]], world: World) -> bool:
    """Whether what is blamed is at fault: it is a hidden fault, or all that it could stand for is broken."""
    return values in hidden or all(
        not world.works(Combination.of([*values, *rest])) for rest in _some_rests(values, world.axes)
    )


def _some_rests(values: frozenset[Value], axes: Sequence[Axis]) -> Iterator[list[Value]]:
    chance = random.Random(0)  # noqa: S311 # a sample, no secret
    taken = {value.factor for value in values}
    for _ in range(500):
        yield [chance.choice(one.values) for one in axes if one.name not in taken]


def _best_first(world: World) -> tuple[Combination | None, int]:
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


if __name__ == "__main__":
    sys.exit(main())
