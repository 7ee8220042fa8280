"""What a step works with: the one implementation of ``protocols.Bench``."""

from __future__ import annotations

import os
import shlex
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.protocols import Completed
from tracker.smoke.environment import minimal_environment
from tracker.smoke.limits import mib
from tracker.smoke.locks import FileLock
from tracker.smoke.processes import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tracker.model import Combination, Component
    from tracker.smoke.isolation import Isolation

_LOG_CHARS = 256 << 10
_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.005
_LOCK_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A component as a run has it.

    Attributes:
        component: the component.
        prefix: where it lies.
    """

    component: Component
    prefix: Path


class RunBench:
    """One run's isolated workspace; see ``protocols.Bench`` for what steps may rely on.

    Args:
        combination: what is being run.
        installed: what is installed, by factor name, tools by component name.
        workspace: an existing, empty directory of the run's own.
        isolation: where programs run.
        facts: all facts of the host.
        proxy: variables that tell programs of the proxy, without credentials.
        most_output: bytes that a program may write to one of its outputs; 0 for no bound.
    """

    def __init__(  # noqa: PLR0913 - all that a run gets
        self,
        combination: Combination,
        installed: Mapping[str, Installed],
        *,
        workspace: Path,
        isolation: Isolation,
        facts: Mapping[str, str],
        proxy: Mapping[str, str] | None = None,
        most_output: int = 0,
    ) -> None:
        self._most_output = most_output
        self._started: list[Running] = []
        self.combination = combination
        self.prefixes: Mapping[str, Path] = {name: one.prefix for name, one in installed.items()}
        self.workspace = workspace
        self.is_root = isolation.is_root
        self.launcher = isolation.launcher
        self.facts: Mapping[str, str] = {**facts, **isolation.facts}
        self.state: dict[str, object] = {}
        self.has_timed_out = False
        self._installed = installed
        self._isolation = isolation
        self._background: dict[str, Running] = {}
        self._log: list[str] = []
        self._outputs: list[str] = []
        self._deadline = 0.0
        self._env = {**minimal_environment(workspace, os.environ), **(proxy or {}), **isolation.env}

    def begin_step(self, limit_seconds: float) -> None:
        """Start the clock and the log of a step."""
        self.has_timed_out = False
        self._log.clear()
        self._started.clear()
        self._outputs.clear()
        self._deadline = time.monotonic() + limit_seconds

    def reached(self) -> str:
        """Return that a program of this run wrote without end, as a sentence; empty where none did."""
        if any(one.is_excessive for one in (*self._started, *self._background.values())):
            return f"a program of the run wrote more output than it may ({mib(self._most_output)})"
        return ""

    def step_log(self) -> str:
        """Return what the programs of this step wrote, with their command lines; bounded."""
        return bounded("\n".join(self._log))

    def step_output(self) -> str:
        """Return what the programs of this step wrote, and nothing else."""
        return "\n".join(self._outputs)

    def background_logs(self) -> dict[str, str]:
        """Return the whole output of every program that ran beside the steps, by its name."""
        return {name: running.output() for name, running in self._background.items()}

    def end_all(self) -> None:
        """End every program that is still there, at once."""
        for running in self._background.values():
            running.kill()
            running.wait(10.0)

    def binary(self, factor: str, name: str) -> Path:
        """Return the executable ``name`` of the component that ``factor`` (or a tool) has.

        Raises:
            FileNotFoundError: the release does not hold it.
            SmokeError: nothing is installed for ``factor``.
        """
        installed = self._installed.get(factor)
        if installed is None:
            message = f"nothing is installed for '{factor}' in this run (installed: {', '.join(self._installed)})"
            raise SmokeError(message)
        candidates = installed.component.binaries.get(name, ())
        for candidate in candidates:
            path = installed.prefix / candidate
            if path.is_file():
                return path
        message = f"{installed.component.name} holds no {name} (looked for {', '.join(candidates) or 'nothing'})"
        raise FileNotFoundError(message)

    def run(self, argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, stdin: str = "") -> Completed:
        """Run a program inside the isolation, within what is left of the step's time limit, and log its output."""
        left = self._deadline - time.monotonic()
        command = self._named(argv)
        self._log.append(f"$ {shlex.join(command)}")
        if left <= 0:
            return self._timed_out("", "")
        running = self._launch(command, env, stdin)
        code = running.wait(left)
        if code is None:
            running.kill()
            running.wait(10.0)
            return self._timed_out(running.stdout.text(), running.stderr.text())
        done = Completed(exit_code=code, stdout=running.stdout.text(), stderr=running.stderr.text())
        return self._note(done, f"[exit code {code}]")

    def start(self, argv: Sequence[str | Path], *, name: str, env: Mapping[str, str] | None = None) -> Running:
        """Start a program inside the isolation that outlives the step; its output is kept as the log ``name``.

        Raises:
            SmokeError: the run has started a program of that name before, or it cannot be started.
        """
        if name in self._background:
            message = f"'{name}' was started before in this run"
            raise SmokeError(message)
        command = self._named(argv)
        self._log.append(f"$ {shlex.join(command)} &  # {name}")
        running = self._launch(command, env, "")
        self._background[name] = running
        return running

    def wait_until(self, condition: Callable[[], bool], *, what: str) -> bool:
        """Poll ``condition`` until it holds; false when the step's time limit came first."""
        pause = _FIRST_PAUSE_SECONDS
        while not condition():
            if time.monotonic() >= self._deadline:
                self.has_timed_out = True
                self._log.append(f"[gave up waiting for {what}]")
                return False
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        return True

    def name_of(self, path: Path) -> str:
        """Return how programs of this run call ``path`` of this machine."""
        return self._isolation.name_of(path)

    @contextmanager
    def exclusive(self, resource: str) -> Iterator[None]:
        """Hold ``resource``, which this machine has once, for the time of the block; waiting costs the step no time."""
        lock = FileLock(self.workspace.parent.parent / f"{resource}.resource")
        began = time.monotonic()
        while not lock.acquire(wait=False):
            time.sleep(_LOCK_PAUSE_SECONDS)
        self._deadline += time.monotonic() - began
        try:
            yield
        finally:
            lock.release()

    def _named(self, argv: Sequence[str | Path]) -> list[str]:
        """Return the command as its programs call paths; the program itself is started by this machine's path."""
        return [str(argv[0]), *(part if isinstance(part, str) else self.name_of(part) for part in argv[1:])]

    def _launch(self, command: list[str], env: Mapping[str, str] | None, stdin: str) -> Running:
        if not self.launcher and os.path.isabs(command[0]) and not os.access(command[0], os.X_OK):  # noqa: PTH117
            message = f"{command[0]}: cannot be started: it is no executable file"
            raise SmokeError(message)
        try:
            whole = {**self._env, **(env or {})}
            running = Running(
                self._isolation, command, env=whole, cwd=self.workspace, stdin=stdin, most_output=self._most_output
            )
        except OSError as error:
            message = f"{command[0]}: cannot be started: {error.strerror or error}"
            raise SmokeError(message) from error
        self._started.append(running)
        return running

    def _timed_out(self, stdout: str, stderr: str) -> Completed:
        self.has_timed_out = True
        done = Completed(exit_code=None, stdout=stdout, stderr=stderr, timed_out=True)
        return self._note(done, "[ended at the step's time limit]")

    def _note(self, done: Completed, ending: str) -> Completed:
        self._outputs.append(done.output)
        self._log += [part for part in (done.output, ending) if part]
        return done


def bounded(text: str, limit: int = _LOG_CHARS) -> str:
    """Return ``text``, its middle left out when it has more than ``limit`` characters."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters left out ...]\n{text[-half:]}"
