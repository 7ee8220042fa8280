"""Control groups of one run in every hierarchy that the host has: v1, hybrid or v2.

Processes of the run lie in the group's child ``host``, since a v2 group that hands controllers to its children may
hold no process itself; containers lie beside it. See cgroups(7) and the kernel's admin-guide/cgroup-v2.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.smoke.limits import NO_LIMITS, RunLimits, mib

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAF = "host"
_CPUSET_FILES = ("cpuset.cpus", "cpuset.mems")
_REMOVAL_SECONDS = 5.0
_OOM_FILES = ("memory.events", "memory.oom_control")
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
        self._limits = NO_LIMITS
        self._oom_kills = 0

    @property
    def procs_files(self) -> tuple[Path, ...]:
        """The files into which a process writes ``0`` to enter."""
        return tuple(directory / _LEAF / "cgroup.procs" for directory in self._dirs)

    def create(self, limits: RunLimits = NO_LIMITS) -> None:
        """Make the group in every hierarchy, bounded where the hierarchy has the controller for it.

        Raises:
            SmokeError: a hierarchy does not let us, or there is none.
        """
        self._limits = limits
        self._oom_kills = host_oom_kills()
        if not self._dirs:
            message = "no control group hierarchy is mounted"
            raise SmokeError(message, hint="Mount cgroup2 at /sys/fs/cgroup.")
        for directory in self._dirs:
            try:
                if limits != NO_LIMITS:
                    _hand_down(directory.parent)
                for made in (directory, directory / _LEAF):
                    made.mkdir()
                    _inherit_cpuset(made)
                    if made is directory:
                        _bound(made, limits)
            except OSError as error:
                self.remove()
                message = f"{directory}: cannot be made: {error.strerror or error}"
                raise SmokeError(message) from error

    def processes(self) -> tuple[int, ...]:
        """Return the ids of all processes in the group or below it, in any hierarchy."""
        found = {pid for directory in self._dirs for below in _deepest_first(directory) for pid in _read_procs(below)}
        return tuple(sorted(found - {0}))

    def reached(self) -> str:
        """Return which bound the run reached, as a sentence; empty for none."""
        groups = [below for directory in self._dirs for below in _deepest_first(directory)]
        if any(_count(group / name, "oom_kill") for group in groups for name in _OOM_FILES) or self._was_refused():
            return f"the run wanted more memory than it may have ({mib(self._limits.memory_bytes)}, or all of the host)"
        most = self._limits.processes
        crowded = any(_count(group / "pids.events", "max") for group in groups)
        if most and (crowded or any(_number(one / "pids.peak") >= most for one in self._dirs)):
            return f"the run wanted more processes than it may have ({most})"
        return ""

    def _was_refused(self) -> bool:
        """Whether memory was refused to a group that is gone: v1 counts kills in the victim's own group alone."""
        refused = any(_number(directory / "memory.failcnt") for directory in self._dirs)
        return refused and host_oom_kills() > self._oom_kills

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


def host_oom_kills() -> int:
    """Return how many processes the kernel has ended for want of memory since it started, in any group."""
    return _count(Path("/proc/vmstat"), "oom_kill")


def _hand_down(root: Path) -> None:
    """Let groups below the root of a v2 hierarchy be bounded; v1 needs no such word."""
    control = root / "cgroup.subtree_control"
    if not control.exists():
        return
    offered = set((root / "cgroup.controllers").read_text(encoding="utf-8").split())
    for name in sorted(({"memory", "pids"} & offered) - set(control.read_text(encoding="utf-8").split())):
        with contextlib.suppress(OSError):  # a root that is itself a group with processes in it (a container)
            control.write_text(f"+{name}", encoding="utf-8")


def _bound(group: Path, limits: RunLimits) -> None:
    memory, processes = limits.memory_bytes, limits.processes
    wanted: dict[str, int] = {}
    if memory:
        # In v1, memory with swap may never be less than memory alone: it is set last.
        wanted |= {"memory.use_hierarchy": 1, "memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory}
        wanted |= {"memory.max": memory, "memory.swap.max": 0}
    if processes:
        wanted |= {"pids.max": processes}
    for name, value in wanted.items():
        if (group / name).exists():
            with contextlib.suppress(OSError):  # what cannot be bounded here is watched (see guard.py)
                (group / name).write_text(str(value), encoding="utf-8")


def _count(path: Path, name: str) -> int:
    """Return the number behind ``name`` in a file of lines ``name number``; 0 where there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return next((int(line.split()[1]) for line in lines if line.split()[:1] == [name]), 0)
    except (OSError, ValueError, IndexError):
        return 0


def _number(path: Path) -> int:
    try:
        return int(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


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
