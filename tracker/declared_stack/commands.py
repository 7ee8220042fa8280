"""How one declared command is run, and what its exit code means."""

from __future__ import annotations

import os
import re
import socket
import sys
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from tracker.errors import SmokeError
from tracker.protocols import StepSaid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Combination, Component
    from tracker.protocols import Bench, Completed, Process

SKIP = 77
ERROR = 99
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_USUAL_DIRS = ("bin", "sbin", "usr/bin", "usr/sbin", "Scripts")
_STARTED = "started"
_PORT = "port"
_READY = "ready"
_GRACE_SECONDS = 5.0
_LONGEST = 300
_LOOPBACK_UP = """
import fcntl, socket, struct
name = struct.pack('16sH14x', b'lo', 0x41)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    fcntl.ioctl(one, 0x8914, name)
"""
"""SIOCSIFFLAGS with IFF_UP and IFF_RUNNING, netdevice(7): a minimal machine has no program `ip`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One declared step.

    Attributes:
        name: unique within the scenario.
        capability: what it demonstrates.
        exercises: the factors that it exercises.
        time_limit_seconds: after it the step is ended.
        run: program and arguments, or one text that the shell runs.
        ready: of a program that runs on beside later steps: what it writes once it is ready; empty for a command that
            ends by itself.
    """

    name: str
    capability: str
    exercises: frozenset[str]
    time_limit_seconds: float
    run: tuple[str, ...]
    is_script: bool = False
    ready: str = ""

    def argv(self) -> list[str]:
        """Return program and arguments."""
        if not self.is_script:
            return list(self.run)
        (text,) = self.run
        if os.name == "nt":
            return ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", text]
        # The first command that fails ends the script, and a name that is not set is a mistake of its author.
        return ["/bin/sh", "-eu", "-c", text]

    def __repr__(self) -> str:
        """Return all that decides what it does, the same on every day."""
        parts = (self.name, self.capability, sorted(self.exercises), self.time_limit_seconds, self.run, self.is_script)
        return repr((*parts, self.ready))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrounding:
    """What commands find around them.

    Attributes:
        components: all that are combined or used, by name.
        has_own_network: runs get a network of their own where the tracker may make one.
    """

    components: Mapping[str, Component] = field(default_factory=dict)
    has_own_network: bool = True


def run_command(command: Command, surrounding: Surrounding, bench: Bench) -> StepSaid:
    """Run a command on a bench.

    Raises:
        SmokeError: it cannot be started, or the run's network does not work.
    """
    if problem := loopback_problem(bench, has_own_network=surrounding.has_own_network):
        raise SmokeError(problem)
    env = environment(bench, surrounding.components)
    if command.ready:
        return _start(command, bench, env)
    done = bench.run(command.argv(), env=env)
    if done.timed_out:
        return StepSaid.failed(f"it did not end within {command.time_limit_seconds:g} seconds")
    last = _last_line(done)
    if done.exit_code == 0:
        return StepSaid.passed(_last_of(done.stdout))
    if done.exit_code == SKIP:
        return StepSaid.skipped(last or "the command says that it does not apply here")
    if done.exit_code == ERROR:
        return StepSaid.error(last or "the command says that the test or the machine is at fault")
    return StepSaid.failed(f"exit code {done.exit_code}{f': {last}' if last else ''}")


def environment(bench: Bench, components: Mapping[str, Component]) -> dict[str, str]:
    """Return the variables of a command: where each part is and which version, and a path that leads to them."""
    env = combination_variables(bench.combination)
    places: list[str] = []
    owners = {value.factor: value.component for value in bench.combination}
    for name, prefix in bench.prefixes.items():
        env[variable("PREFIX", name)] = bench.name_of(prefix)
        component = components.get(owners.get(name, name))
        binaries = component.binaries.values() if component else ()
        own = [str(PurePosixPath(place).parent) for alternatives in binaries for place in alternatives]
        places += [bench.name_of(prefix / place) for place in (*own, *_USUAL_DIRS) if (prefix / place).is_dir()]
    if _PORT not in bench.state:
        bench.state[_PORT] = _free_port()
    env["TRACKER_PORT"] = str(bench.state[_PORT])
    env["TRACKER_WORKSPACE"] = bench.name_of(bench.workspace)
    if os.name != "nt":
        env["PATH"] = os.pathsep.join([*dict.fromkeys(places), _PATH])
    elif places:
        env["PATH"] = os.pathsep.join([*dict.fromkeys(places), os.environ.get("PATH", "")])
    return env


def combination_variables(combination: Combination) -> dict[str, str]:
    """Return the variables that say which version of which component each factor has."""
    env: dict[str, str] = {}
    for value in combination:
        env[variable("VERSION", value.factor)] = value.version
        if value.component:
            env[variable("COMPONENT", value.factor)] = value.component
    return env


def variable(kind: str, name: str) -> str:
    """Return the name of the variable of one kind for a factor or tool."""
    return f"TRACKER_{kind}_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"


def loopback_problem(bench: Bench, *, has_own_network: bool) -> str:
    """Bring up loopback once where the run has a network of its own; return what went wrong, or nothing."""
    if not (has_own_network and bench.is_root and sys.platform == "linux") or _READY in bench.state:
        return ""
    done = bench.run([sys.executable, "-I", "-S", "-c", _LOOPBACK_UP])
    if done.exit_code != 0:
        return f"the run's own network has no loopback: {done.output[-_LONGEST:]}"
    bench.state[_READY] = True
    return ""


def started(bench: Bench) -> dict[str, Process]:
    """Return what was started and runs on, by name of its step, in order."""
    return cast("dict[str, Process]", bench.state.setdefault(_STARTED, {}))


def finish(bench: Bench) -> None:
    """Stop what was started, the last first."""
    for process in reversed(list(started(bench).values())):
        process.stop(grace_seconds=_GRACE_SECONDS)


def _start(command: Command, bench: Bench, env: Mapping[str, str]) -> StepSaid:
    process = bench.start(command.argv(), name=command.name, env=env)
    started(bench)[command.name] = process
    expression = re.compile(command.ready, re.MULTILINE)
    is_ready = bench.wait_until(
        lambda: process.exit_code() is not None or expression.search(process.output()) is not None,
        what=f"{command.name} to be ready",
    )
    if expression.search(process.output()) is not None and process.exit_code() is None:
        return StepSaid.passed("it is ready")
    last = _last_of(process.output())
    told = f": {last}" if last else ""
    if not is_ready:
        return StepSaid.failed(f"it was not ready within {command.time_limit_seconds:g} seconds{told}")
    code = process.exit_code()
    if code == SKIP:
        return StepSaid.skipped(last or "the command says that it does not apply here")
    if code == ERROR:
        return StepSaid.error(last or "the command says that the test or the machine is at fault")
    return StepSaid.failed(f"it ended while it started, with exit code {code}{told}")


def _last_line(done: Completed) -> str:
    return _last_of(done.stderr) or _last_of(done.stdout)


def _last_of(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:_LONGEST] if lines else ""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return cast("int", one.getsockname()[1])
