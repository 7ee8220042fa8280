"""Control groups of one run in every hierarchy that the host has: v1, hybrid or v2.

Processes of the run lie in the group's child ``host``, since a v2 group that hands controllers to its children may
hold no process itself; containers lie beside it. See cgroups(7) and the kernel's admin-guide/cgroup-v2.
"""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import SmokeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAF = "host"
_CPUSET_FILES = ("cpuset.cpus", "cpuset.mems")
_REMOVAL_SECONDS = 5.0
_ESCAPE = re.compile(r"\\(\d{3})")


def hierarchies() -> tuple[Path, ...]:
    """Return the mount points of all hierarchies, sorted; empty where there are none."""
    found = set()
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split()
        if fields[2] in {"cgroup", "cgroup2"}:
            found.add(Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[1])))
    return tuple(sorted(found))


class RunCgroup:
    """The control group of one run, by one name in every hierarchy.

    Args:
        name: name of the group below the root of each hierarchy.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._dirs = tuple(root / name for root in hierarchies())

    @property
    def procs_files(self) -> tuple[Path, ...]:
        """The files into which a process writes ``0`` to enter."""
        return tuple(directory / _LEAF / "cgroup.procs" for directory in self._dirs)

    def create(self) -> None:
        """Make the group in every hierarchy.

        Raises:
            SmokeError: a hierarchy does not let us, or there is none.
        """
        if not self._dirs:
            message = "no control group hierarchy is mounted"
            raise SmokeError(message, hint="Mount cgroup2 at /sys/fs/cgroup.")
        for directory in self._dirs:
            try:
                for made in (directory, directory / _LEAF):
                    made.mkdir()
                    _inherit_cpuset(made)
            except OSError as error:
                self.remove()
                message = f"{directory}: cannot be made: {error.strerror or error}"
                raise SmokeError(message) from error

    def processes(self) -> tuple[int, ...]:
        """Return the ids of all processes in the group or below it, in any hierarchy."""
        found = {pid for directory in self._dirs for below in _deepest_first(directory) for pid in _read_procs(below)}
        return tuple(sorted(found - {0}))

    def remove(self, *, kill: bool = False) -> tuple[str, ...]:
        """Remove the group everywhere, and return what stays with the reason; blocks for some seconds at most.

        Args:
            kill: end the processes in it first.
        """
        until = time.monotonic() + _REMOVAL_SECONDS
        while True:
            if kill:
                for pid in self.processes():
                    _kill(pid)
            problems = [problem for directory in self._dirs for problem in _remove(directory)]
            if not problems or time.monotonic() > until:
                return tuple(problems)
            time.sleep(0.002)


def groups_named(prefix: str) -> tuple[str, ...]:
    """Return the names of groups below any hierarchy's root that begin with ``prefix``, sorted."""
    return tuple(sorted({path.name for root in hierarchies() for path in root.glob(f"{prefix}*") if path.is_dir()}))


def _inherit_cpuset(directory: Path) -> None:
    for name in _CPUSET_FILES:
        own = directory / name
        if own.exists() and not own.read_text().strip() and (directory.parent / name).exists():
            value = (directory.parent / name).read_text().strip()
            if value:  # v1 lets no process in before both are set; v2 has them empty and inherits
                own.write_text(value)


def _deepest_first(directory: Path) -> Iterator[Path]:
    for below, _, _ in os.walk(directory, topdown=False):
        yield Path(below)


def _read_procs(directory: Path) -> list[int]:
    try:
        return [int(pid) for pid in (directory / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def _remove(directory: Path) -> list[str]:
    problems = []
    for below in _deepest_first(directory):
        try:
            below.rmdir()
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(f"control group {below}: {error.strerror or error}")
    return problems


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended in between
