"""Runs the programs of another platform inside an isolation of this one."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.smoke.strays import end_processes_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.protocols import Launched, Launcher
    from tracker.smoke.isolation import Isolation

_END_SECONDS = 30.0


class LaunchedIsolation:
    """An isolation whose programs a launcher runs.

    Args:
        inner: where the launcher itself runs, as a program of this machine.
        launched: the launcher, ready for this run.
        launcher: what made it ready.
    """

    is_root = True
    """In its own world a launched program has every right that the launcher can give."""

    def __init__(self, inner: Isolation, launched: Launched, launcher: Launcher) -> None:
        self._inner = inner
        self._launched = launched
        self._launcher = launcher
        self.launcher = launcher.name
        self.facts: Mapping[str, str] = inner.facts
        self.env: Mapping[str, str] = {**inner.env, **launched.env}
        self.creation_flags = inner.creation_flags
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        argv = self._launched.start_argv()
        if argv and self._run(argv) != 0:
            message = f"{self.launcher} did not start what the programs of a run share: {shlex.join(argv)}"
            raise SmokeError(message, hint="Run the command by hand, with WINEPREFIX where it needs one.")

    def wrap(self, argv: Sequence[str], cwd: Path) -> list[str]:
        """Return the command that lets the launcher run ``argv`` inside."""
        return self._inner.wrap(self._launched.wrap(argv), cwd)

    def name_of(self, path: Path) -> str:
        """Return how launched programs call ``path``."""
        return self._launched.name_of(path)

    def adopt(self, popen: subprocess.Popen[bytes]) -> None:
        """Let the inner isolation take the launcher in."""
        self._inner.adopt(popen)

    def terminate(self, popen: subprocess.Popen[bytes]) -> None:
        """Ask the launcher to end; what it launched ends with it, or with the run."""
        self._inner.terminate(popen)

    def memory_directories(self) -> Sequence[Path]:
        """Return those of the inner isolation."""
        return self._inner.memory_directories()

    def reached(self) -> str:
        """Return which bound the launcher, and all that it launched, reached."""
        return self._inner.reached()

    def excess(self) -> str:
        """Return what the launcher, and all that it launched, takes too much of."""
        return self._inner.excess()

    def abort(self) -> None:
        """End the launcher; what its server did not end is ended by ``close``."""
        self._inner.abort()

    def is_alive(self) -> bool:
        """Return whether the inner isolation still stands and the launcher still runs a program that does nothing."""
        return self._inner.is_alive() and self._run(self._launched.wrap(self._launched.probe_argv)) == 0

    def close(self) -> tuple[str, ...]:
        """End all that was launched, then take the inner isolation down; return what could not be removed."""
        problems = [*self._end_launched(), *self._inner.close()]
        # Without a pid namespace around it, what its server did not end is still there.
        problems += end_processes_in(self._launched.workspace)
        return (*problems, *self._launcher.clean(self._launched.workspace))

    def _end_launched(self) -> list[str]:
        argv = self._launched.close_argv()
        if argv and self._inner.is_alive() and self._run(argv) is None:
            return [f"{self.launcher}: what it launched does not end"]
        return []

    def _run(self, argv: Sequence[str]) -> int | None:
        """Run a command inside and return its exit code; ``None`` when it does not end."""
        workspace = self._launched.workspace
        try:
            command = self._inner.wrap(argv, workspace)
            env = {"PATH": "/usr/bin:/bin", **self.env}
            done = subprocess.run(
                command,
                env=env,
                cwd=workspace,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=_END_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return None
        return done.returncode
