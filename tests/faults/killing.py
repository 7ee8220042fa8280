"""Kills a pass again and again at chosen moments, and holds what is left against what was promised.

Everything follows from a seed: which kind of moment, which one, how many kills in a row. ``Killing.chain`` makes one
fresh home, kills passes in it, lets a last one end, and returns every broken promise as a sentence.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

from tests.faults import site_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KINDS = ("event", "event", "statement", "statement", "line", "milliseconds")
_MOST_KILLS = 3
_END_SECONDS = 15.0
_LANES = 2
_RUNS = """
SELECT runs.id, combinations.key, runs.state, runs.outcome, runs.started_at, runs.finished_at, runs.reason,
       (SELECT group_concat(name || ':' || outcome || ':' || reason) FROM steps WHERE run_id = runs.id)
FROM runs JOIN combinations ON combinations.id = runs.combination_id ORDER BY runs.id
"""
_OUTSIDE = ("/run", "/etc/cni", "/opt/cni", "/var/lib/cni", "/tmp")  # noqa: S108 - what must not change there
_OWN_PLACES = re.compile(r"pytest|pymp|\.tracker|killing-")


class Killing:
    """A machine on which passes are killed; use it as a context.

    Args:
        directory: an empty directory for everything.
        repository: the checkout.
        environment: what programs need besides, to find the plugin.
        settings: text of tracker.toml.
    """

    def __init__(self, directory: Path, environment: Mapping[str, str], settings: str) -> None:
        self._directory = directory
        self._settings = settings
        self._server = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("victim.py")],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._totals: dict[str, int] = {}
        self._wanted_files: set[str] = set()
        self._wanted_runs = 0
        self.kills = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.communicate()

    def _tracker(self, box: Path, *words: str, kind: str = "statement", count: int = 0) -> tuple[int, int]:
        """Return the exit code, negative for a signal, and how many moments of the kind passed."""
        order = {"directory": str(box), "words": words, "kind": kind, "count": count, "log": str(box / "log")}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(f"{json.dumps(order)}\n")
        self._server.stdin.flush()
        code, passed = json.loads(self._server.stdout.readline())
        return code, passed

    def measure(self) -> None:
        """Let passes end once, to know how many moments of each kind there are and what is there afterwards."""
        for kind in dict.fromkeys(KINDS):
            box = self._box(f"whole-{kind}")
            code, self._totals[kind] = self._tracker(box, "up", kind=kind)
            assert code == 0, (box / "log").read_text(encoding="utf-8")
            self._tracker(box, "up")
            self._wanted_files = self._wanted_files or _files(box)
            self._wanted_runs = self._wanted_runs or len(_finished(box))

    def chain(self, seed: int) -> list[str]:
        """Kill passes in one home, let one end, and return what was promised and not kept."""
        chance = random.Random(seed)  # noqa: S311 - chosen again for the same seed
        box = self._box(f"chain-{seed}")
        outside = _outside()
        broken: list[str] = []
        known: dict[int, tuple[object, ...]] = {}
        killed = 0
        for _ in range(chance.randint(1, _MOST_KILLS)):
            kind = chance.choice(KINDS)
            # Passes after a kill have less to do: the later moments of a first one may not come.
            count = chance.randint(1, max(self._totals[kind], 1))
            code, _ = self._tracker(box, "up", kind=kind, count=count)
            at = f"seed {seed}, killed at {kind} {count}"
            killed += code == -signal.SIGKILL
            if code not in {0, -signal.SIGKILL}:
                broken.append(f"{at}: ended with {code} before the kill: {_log(box)}")
            broken += [f"{at}: {one}" for one in _after_a_kill(box, known)]
        self.kills += killed
        broken += [f"seed {seed}: {one}" for one in self._at_the_end(box, known, killed, outside)]
        if not broken:
            shutil.rmtree(box)
        return broken

    def _at_the_end(
        self, box: Path, known: Mapping[int, tuple[object, ...]], killed: int, outside: Sequence[str]
    ) -> Iterator[str]:
        code, _ = self._tracker(box, "up")
        if code != 0:
            yield f"the last pass ended with {code}: {_log(box)}"
            return
        runs = _finished(box)
        yield from (f"run {number} was lost or changed" for number, one in known.items() if runs.get(number) != one)
        if len(runs) != self._wanted_runs:
            yield f"{len(runs)} runs finished, not {self._wanted_runs}: {sorted(str(one[1]) for one in runs.values())}"
        if _count(box, "runs", "abandoned") > killed * _LANES:
            yield "more runs were repeated than were under way"
        if _count(box, "runs", "running") or _count(box, "jobs", "running") or _count(box, "jobs", "leased"):
            yield "something is still said to be running"
        before = _times(box)
        code, _ = self._tracker(box, "up")
        if code or len(_finished(box)) != len(runs) or _times(box) != before:
            yield f"one more pass had something to do (exit code {code})"
        files = _files(box)
        if files != self._wanted_files:
            yield f"files left: {sorted(files - self._wanted_files)}; missing: {sorted(self._wanted_files - files)}"
        yield from _left_outside(box, outside)
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


def _count(box: Path, table: str, state: str) -> int:
    with closing(_store(box)) as connection:
        query = f"SELECT count(*) FROM {table} WHERE state = ?"  # noqa: S608 - names of ours
        return int(connection.execute(query, [state]).fetchone()[0])


def _files(box: Path) -> set[str]:
    """Return what lies in a home, without what differs from one home to the next."""
    home = box / "tracker-data"
    names = (path.relative_to(home).as_posix() for path in home.rglob("*") if path.name not in {"__pycache__"})
    # A prefix is named after its own place; pages of runs after their numbers; copies of the store after their time.
    plain = (re.sub(r"-[0-9a-f]{12}(?=/|$)", "-DIGEST", name) for name in names)
    return {name for name in plain if not re.match(r"backups/|site/(runs|combinations)/|.*-(wal|shm)$", name)}


def _times(box: Path) -> dict[str, int]:
    site = box / "tracker-data" / "site"
    return {str(path): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}


def _outside() -> list[str]:
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    links = [f"/sys/class/net/{name}" for name in os.listdir("/sys/class/net")]  # noqa: PTH208 - names alone
    places = [str(one) for place in _OUTSIDE for one in (Path(place), *Path(place).glob("tracker*")) if one.exists()]
    return sorted([*mounts, *links, *places])


def _left_outside(box: Path, before: Sequence[str]) -> Iterator[str]:
    from tracker.smoke.cgroups import groups_named
    from tracker.smoke.sweep import RunDirs

    if groups := groups_named(RunDirs(box / "tracker-data" / "runs").cgroup_of("")):
        yield f"control groups left: {groups}"
    if new := [one for one in set(_outside()) - set(before) if not _OWN_PLACES.search(one)]:
        yield f"left outside: {new}"


def _log(box: Path) -> str:
    return (box / "log").read_text(encoding="utf-8")[-800:]
