"""Kills a pass again and again at chosen moments, and holds what is left against what was promised.

Everything follows from a seed: which kind of moment, which one, how many kills in a row. ``Killing.chain`` makes one
fresh home, kills passes in it, lets a last one end, and returns every broken promise as a sentence.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.faults import site_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.faults.commands import Commands

KINDS = ("event", "event", "statement", "statement", "line", "milliseconds")
_MOST_KILLS = 3
_END_SECONDS = 15.0
_LANES = 2
_RUNS = """
SELECT runs.id, combinations.key, runs.state, runs.outcome, runs.started_at, runs.finished_at, runs.reason,
       (SELECT group_concat(name || ':' || outcome || ':' || reason) FROM steps WHERE run_id = runs.id)
FROM runs JOIN combinations ON combinations.id = runs.combination_id ORDER BY runs.id
"""


class Killing:
    """A machine on which passes are killed.

    Args:
        directory: an empty directory for everything.
        commands: what runs the tracker.
        settings: text of tracker.toml.
    """

    def __init__(self, directory: Path, commands: Commands, settings: str) -> None:
        self._directory = directory
        self._settings = settings
        self._tracker = commands
        self._totals: dict[str, int] = {}
        self._wanted_files: set[str] = set()
        self._wanted_runs: set[object] = set()
        self.kills = 0

    def measure(self) -> None:
        """Let passes end once, to know how many moments of each kind there are and what is there afterwards."""
        for kind in dict.fromkeys(KINDS):
            box = self._box(f"whole-{kind}")
            whole = self._tracker(box, "up", kind=kind)
            assert whole.code == 0, whole.said
            self._totals[kind] = whole.moments
            self._wanted_files = self._wanted_files or _files(box)
            self._wanted_runs = self._wanted_runs or {one[1] for one in _finished(box).values()}

    def chain(self, seed: int) -> list[str]:
        """Kill passes in one home, let one end, and return what was promised and not kept."""
        chance = random.Random(seed)  # noqa: S311 - chosen again for the same seed
        box = self._box(f"chain-{seed}")
        broken: list[str] = []
        known: dict[int, tuple[object, ...]] = {}
        killed = 0
        for _ in range(chance.randint(1, _MOST_KILLS)):
            kind = chance.choice(KINDS)
            # Passes after a kill have less to do: the later moments of a first one may not come.
            count = chance.randint(1, max(self._totals[kind], 1))
            ended = self._tracker(box, "up", kind=kind, count=count)
            at = f"seed {seed}, killed at {kind} {count}"
            killed += ended.code == -signal.SIGKILL
            if ended.code not in {0, -signal.SIGKILL}:
                broken.append(f"{at}: ended with {ended.code} before the kill: {ended.said[-800:]}")
            broken += [f"{at}: {one}" for one in _after_a_kill(box, known)]
        self.kills += killed
        broken += [f"seed {seed}: {one}" for one in self._at_the_end(box, known, killed)]
        if not broken:
            shutil.rmtree(box)
        return broken

    def _at_the_end(self, box: Path, known: Mapping[int, tuple[object, ...]], killed: int) -> Iterator[str]:
        last = self._tracker(box, "up")
        if last.code != 0:
            yield f"the last pass ended with {last.code}: {last.said[-800:]}"
            return
        runs = _finished(box)
        yield from (f"run {number} was lost or changed" for number, one in known.items() if runs.get(number) != one)
        if missing := self._wanted_runs - {one[1] for one in runs.values()}:
            yield f"never run: {sorted(map(str, missing))}"
        yield from _doubled(box)
        if _count(box, "runs", "abandoned") > killed * _LANES:
            yield "more runs were repeated than were under way"
        if _count(box, "runs", "running") or _count(box, "jobs", "running") or _count(box, "jobs", "leased"):
            yield "something is still said to be running"
        before = _times(box)
        code = self._tracker(box, "up").code
        if code or len(_finished(box)) != len(runs) or _times(box) != before:
            yield f"one more pass had something to do (exit code {code})"
        files = _files(box)
        if files != self._wanted_files:
            yield f"files left: {sorted(files - self._wanted_files)}; missing: {sorted(self._wanted_files - files)}"
        yield from _left_outside(box)
        yield from site_check.broken_promises(box / "tracker-data" / "site")

    def _box(self, name: str) -> Path:
        box = self._directory / name
        box.mkdir(parents=True)
        (box / "tracker.toml").write_text(self._settings, encoding="utf-8")
        return box


def _after_a_kill(box: Path, known: dict[int, tuple[object, ...]]) -> Iterator[str]:
    """Yield what is wrong right after a kill; remember the runs that finished so far."""
    if alive := _wait_for_the_end(box):
        yield f"processes go on without their tracker: {alive}"
    if (box / "tracker-data" / "tracker.sqlite").exists():
        runs = _finished(box)
        yield from (f"run {number} was lost or changed" for number, one in known.items() if runs.get(number) != one)
        known.update(runs)
        with closing(_store(box)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                yield "the store is damaged"
            if connection.execute("PRAGMA foreign_key_check").fetchall():
                yield "rows of the store refer to nothing"
    yield from site_check.broken_promises(box / "tracker-data" / "site")


def _wait_for_the_end(box: Path) -> list[str]:
    until = time.monotonic() + _END_SECONDS
    while (alive := _processes_of(box)) and time.monotonic() < until:
        time.sleep(0.02)
    return alive


def _processes_of(box: Path) -> list[str]:
    """Return the commands of what a run of the box started, wherever it works now."""
    found = []
    for process in psutil.process_iter():
        try:
            told = (process.cwd(), process.environ().get("HOME", ""), " ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
        if any(f"{box}/tracker-data" in one for one in told):
            found.append(told[2])
    return found


def _store(box: Path) -> sqlite3.Connection:
    return sqlite3.connect(box / "tracker-data" / "tracker.sqlite", timeout=30)


def _finished(box: Path) -> dict[int, tuple[object, ...]]:
    with closing(_store(box)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs'").fetchone():
            return {}
        return {row[0]: row for row in connection.execute(_RUNS) if row[2] == "finished"}


def _doubled(box: Path) -> Iterator[str]:
    """Yield what was run again though its result was there; references are runs of what is known, by intention."""
    query = """
        SELECT combinations.key, count(*) FROM runs JOIN combinations ON combinations.id = runs.combination_id
        JOIN jobs ON jobs.id = runs.job_id WHERE runs.state = 'finished' AND jobs.kind <> 'reference'
        GROUP BY combinations.key HAVING count(*) > 1
    """
    with closing(_store(box)) as connection:
        yield from (f"{key} was run {number} times" for key, number in connection.execute(query))
        jobs = "SELECT job_id FROM runs WHERE state = 'finished' GROUP BY job_id HAVING count(*) > 1"
        yield from (f"job {job} has several finished runs" for (job,) in connection.execute(jobs))


def _count(box: Path, table: str, state: str) -> int:
    with closing(_store(box)) as connection:
        query = f"SELECT count(*) FROM {table} WHERE state = ?"  # noqa: S608 - names of ours
        return int(connection.execute(query, [state]).fetchone()[0])


def _files(box: Path) -> set[str]:
    """Return what lies in a home, without what differs from one home to the next."""
    home = box / "tracker-data"
    names = (path.relative_to(home).as_posix() for path in home.rglob("*") if path.name != "__pycache__")
    # A prefix is named after its own place; pages of runs after their numbers; copies of the store after their time.
    plain = (re.sub(r"-[0-9a-f]{12}(?=/|$)", "-DIGEST", name) for name in names)
    return {name for name in plain if not re.match(r"backups/|site/(runs|combinations)/|.*-(wal|shm)$", name)}


def _times(box: Path) -> dict[str, int]:
    site = box / "tracker-data" / "site"
    return {str(path): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}


def _left_outside(box: Path) -> Iterator[str]:
    """Yield what a home's runs left on the machine; others may be at work on it."""
    from tracker.smoke.cgroups import groups_named
    from tracker.smoke.sweep import RunDirs

    if groups := groups_named(RunDirs(box / "tracker-data" / "runs").cgroup_of("")):
        yield f"control groups left: {groups}"
    if str(box) in Path("/proc/self/mounts").read_text(encoding="utf-8"):
        yield "a mount is left"
