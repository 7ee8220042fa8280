"""Runs programs beside everything else, each in a session of its own: enough for steps that need no root."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.smoke.cgroups import host_oom_kills
from tracker.smoke.limits import NO_LIMITS, RunLimits
from tracker.smoke.native import NativeIsolation
from tracker.smoke.strays import end_processes_in, kill_processes_in, processes_in

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence


class PlainIsolation(NativeIsolation):
    """No isolation but the sessions of the programs; whatever works in the run's directory ends with the run.

    Args:
        workspace: the run's own directory.
        limits: what the run may take; without control groups it is watched, not kept by the kernel.
    """

    is_root = False

    def __init__(self, workspace: Path, limits: RunLimits = NO_LIMITS) -> None:
        self.facts: Mapping[str, str] = {}
        self._workspace = workspace
        self._limits = limits
        self._oom_kills = host_oom_kills() if sys.platform == "linux" else 0
        self._tasks = _host_tasks()
        setpriv = shutil.which("setpriv")
        self._prefix = [setpriv, "--pdeathsig", "SIGKILL", "--"] if setpriv else []

    def wrap(self, argv: Sequence[str], cwd: Path) -> list[str]:  # noqa: ARG002 - the process has it already
        """Return ``argv``, made to die with the tracker where the system can do so."""
        return [*self._prefix, *argv]

    def terminate(self, popen: subprocess.Popen[bytes]) -> None:
        """Ask the program to end."""
        popen.terminate()

    def is_alive(self) -> bool:
        """Return true: there is nothing that could fall."""
        return True

    def reached(self) -> str:
        """Return that the kernel ended a process of this host for want of memory meanwhile: it may be the run's."""
        if sys.platform == "linux" and host_oom_kills() > self._oom_kills:
            return "the kernel ended a process of this host for want of memory"
        return ""

    def excess(self) -> str:
        """Return that the run has more processes than it may have."""
        most = self._limits.processes
        # Counting the run's own ones takes long; so many more on the whole host come first.
        if most and _host_tasks() - self._tasks >= most and len(processes_in(self._workspace)) >= most:
            return f"the run wanted more processes than it may have ({most})"
        return ""

    def abort(self) -> None:
        """End all that works in the run's directory."""
        kill_processes_in(self._workspace)

    def close(self) -> tuple[str, ...]:
        """End what left its session, and return what does not end."""
        return tuple(end_processes_in(self._workspace))


def _host_tasks() -> int:
    """Return how many tasks this host has, threads included; 0 where the system does not tell (proc_loadavg(5))."""
    try:
        return int(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        return len(os.listdir("/proc")) if os.path.isdir("/proc") else 0  # noqa: PTH112, PTH208 - counted, not read
