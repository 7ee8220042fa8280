"""A power cut, as far as a program can answer for it: what reaches the disk, and in which order.

The system calls of one whole pass are recorded. A name may lead to a file only after the file was synced; a name that
others rely on is itself synced; the front page comes after all that it leads to. docs/durability.md tells the rest.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.faults.conftest import Box

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")

_CALLS = "fsync,fdatasync,sync,rename,renameat,renameat2,unlink,unlinkat"
_LINE = re.compile(r"^(\d+\.\d+) (\w+)\((.*)\)\s+= 0")
_PATH = re.compile(r"<(/[^>]*)>")
_NAMES = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(slots=True)
class Recorded:
    """What a pass synced and renamed, in order."""

    home: Path
    calls: list[tuple[str, str, str]] = field(default_factory=list)

    def renames(self, pattern: str) -> Iterator[tuple[int, str, str]]:
        """Yield place in the order, source and destination of what was renamed to a place like ``pattern``."""
        for number, (call, source, target) in enumerate(self.calls):
            if call == "rename" and re.fullmatch(pattern, target.removeprefix(f"{self.home}/")):
                yield number, source, target

    def is_synced(self, path: str, *, after: int = 0, before: int | None = None) -> bool:
        wanted = self.calls[after:before]
        return any(call == "sync" or (call == "fsync" and one == path) for call, one, _ in wanted)


@pytest.fixture(scope="module")
def recorded(settled: Box, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return what a first pass did, in a directory of its own."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    place = tmp_path_factory.mktemp("power")
    shutil.copy(settled.directory / "tracker.toml", place)
    traces = place / "traces"
    traces.mkdir()
    strace = ["strace", "-ff", "-ttt", "-y", "-s", "4096", "--seccomp-bpf", "-e", f"trace={_CALLS}"]
    done = subprocess.run(
        [*strace, "-o", traces / "of", sys.executable, "-m", "tracker", "up"],
        cwd=place,
        env={**os.environ, **settled.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    if "not permitted" in done.stderr and done.returncode == 1:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    return Recorded(place / "tracker-data", list(_calls(traces)))


def test_every_file_is_synced_before_a_name_leads_to_it(recorded: Recorded) -> None:
    patterns = {
        r"site/.+": 30,
        r"verdicts\.sqlite": 1,
        r"backups/.+": 1,
        r"cache/sha256/.+": 3,
    }

    for pattern, least in patterns.items():
        found = list(recorded.renames(pattern))
        assert len(found) >= least, pattern
        for number, source, target in found:
            assert recorded.is_synced(source, before=number), target


def test_a_prefix_is_synced_with_all_its_files_before_it_gets_its_name(recorded: Recorded) -> None:
    prefixes = list(recorded.renames(r"prefixes/greet/[^/]+"))

    assert len(prefixes) >= 2
    for number, source, target in prefixes:
        inside = [one for one in Path(target).rglob("*") if not one.is_symlink()]
        for path in [Path(target), *inside]:
            assert recorded.is_synced(source + str(path).removeprefix(target), before=number), path


def test_every_new_name_is_synced_itself(recorded: Recorded) -> None:
    for number, _, target in recorded.renames(r"(site|backups|cache/sha256|prefixes)/.+|verdicts\.sqlite"):
        assert recorded.is_synced(str(Path(target).parent), after=number), target


def test_the_front_page_is_named_after_all_that_it_leads_to_is_on_the_disk(recorded: Recorded) -> None:
    pages = {target: number for number, _, target in recorded.renames(r"site/.+\.(html|md)")}
    front = str(recorded.home / "site" / "index.html")
    assert front in pages

    # A first site has no front page yet: nobody can read what is new, and the whole wave is synced at once.
    assert all(recorded.is_synced(str(Path(page).parent), after=number) for page, number in pages.items())


def test_the_store_syncs_its_log_for_every_run(recorded: Recorded) -> None:
    synced = [one for call, one, _ in recorded.calls if call == "fsync" and one.endswith("tracker.sqlite-wal")]

    assert len(synced) >= 2 * 5  # each of at least five runs is begun and ended in a transaction of its own


def _calls(traces: Path) -> Iterator[tuple[str, str, str]]:
    found: list[tuple[str, str, str, str]] = []
    for trace in sorted(traces.iterdir()):
        lines = map(_LINE.match, trace.read_text(encoding="utf-8", errors="replace").splitlines())
        found += [(match[1], *_read(match[2], match[3])) for match in lines if match]
    # Each thread has a file of its own; the times put them in one order.
    return ((call, one, other) for _, call, one, other in sorted(found, key=lambda entry: float(entry[0])))


def _read(call: str, arguments: str) -> tuple[str, str, str]:
    kinds: Mapping[str, str] = {"fdatasync": "fsync", "renameat": "rename", "renameat2": "rename"}
    names = _NAMES.findall(arguments)
    path = _PATH.search(arguments)
    if call in {"fsync", "fdatasync"}:
        return "fsync", path[1] if path else "", ""
    return kinds.get(call, call), names[0] if names else "", names[1] if len(names) > 1 else ""
