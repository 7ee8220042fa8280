"""How long it takes to read, judge and plan with 20 components of 50 live values and a million runs in the store.

``python benchmarks/judge_million.py [RUNS]``. The runs repeat some 2,900 combinations in which every two values meet; a
hidden item and two hidden pairs break three per cent of them, some rows are flaky, some runs end in ERROR. Around each
fault lie failing rows and their passing twins, as the planner would have run them, so that all three are proved. The
store is filled in bulk, by SQL, with exactly what finished runs leave in it. Then one process of its own reads, judges
and plans, as ``tracker up`` does before it runs anything, and tells its time and its peak memory.

Budgets: 2 seconds and 500 MB, and every fault is proved and nothing else. All times are of the processor. The yardstick
tells how slow or busy the machine is: one plain SQL aggregate over the same runs and one bare Python loop of as many
steps as there are runs.

The second budget: one new version of one component costs as many runs as the longest other axis has values.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.evidence.world import World, axis
from tracker.evidence.judge import judge
from tracker.evidence.plan import plan
from tracker.model import Axis, Combination, EvidenceKey, Outcome, Run, RunState, StepResult, to_microseconds
from tracker.store import Store
from tracker.store.said import digest_of, pack, write_said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.model import Moment, Value

COMPONENTS, VALUES, PRIME = 20, 50, 53
MOST_SECONDS, MOST_MEGABYTES = 2.0, 500
_HOST = "libc=2.36"
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_APART = timedelta(seconds=27)
_LONG = timedelta(seconds=20)
_MAX_AGE = timedelta(days=90)
_RETRY_AFTER = timedelta(minutes=30)
_ON_A_PAGE = 500
_PROBES = 16
_FLAKY_EACH = 100
_FLAKES = 0.02
_ERRORS = 0.001
_EXERCISES = {
    "installs": ("f00",),
    "starts": ("f00", "f01"),
    "networks": tuple(f"f{place:02}" for place in range(COMPONENTS)),
}


def main() -> int:
    """Fill a store, measure, and return 1 when a budget is broken."""
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(_measure(Path(sys.argv[2]))))
        return 0
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="tracker-million-") as directory:
        path = Path(directory) / "tracker.sqlite"
        began = time.perf_counter()
        groups = _fill(path, runs)
        print(f"{runs} runs in {groups} groups, filled in {time.perf_counter() - began:.0f} s")
        yardstick = _yardstick(path, runs)
        told = subprocess.run(
            [sys.executable, __file__, "measure", str(path)], check=True, capture_output=True, text=True
        ).stdout
    found = json.loads(told)
    seconds = found["read"] + found["judge"] + found["plan"]
    print(f"read {found['read']:.2f} s, judge {found['judge']:.2f} s, plan {found['plan']:.2f} s: {seconds:.2f} s")
    print(f"yardstick {yardstick:.2f} s: {seconds / yardstick:.1f} times that; peak memory {found['megabytes']:.0f} MB")
    hidden = sorted(" ".join(sorted(map(str, fault))) for fault in _faults(_axes()))
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


def _axes() -> tuple[Axis, ...]:
    return tuple(axis(f"f{place:02}", *(f"v{VALUES - one:02}" for one in range(VALUES))) for place in range(COMPONENTS))


def _combinations(axes: Sequence[Axis]) -> Iterator[Combination]:
    """Yield rows in which every two values meet: lines of the plane over a prime field."""
    for start in range(PRIME):
        for slope in range(PRIME):
            yield Combination.of(one.values[(start + place * slope) % PRIME % VALUES] for place, one in enumerate(axes))


def _probes(axes: Sequence[Axis]) -> Iterator[Combination]:
    """Yield rows that hold one fault each and differ in all else, each with the twins that clear the rest of it."""
    chance = random.Random(2)  # noqa: S311 - a seeded world, no secret
    oldest = {one.name: one.values[-1] for one in axes}
    for fault in _faults(axes):
        taken = {value.factor for value in fault}
        # Parts that move in lockstep fail in any row but that with the newest of all others.
        newest = {one.name: one.values[0] for one in axes}
        for number in range(_PROBES):
            rest = {one.name: chance.choice(one.values[VALUES // 2 :]) for one in axes}
            others = newest if number == 0 else rest
            failing = Combination.of([*fault, *(value for name, value in others.items() if name not in taken)])
            yield failing
            for value in sorted(fault):
                yield failing.replace(oldest[value.factor])


def _faults(axes: Sequence[Axis]) -> list[set[Value]]:
    return [
        {axes[3].values[4]},
        {axes[5].values[0], axes[7].values[9]},
        {axes[11].values[2], axes[19].values[30]},
    ]


def _key(combination: Combination) -> EvidenceKey:
    return EvidenceKey(scenario_digest="sha256:scenario", artifact_digest=f"sha256:{combination.slug}", host_key=_HOST)


def _run(combination: Combination, outcome: Outcome) -> Run:
    """Return a finished run that passes, or ends at the last capability with ``outcome``."""
    steps = tuple(
        StepResult(
            name=capability,
            capability=capability,
            outcome=outcome if capability == "networks" else Outcome.PASS,
            exercises=frozenset(exercises),
            reason="no address was given" if outcome is not Outcome.PASS and capability == "networks" else "",
        )
        for capability, exercises in _EXERCISES.items()
    )
    return Run(
        id=0,
        job_id=0,
        combination=combination,
        key=_key(combination),
        environment={},
        started_at=_BEGIN,
        finished_at=_BEGIN,
        state=RunState.FINISHED,
        outcome=outcome,
        limit_factor=1.0,
        reason="",
        steps=steps,
    )


def _outcomes(combinations: Sequence[Combination], axes: Sequence[Axis], runs: int) -> Iterator[tuple[int, Outcome]]:
    """Yield for each run the place of its combination and its outcome, in order of time."""
    chance = random.Random(1)  # noqa: S311 - a seeded world, no secret
    hidden = _faults(axes)
    broken = [any(fault <= set(one) for fault in hidden) for one in combinations]
    for number in range(runs):
        place = number if number < len(combinations) else chance.randrange(len(combinations))
        is_flake = place % _FLAKY_EACH == 0 and chance.random() < _FLAKES
        if broken[place] or is_flake:
            yield place, Outcome.FAIL
        else:
            yield place, Outcome.ERROR if chance.random() < _ERRORS else Outcome.PASS


def _fill(path: Path, runs: int) -> int:
    """Write ``runs`` finished runs and return in how many groups they lie."""
    axes = _axes()
    combinations = list(dict.fromkeys([*_combinations(axes), *_probes(axes)]))
    with Store.open(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        _write_shared(connection, combinations)
        moments: dict[tuple[int, Outcome], list[Moment]] = {}
        connection.executemany(
            "INSERT INTO runs (id, combination_id, evidence_key_id, environment_id, profile, scenario, state, outcome,"
            " started_at, finished_at, limit_factor, reason) VALUES (?, ?, ?, 1, 'world', 'scenario', 'finished', ?, ?,"
            " ?, 1.0, '')",
            _run_rows(_outcomes(combinations, axes, runs), moments),
        )
        _write_steps(connection)
        _write_groups(connection, combinations, moments)
        connection.commit()
        return int(connection.execute("SELECT count(*) FROM run_groups").fetchone()[0])


def _run_rows(
    outcomes: Iterable[tuple[int, Outcome]], moments: dict[tuple[int, Outcome], list[Moment]]
) -> Iterator[tuple[object, ...]]:
    for number, (place, outcome) in enumerate(outcomes, start=1):
        started_at = _BEGIN + number * _APART
        finished_at = started_at + _LONG
        moments.setdefault((place, outcome), []).append(
            (to_microseconds(finished_at), to_microseconds(started_at), number)
        )
        yield number, place + 1, place + 1, outcome.value, _text(started_at), _text(finished_at)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _write_shared(connection: sqlite3.Connection, combinations: Sequence[Combination]) -> None:
    """Write combinations and evidence keys with the ids 1, 2, 3..., and one environment."""
    connection.execute("INSERT INTO environments (id, digest, facts) VALUES (1, 'd', '{}')")
    connection.executemany(
        "INSERT INTO combinations (id, digest, key, parts) VALUES (?, ?, ?, ?)",
        (
            (
                number,
                one.slug,
                one.key,
                json.dumps([[v.factor, v.version, v.component, v.is_alternative] for v in one]),
            )
            for number, one in enumerate(combinations, start=1)
        ),
    )
    connection.executemany(
        "INSERT INTO evidence_keys (id, scenario_digest, artifact_digest, host_key) VALUES (?, ?, ?, ?)",
        (
            (number, key.scenario_digest, key.artifact_digest, key.host_key)
            for number, key in enumerate(map(_key, combinations), start=1)
        ),
    )


def _write_steps(connection: sqlite3.Connection) -> None:
    for position, (capability, exercises) in enumerate(_EXERCISES.items()):
        is_last = capability == "networks"
        connection.execute(
            "INSERT INTO steps (run_id, position, name, capability, outcome, exercises, reason, cause, cause_name,"
            " is_deterministic, timed_out, seconds) SELECT id, ?, ?, ?, CASE WHEN ? THEN outcome ELSE 'PASS' END, ?,"
            " CASE WHEN ? AND outcome <> 'PASS' THEN 'no address was given' ELSE '' END, '', '', 0, 0, 1.0 FROM runs",
            (position, capability, capability, is_last, json.dumps(sorted(exercises)), is_last),
        )


def _write_groups(
    connection: sqlite3.Connection,
    combinations: Sequence[Combination],
    moments: dict[tuple[int, Outcome], list[Moment]],
) -> None:
    said = {outcome: write_said(_run(combinations[0], outcome)) for outcome in Outcome}
    connection.executemany(
        "INSERT INTO run_groups (profile, combination_id, evidence_key_id, digest, page, said, run_count, moments)"
        " VALUES ('world', ?, ?, ?, ?, ?, ?, ?)",
        (
            (place + 1, place + 1, digest_of(said[outcome]), first // _ON_A_PAGE, said[outcome], len(page), pack(page))
            for (place, outcome), alike in moments.items()
            for first in range(0, len(alike), _ON_A_PAGE)
            for page in [alike[first : first + _ON_A_PAGE]]
        ),
    )


def _measure(path: Path) -> dict[str, Any]:
    """Return processor seconds and peak memory of reading, judging and planning."""
    axes = _axes()
    world = World(axes=axes, exercises={name: frozenset(factors) for name, factors in _EXERCISES.items()})
    with Store.open(path) as store:
        began = time.process_time()
        trials = store.trials(profile="world", host_key=_HOST)
        errors = store.recent_errors(profile="world", host_key=_HOST)
        revocations = store.blamed(profile="world", host_key=_HOST).revocations()
        store.imported.provenance(profile="world")
    read = time.process_time()
    now = max(trial.finished_at for trial in trials)
    judgement = judge(
        world.profile,
        trials,
        _key,
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
    axes = _axes()
    known = (Axis(factor=axes[0].factor, values=axes[0].values[1:]), *axes[1:])
    world = World(axes=axes, exercises={name: frozenset(factors) for name, factors in _EXERCISES.items()})
    # In the place of the new version stands the one before it, once more.
    padded = Axis(factor=known[0].factor, values=(*known[0].values, known[0].values[0]))
    for combination in _combinations((padded, *known[1:])):
        world.run(combination)
    before = world.run_count
    while planned := world.plan():
        for job in planned:
            world.run(job.combination, job.limit_factor)
    return world.run_count - before


if __name__ == "__main__":
    sys.exit(main())
