"""Directories of runs, and the removal of what killed runs left behind.

A run holds a lock on its directory as long as it lives; the kernel drops the lock however the tracker ends. A
directory whose lock is free is a leftover: its processes are ended, its control groups and files removed. What
cannot be removed makes the next run an ERROR.
"""

from __future__ import annotations

import hashlib
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.smoke.locks import FileLock
from tracker.smoke.removal import remove_tree
from tracker.smoke.strays import end_processes_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_IS_LINUX = sys.platform == "linux"
_LOCK = "lock"


class RunDir:
    """The directory of one run, locked until ``remove``.

    Attributes:
        name: unique among the runs of a home.
        workspace: empty at first.
        runs_dir: the directory of all runs.
        cgroup: name of its control group, where there are some.
    """

    def __init__(self, path: Path, lock: FileLock, cgroup: str) -> None:
        self.name = path.name
        self.workspace = path / "work"
        self.runs_dir = path.parent
        self.cgroup = cgroup
        self._path = path
        self._lock = lock

    def remove(self) -> tuple[str, ...]:
        """Remove it with all that is in it and return what could not be removed."""
        return tuple(_remove_run(self._path, self._lock))


class RunDirs:
    """All run directories of one home; several threads and processes may use it.

    Args:
        directory: ``home/runs``.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self._prefix = f"tracker-{hashlib.sha256(str(self.directory).encode()).hexdigest()[:8]}-"

    def cgroup_of(self, run: str) -> str:
        """Return the name of the control group of the run called ``run``."""
        return f"{self._prefix}{run}"

    def create(self) -> RunDir:
        """Return a new run directory.

        Raises:
            SmokeError: it cannot be made.
        """
        path = self.directory / secrets.token_hex(4)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with self._global_lock():
                path.mkdir()
                lock = FileLock(path / _LOCK)
                lock.acquire(wait=True)
            (path / "work").mkdir()
        except OSError as error:
            message = f"{path}: cannot be made: {error.strerror or error}"
            raise SmokeError(message) from error
        return RunDir(path, lock, self.cgroup_of(path.name))

    def sweep(self, clean: Callable[[Path], Iterable[str]] | None = None) -> tuple[str, ...]:
        """Remove what killed runs left behind, and return what could not be removed.

        Args:
            clean: removes what a run left outside of its workspace, and tells what it could not.
        """
        if not self.directory.is_dir():
            return ()
        problems: list[str] = []
        with self._global_lock():
            runs = sorted(path for path in self.directory.iterdir() if path.is_dir())
            for path in runs:
                lock = FileLock(path / _LOCK)
                try:
                    is_leftover = lock.acquire(wait=False)
                except FileNotFoundError:
                    continue  # its run ended meanwhile
                if is_leftover:
                    problems += self._clean(path, lock, clean)
            if _IS_LINUX:
                problems += self._clean_host({path.name for path in runs})
        return tuple(problems)

    def _clean(self, path: Path, lock: FileLock, clean: Callable[[Path], Iterable[str]] | None) -> list[str]:
        problems = end_processes_in(path)
        if clean is not None and (path / "work").is_dir():
            problems += clean(path / "work")
        if _IS_LINUX:
            from tracker.smoke.cgroups import RunCgroup

            problems += RunCgroup(self.cgroup_of(path.name)).remove(kill=True)
            problems += _unmount_below(path)
        if problems:
            lock.release()
            return problems
        return _remove_run(path, lock)

    def _clean_host(self, known: set[str]) -> list[str]:
        from tracker.smoke.cgroups import RunCgroup, groups_named
        from tracker.smoke.linux import MADE_DIRS
        from tracker.smoke.mountpoints import remove_made

        problems = remove_made(self.directory / MADE_DIRS)
        for name in groups_named(self._prefix):
            if name.removeprefix(self._prefix) not in known:
                problems += RunCgroup(name).remove(kill=True)
        return problems

    def _global_lock(self) -> FileLock:
        return FileLock(self.directory / "lock")


def _remove_run(path: Path, lock: FileLock) -> list[str]:
    """Remove a run's directory, whose lock is held, and give the lock back.

    The lock goes last: without it a sweep would take what is left for a leftover. Windows removes no file that
    somebody has open, so that it is given back before its own file is removed.
    """
    problems = remove_tree(path / "work")
    lock.release()
    return problems or remove_tree(path)


def _unmount_below(path: Path) -> list[str]:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    points = [Path(line.split()[1].replace("\\040", " ")) for line in mounts]
    problems = []
    for point in sorted((point for point in points if point.is_relative_to(path)), reverse=True):
        done = subprocess.run(
            ["/bin/umount", "--", str(point)], capture_output=True, text=True, check=False, timeout=30
        )
        if done.returncode:
            problems.append(f"mount {point}: {done.stderr.strip()}")
    return problems
