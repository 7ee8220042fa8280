"""How long ``tracker check`` takes to answer, beside ``nvcmp`` of nvchecker and the bare interpreter.

``python benchmarks/check_start.py [REPETITIONS [ROWS]]`` (15 repetitions, verdicts on 20,000 combinations besides a
small world of eight). Every program answers once a round, one after the other, so that all of them meet the same load;
medians of the processor's time are compared, which a busy machine stretches less than the time that passes. Windows
does not tell it of programs that ended: there the time that passes is compared.
The tracker is built as a wheel and installed into a directory of its own, as a person has it, and so is nvchecker.
``nvcmp`` compares two short files of versions, which is the least that it does.

Budgets: the answer about arguments alone is below ``nvcmp``'s and within 15 times the start of the bare interpreter,
and the verdicts on many combinations cost at most half as much again. What a file to read adds is told.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.snapshot.small_world import small_world
from tracker.model import Axis, Combination
from tracker.naming import KnownValue
from tracker.snapshot import SnapshotRow, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.snapshot import VerdictSnapshot

ROOT = Path(__file__).resolve().parent.parent
NOT_SOURCE = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__")
NVCHECKER = "nvchecker==2.22"
MOST_TIMES_BARE = 15
MOST_TIMES_SMALL = 1.5
PINS = ("engine=2.0", "driver=2.0")
NAMES = ("bare interpreter", "nvcmp", "check, arguments", "check, a file", "check, many rows")


def main() -> int:
    """Measure, tell, and return 1 when a budget is broken."""
    repetitions, rows = ([int(one) for one in sys.argv[1:]] + [15, 20_000][len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory(prefix="check-start-") as name:
        directory = Path(name)
        commands = _commands(directory, rows)
        took: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(repetitions + 1):
            for program, argv in commands.items():
                seconds = _seconds(argv, directory)
                if turn:
                    took[program].append(seconds)
    medians = {name: statistics.median(own) for name, own in took.items()}
    return _tell(medians)


def _commands(directory: Path, rows: int) -> dict[str, Sequence[str]]:
    """Return what is measured; everything that it needs lies in ``directory`` then."""
    small = small_world(now=datetime.now(UTC))
    for place, snapshot in (("few", small), ("many", _widened(small, rows))):
        write_snapshot(directory / place / "tracker-data" / "verdicts.sqlite", snapshot)
        (directory / place / "tracker.toml").write_text('schema = 1\n[paths]\nhome = "tracker-data"\n')
    (directory / "install.sh").write_text(
        "ENGINE_VERSION=2.0\nDRIVER_VERSION=2.0\ncurl -fLO https://files.example/v${ENGINE_VERSION}/x.zip\n" * 20
    )
    # A build writes beside the source.
    shutil.copytree(ROOT, directory / "source", ignore=NOT_SOURCE)
    programs = _installed(directory / "tracker", str(directory / "source"))
    tracker = str(programs / "tracker")
    check = {
        place: [tracker, "--config", str(directory / place / "tracker.toml"), "check"] for place in ("few", "many")
    }
    own = [str(programs / "python"), "-c", "pass"]
    return dict(
        zip(
            NAMES,
            (own, _nvcmp(directory), [*check["few"], *PINS], [*check["few"], "install.sh"], [*check["many"], *PINS]),
            strict=True,
        )
    )


def _nvcmp(directory: Path) -> list[str]:
    """Install nvchecker and return how it compares two versions that it knows."""
    programs = _installed(directory / "nvchecker", NVCHECKER)
    for name, version in (("old", "1.0"), ("new", "2.0")):
        data = {"engine": {"version": version}, "driver": {"version": version}}
        (directory / f"{name}.json").write_text(json.dumps({"version": 2, "data": data}))
    (directory / "nv.toml").write_text('[__config__]\noldver = "old.json"\nnewver = "new.json"\n')
    return [str(programs / "nvcmp"), "-c", "nv.toml"]


def _installed(directory: Path, what: str) -> Path:
    """Install a package into an environment of its own, and return the directory of its programs."""
    venv.create(directory, with_pip=True)
    programs = directory / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", what], check=True)
    return programs


def _widened(small: VerdictSnapshot, count: int) -> VerdictSnapshot:
    """Return a snapshot with ``count`` further combinations, of versions that were live once, as many runs leave it."""
    axes = [
        Axis(factor=factor, values=tuple(factor.value(f"0.{number}") for number in range(200)))
        for factor in small.factors
        if factor.components
    ]
    modes = [factor.value(one) for factor in small.factors if not factor.components for one in factor.variants]
    (model,) = small.rows[:1]
    rows = tuple(
        SnapshotRow(
            combination=(held := Combination.of(values)),
            verdicts={need: replace(own, combination=held) for need, own in model.verdicts.items()},
        )
        for values in islice(product(*(one.values for one in axes), modes), count)
    )
    known = tuple(
        KnownValue(value=value, upstream=value.version, is_live=False) for one in axes for value in one.values
    )
    ordered = tuple(sorted((*small.rows, *rows), key=lambda row: row.combination.key))
    places = {factor.name: place for place, factor in enumerate(small.factors)}
    values = tuple(sorted((*small.values, *known), key=lambda one: places[one.value.factor]))
    return replace(small, rows=ordered, values=values)


def _seconds(argv: Sequence[str], directory: Path) -> float:
    """Return how many seconds of the processor a program takes; on Windows, how many pass."""
    began = time.perf_counter()
    before = os.times()
    done = subprocess.run(argv, cwd=directory, capture_output=True, text=True, check=False)
    passed = time.perf_counter() - began
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode:
        message = f"{' '.join(argv)} ended with {done.returncode}: {done.stderr}"
        raise SystemExit(message)
    return passed if sys.platform == "win32" else seconds


def _tell(medians: Mapping[str, float]) -> int:
    bare, nvcmp, check, _, many = (medians[name] for name in NAMES)
    for name, seconds in medians.items():
        sys.stdout.write(f"{name:18} {seconds * 1000:7.1f} ms  {seconds / bare:5.1f} times the bare interpreter\n")
    budgets = {
        f"check below nvcmp: {check / nvcmp:.2f} of it": check < nvcmp,
        f"check within {MOST_TIMES_BARE} times the bare interpreter: {check / bare:.1f}": check
        <= MOST_TIMES_BARE * bare,
        f"many rows within {MOST_TIMES_SMALL} times few: {many / check:.2f}": many <= MOST_TIMES_SMALL * check,
    }
    for told, holds in budgets.items():
        sys.stdout.write(f"{'holds' if holds else 'BROKEN'}  {told}\n")
    return 0 if all(budgets.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
