"""How long it takes to read, judge and plan with 20 components of 50 live values and a million runs in the store.

``python benchmarks/judge_million.py [RUNS]``; ``million_runs.py`` says what is in the store. One process of its own
reads, judges and plans, as ``tracker up`` does before it runs anything, and tells its time and its peak memory.

Budgets: 2 seconds and 500 MB, and every fault is proved and nothing else, which holds for 20,000 runs as well. All
times are of the processor. The yardstick tells how slow or busy the machine is: one plain SQL aggregate over the same
runs and one bare Python loop of as many steps as there are runs.

The second budget: one new version of one component costs as many runs as the longest other axis has values.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.million_runs import EXERCISES, HOST, VALUES, fill, hidden_faults, key_of, live_axes, rows_of_all_pairs
from tests.evidence.world import World
from tracker.evidence.judge import judge
from tracker.evidence.plan import plan
from tracker.model import Axis
from tracker.store import Store

MOST_SECONDS, MOST_MEGABYTES = 2.0, 500
_MAX_AGE = timedelta(days=90)
_RETRY_AFTER = timedelta(minutes=30)


def main() -> int:
    """Fill a store, measure, and return 1 when a budget is broken."""
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(_measure(Path(sys.argv[2]))))
        return 0
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="tracker-million-") as directory:
        path = Path(directory) / "tracker.sqlite"
        began = time.perf_counter()
        groups = fill(path, runs)
        print(f"{runs} runs in {groups} groups, filled in {time.perf_counter() - began:.0f} s")
        yardstick = _yardstick(path, runs)
        told = subprocess.run(
            [sys.executable, __file__, "measure", str(path)], check=True, capture_output=True, text=True
        ).stdout
    found = json.loads(told)
    seconds = found["read"] + found["judge"] + found["plan"]
    print(f"read {found['read']:.2f} s, judge {found['judge']:.2f} s, plan {found['plan']:.2f} s: {seconds:.2f} s")
    print(f"yardstick {yardstick:.2f} s: {seconds / yardstick:.1f} times that; peak memory {found['megabytes']:.0f} MB")
    hidden = sorted(" ".join(sorted(map(str, fault))) for fault in hidden_faults(live_axes()))
    print(f"proved: {'; '.join(found['proved']) or 'nothing'}; {found['jobs']} jobs planned")
    longest, cost = VALUES, _new_version()
    print(f"one new version costs {cost} runs; the longest other axis has {longest} values")
    broken = [
        name
        for name, is_kept in (
            (f"{MOST_SECONDS} seconds", seconds <= MOST_SECONDS),
            (f"{MOST_MEGABYTES} MB", found["megabytes"] <= MOST_MEGABYTES),
            ("every fault is proved and nothing else", found["proved"] == hidden),
            ("a new version costs as many runs as the longest other axis", cost <= longest),
        )
        if not is_kept
    ]
    print(f"budgets broken: {'; '.join(broken)}" if broken else "all budgets hold")
    return int(bool(broken))


def _measure(path: Path) -> dict[str, Any]:
    """Return processor seconds and peak memory of reading, judging and planning."""
    axes = live_axes()
    world = World(axes=axes, exercises={name: frozenset(factors) for name, factors in EXERCISES.items()})
    with Store.open(path) as store:
        began = time.process_time()
        trials = store.trials(profile="world", host_key=HOST)
        errors = store.recent_errors(profile="world", host_key=HOST)
        revocations = store.blamed(profile="world", host_key=HOST).revocations()
        store.imported.provenance(profile="world")
    read = time.process_time()
    now = max(trial.finished_at for trial in trials)
    judgement = judge(
        world.profile,
        trials,
        key_of,
        now=now,
        max_age=_MAX_AGE,
        self_test_passed=True,
        axes=axes,
        revocations=revocations,
    )
    judged = time.process_time()
    jobs = plan(axes, judgement, budget_jobs=20, recent_errors=errors, retry_after=_RETRY_AFTER)
    planned = time.process_time()
    return {
        "read": read - began,
        "judge": judged - read,
        "plan": planned - judged,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "proved": sorted(" ".join(sorted(map(str, one.values))) for one in judgement.culprits if not one.context),
        "jobs": len(jobs),
    }


def _yardstick(path: Path, runs: int) -> float:
    began = time.process_time()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "SELECT combination_id, outcome, count(*), min(finished_at), max(finished_at) FROM runs GROUP BY 1, 2"
        ).fetchall()
    total = 0
    for number in range(runs):
        total += number & 1
    return time.process_time() - began


def _new_version() -> int:
    """Return how many runs are planned for one new version where every pair of the others has passed."""
    axes = live_axes()
    known = (Axis(factor=axes[0].factor, values=axes[0].values[1:]), *axes[1:])
    world = World(axes=axes, exercises={name: frozenset(factors) for name, factors in EXERCISES.items()})
    # In the place of the new version stands the one before it, once more.
    padded = Axis(factor=known[0].factor, values=(*known[0].values, known[0].values[0]))
    for combination in rows_of_all_pairs((padded, *known[1:])):
        world.run(combination)
    before = world.run_count
    while planned := world.plan():
        for job in planned:
            world.run(job.combination, job.limit_factor)
    return world.run_count - before


if __name__ == "__main__":
    sys.exit(main())
