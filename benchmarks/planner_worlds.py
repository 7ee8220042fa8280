"""How many runs the planner needs to find out who is at fault, and what to recommend, in simulated worlds.

``python benchmarks/planner_worlds.py [SEEDS] [SIZE ...]`` (by default 3 seeds of 4x10 and of 10x10 and 1 of 6x20;
covertable is needed beside what the tests need). It uses all cores and ends with 1 when a bound is broken; see
``_broken_bounds``. Each seed hides faults of one kind among the values: an item, a pair, an item and two pairs, a range
("the newest two need a newer second part"), or one of those under 5 % flakes. Told are, as medians:

- ``first``: runs until something is known to work
- ``blame``: runs until every fault is named or proved, and in how many worlds that was so at the end
- ``best``: runs until the newest set that truly works is known to work
- ``all``: runs until nothing is left to plan
- ``exact``: share of seeds in which the newest working set is the true optimum at the end
- ``false``: names and proofs of something that fits, over all seeds
- ``ms``: processor time of one judgement and one plan, the mean over all of them

Yardsticks in the same run: the rows of a full pairwise suite by covertable, which tells that something fails and not
why; and exhaustive best-first search, which tries sets from the newest on until one works.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from covertable import make

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.hidden_worlds import KINDS, LAST, axes_of, best_first, hidden_world, is_true
from tracker.evidence.newest import newest_working

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.evidence.world import World
    from tracker.evidence.judgement import Judgement
    from tracker.model import Job

SIZES = {"4x10": 3, "10x10": 3, "6x20": 1}
"""How many seeds of each kind are played where nobody says: so many as take no more than minutes."""
_MOST_RUNS = 3000
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
    steps: int = 0
    seconds: float = 0.0


def main() -> int:
    """Play all worlds, print a table for each size and return 1 when a bound is broken."""
    broken: list[str] = []
    with ProcessPoolExecutor() as pool:
        for size in sys.argv[2:] or SIZES:
            seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[size]
            axes = axes_of(*map(int, size.split("x")))
            rows = len(make([list(one.values) for one in axes]))
            print(f"{size}: {seeds} seeds of each kind; full pairwise suite by covertable: {rows} rows")
            titles = ("first", "blame", "told", "best", "all", "exact", "false", "search", "ms")
            print(f"  {'faults':18}" + "".join(f"{title:>7}" for title in titles), flush=True)
            seconds = 0.0
            for kind in KINDS:
                games = list(pool.map(_game, [(size, kind, seed) for seed in range(seeds)]))
                played = [one for one, _ in games]
                print(_line(kind, played, [searched for _, searched in games]), flush=True)
                broken += [f"{size}, {kind}: {what}" for what in _broken_bounds(kind, played)]
                seconds += sum(one.seconds for one in played)
            print(f"  {seconds:.0f} s of processor time for judging and planning")
    print("\n".join(("bounds broken:", *broken)) if broken else "all bounds hold")
    return 1 if broken else 0


def _game(asked: tuple[str, str, int]) -> tuple[Played, int]:
    """Return what came of one world, and how many sets exhaustive search tries in it."""
    size, kind, seed = asked
    world = hidden_world(axes_of(*map(int, size.split("x"))), kind, seed)
    return _play(world), best_first(world)[1]


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
        f" {median(searched):6.0f} {1000 * sum(one.seconds for one in played) / sum(one.steps for one in played):6.0f}"
    )


def _median(counts: Sequence[int]) -> str:
    return f"{median(counts):6.0f}" if counts else f"{'-':>6}"


def _play(world: World) -> Played:
    """Run plans of two jobs, as a machine with two lanes does, until one is empty."""
    optimum, _ = best_first(world)
    hidden = {fault.values for fault in world.faults}
    played = Played()
    judgement, planned = _thought(world, played)
    while world.run_count < _MOST_RUNS and planned:
        for job in planned:
            world.run(job.combination, job.limit_factor)
        judgement, planned = _thought(world, played)
        blamed = {frozenset(one.values) for one in judgement.culprits}
        if played.first is None and judgement.known_good(LAST):
            played.first = world.run_count
        if played.blame is None and hidden <= blamed:
            played.blame = world.run_count
        if played.best is None and optimum in judgement.known_good(LAST):
            played.best = world.run_count
    played.all = world.run_count
    played.is_exact = newest_working(world.axes, judgement, LAST) == optimum
    played.false = sum(not is_true(frozenset(one.values), hidden, world) for one in judgement.culprits)
    return played


def _thought(world: World, played: Played) -> tuple[Judgement, Sequence[Job]]:
    """Judge and plan once, and note what that took."""
    began = time.process_time()
    judgement = world.judge()
    planned = world.plan(budget_jobs=2, judgement=judgement)
    played.steps += 1
    played.seconds += time.process_time() - began
    return judgement, planned


if __name__ == "__main__":
    sys.exit(main())
