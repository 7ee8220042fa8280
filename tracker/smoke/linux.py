"""Namespaces for one run, held by an anchor that the kernel ends with the tracker.

The anchor is process 1 of a pid namespace. Its standard input is a pipe whose other end this process alone holds:
however this process ends, the anchor reads the end of the pipe and leaves, and the kernel then kills everything in
its namespace; both ``unshare`` and the anchor get the parent-death signal besides. Programs enter by ``nsenter``
(measured: 2 ms each) and then join the run's control group.

The anchor ignores SIGCHLD, so that the kernel reaps what is orphaned to it.
"""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psutil

from tracker.errors import SmokeError
from tracker.smoke.cgroups import RunCgroup, hierarchies
from tracker.smoke.limits import NO_LIMITS, RunLimits
from tracker.smoke.mountpoints import MountPoints
from tracker.smoke.native import NativeIsolation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.protocols import IsolationNeeds

UNSHARE = (
    *("unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child=SIGKILL"),
    *("--mount-proc", "--propagation", "private"),
)
MADE_DIRS = "made-dirs"
_ENTER = ("--mount", "--pid", "--ipc", "--uts")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_START_SECONDS = 20.0
_END_SECONDS = 10.0


class LinuxIsolation(NativeIsolation):
    """Mount, pid, ipc, uts and network namespaces, fresh directories and a control group for one run.

    Args:
        needs: what the scenario asks for.
        runs_dir: ``home/runs``; ``made-dirs`` in it records what had to be made on the host.
        cgroup: name of the run's control group.
        limits: what the run may take of the host.

    Raises:
        SmokeError: the surroundings cannot be made; what was made of them is gone again.
    """

    is_root = True

    def __init__(self, needs: IsolationNeeds, runs_dir: Path, cgroup: str, limits: RunLimits = NO_LIMITS) -> None:
        self.facts: Mapping[str, str] = {"run.cgroup": f"/{cgroup}"}
        self._cgroup = RunCgroup(cgroup)
        self._mount_points = MountPoints(runs_dir / MADE_DIRS)
        self._network = ["--net"] if needs.network else []
        self._anchor: subprocess.Popen[bytes] | None = None
        self._join = ""
        self._fresh_dirs = needs.fresh_dirs
        self._options = f"mode=755,size={limits.memory_directory_bytes}" if limits.memory_bytes else "mode=755"
        _check_place(runs_dir, needs.fresh_dirs)
        try:
            if needs.cgroup or hierarchies():
                self._cgroup.create(limits)
                self._join = "".join(f"echo 0 >{shlex.quote(str(path))} && " for path in self._cgroup.procs_files)
            self._mount_points.acquire(needs.fresh_dirs)
            self._anchor = self._start(needs.fresh_dirs)
            self._inside = _inside_of(self._anchor)
            enter = ["nsenter", "--target", str(self._inside), *_ENTER, *self._network, "--"]
            # Entering a mount namespace changes the working directory to its root.
            self._enter = [*_absolute(enter), "/bin/sh", "-c", f'{self._join}cd "$1" && shift && exec "$@"', "enter"]
        except BaseException:
            self.close()
            raise

    def _start(self, fresh_dirs: Sequence[str]) -> subprocess.Popen[bytes]:
        mounts = "".join(f"mount -n -t tmpfs -o {self._options} tmpfs {shlex.quote(path)} && " for path in fresh_dirs)
        inside = f"{mounts}echo ready && trap '' CHLD && exec cat >/dev/null"
        outside = f'{self._join}exec "$@"'
        unshare = [*_absolute(UNSHARE), *self._network, "/bin/sh", "-c", inside]
        anchor = subprocess.Popen(
            [*_absolute(["setpriv"]), "--pdeathsig", "SIGKILL", "/bin/sh", "-c", outside, "anchor", *unshare],
            env={"PATH": _PATH},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._anchor = anchor
        if anchor.stdout is None or not _says_ready(anchor.stdout):
            anchor.kill()
            message = f"the run's namespaces could not be made: {_rest(anchor.stderr) or 'no answer'}"
            raise SmokeError(message)
        return anchor

    def wrap(self, argv: Sequence[str], cwd: Path) -> list[str]:
        """Return the command that enters the namespaces, joins the control group and becomes ``argv``."""
        return [*self._enter, str(cwd), *argv]

    def terminate(self, popen: subprocess.Popen[bytes]) -> None:
        """Ask the program behind ``nsenter`` to end; ``nsenter`` itself passes no signal on."""
        for pid in _children_of(popen.pid):
            with contextlib.suppress(ProcessLookupError):  # it ended in between
                os.kill(pid, signal.SIGTERM)

    def is_alive(self) -> bool:
        """Return whether the anchor still holds the namespaces."""
        return self._anchor is not None and self._anchor.poll() is None

    def memory_directories(self) -> tuple[Path, ...]:
        """Return the fresh directories as they are seen from outside of the namespaces."""
        return tuple(Path(f"/proc/{self._inside}/root{path}") for path in self._fresh_dirs)

    def reached(self) -> str:
        """Return which bound of the control group the run has reached."""
        return self._cgroup.reached() if self._join else ""

    def abort(self) -> None:
        """End the anchor, and with it the kernel ends everything inside."""
        if self._anchor is not None:
            self._anchor.kill()

    def close(self) -> tuple[str, ...]:
        """End all that runs inside, remove the control groups, and return what could not be removed."""
        problems = []
        if self._anchor is not None:
            problems += _end(self._anchor)
        if self._join:
            problems += self._cgroup.remove()
        problems += self._mount_points.release()
        return tuple(problems)


def _check_place(runs_dir: Path, fresh_dirs: Sequence[str]) -> None:
    for directory in fresh_dirs:
        if runs_dir.resolve().is_relative_to(directory):
            message = f"{runs_dir}: cannot be used, since runs get an empty {directory} of their own"
            raise SmokeError(message, hint="Choose another home directory in tracker.toml.")


def _end(anchor: subprocess.Popen[bytes]) -> list[str]:
    for stream in (anchor.stdin, anchor.stdout, anchor.stderr):
        if stream is not None:
            stream.close()
    try:
        anchor.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        anchor.kill()
        try:
            anchor.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return [f"process {anchor.pid}: does not end"]
    return []


def _says_ready(stream: IO[bytes]) -> bool:
    ready, _, _ = select.select([stream], [], [], _START_SECONDS)
    return bool(ready) and stream.readline() == b"ready\n"


def _rest(stream: IO[bytes] | None) -> str:
    return stream.read(4096).decode("utf-8", "replace").strip() if stream is not None else ""


def _inside_of(anchor: subprocess.Popen[bytes]) -> int:
    """Return the process id, as seen from here, of process 1 of the anchor's namespaces."""
    children = _children_of(anchor.pid)
    if not children:
        message = "the run's namespaces ended as soon as they were made"
        raise SmokeError(message)
    return children[0]


def _children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (OSError, ValueError):  # it ended, or a kernel without CONFIG_PROC_CHILDREN
        with contextlib.suppress(psutil.Error):
            return [child.pid for child in psutil.Process(pid).children()]
        return []


def _absolute(command: Sequence[str]) -> list[str]:
    program = shutil.which(command[0]) or shutil.which(command[0], path=_PATH)
    if program is None:
        message = f"{command[0]}: the program was not found"
        raise SmokeError(message, hint="Install util-linux.")
    return [program, *command[1:]]
