"""Where one run's programs live: the one interface that every platform's implementation has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tracker.errors import SmokeError
from tracker.smoke.limits import NO_LIMITS, RunLimits
from tracker.smoke.plain import PlainIsolation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.protocols import IsolationNeeds, Launcher
    from tracker.smoke.sweep import RunDir


@dataclass(frozen=True, slots=True, kw_only=True)
class Launching:
    """What runs the programs of another platform for a run.

    Attributes:
        launcher: the launcher.
        cache_dir: where it keeps what all runs share.
    """

    launcher: Launcher
    cache_dir: Path


class Isolation(Protocol):
    """The surroundings of one run, made when it is built and gone after ``close``.

    Attributes:
        is_root: whether steps that need root (on Windows: elevation) can run in it.
        facts: what steps may know of it (``run.cgroup``).
        launcher: name of what runs the programs of another platform; empty for nothing.
        env: what programs get besides the bench's own environment.
        creation_flags: of Windows' CreateProcess; 0 elsewhere.
    """

    is_root: bool
    facts: Mapping[str, str]
    launcher: str
    env: Mapping[str, str]
    creation_flags: int

    def name_of(self, path: Path) -> str:
        """Return how programs inside call ``path`` of this machine."""

    def adopt(self, popen: subprocess.Popen[bytes]) -> None:
        """Take in a program that was just started with ``creation_flags``; it has done nothing before.

        Raises:
            OSError: it cannot be taken in; it was ended.
        """

    def wrap(self, argv: Sequence[str], cwd: Path) -> list[str]:
        """Return the command that runs ``argv`` inside, in the directory ``cwd``; its exit code is that of ``argv``."""

    def terminate(self, popen: subprocess.Popen[bytes]) -> None:
        """Ask the program that ``popen`` wraps to end; no error when it has ended."""

    def is_alive(self) -> bool:
        """Return whether the surroundings still stand; what fails after they fell is no finding."""

    def memory_directories(self) -> Sequence[Path]:
        """Return the directories that the run has in memory, as they are seen from here."""

    def reached(self) -> str:
        """Return which bound that the system keeps the run has reached, as a sentence; empty for none."""

    def excess(self) -> str:
        """Return what the run takes too much of where the system keeps no bound; it is then to be ended."""

    def abort(self) -> None:
        """End all that runs inside at once; ``close`` still has to follow. Called from another thread."""

    def close(self) -> tuple[str, ...]:
        """End all that runs inside, take the surroundings down, and return what could not be removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """What this process can give a run for itself, and why not more.

    Attributes:
        can_isolate: nothing that a run starts can outlive it or be seen by another.
        reason: why it cannot, or why steps that need root are skipped; empty when all can be done.
        kind: ``namespaces``, ``job`` (a Windows Job Object) or ``none``; before it the launcher, where there is one.
    """

    can_isolate: bool
    reason: str = ""
    kind: str = "none"


def probe_ability(launcher: Launcher | None = None) -> Ability:
    """Return what this process can do; starts a program in namespaces of its own.

    Args:
        launcher: what runs the programs of another platform, if any.
    """
    own = _probe_own()
    if launcher is None:
        return own
    state = launcher.state()
    # The launched programs have all rights in their own world, whatever those of this process are.
    return Ability(can_isolate=not state.reason, reason=state.reason, kind=f"{launcher.name}+{own.kind}")


def _probe_own() -> Ability:
    if sys.platform == "win32":
        from tracker.smoke.windows import is_elevated

        reason = "" if is_elevated() else "needs elevation, and this process does not have it"
        return Ability(can_isolate=not reason, reason=reason, kind="job")
    if sys.platform != "linux":
        return Ability(can_isolate=False, reason=f"namespaces need Linux, and this is {sys.platform}")
    if os.geteuid() != 0:
        return Ability(can_isolate=False, reason="needs root, and this process does not have it")
    missing = [name for name in ("unshare", "nsenter", "setpriv", "mount") if shutil.which(name) is None]
    if missing:
        return Ability(can_isolate=False, reason=f"needs the program {', '.join(missing)} of util-linux")
    from tracker.smoke.linux import UNSHARE

    done = subprocess.run([*UNSHARE, "--net", "true"], capture_output=True, text=True, check=False, timeout=30)
    if done.returncode:
        return Ability(can_isolate=False, reason=f"unshare was refused: {done.stderr.strip()}")
    return Ability(can_isolate=True, kind="namespaces")


def open_isolation(
    ability: Ability, needs: IsolationNeeds, run_dir: RunDir, launching: Launching | None, limits: RunLimits = NO_LIMITS
) -> Isolation:
    """Return new surroundings for one run.

    Args:
        ability: what ``probe_ability`` said.
        needs: what the scenario asks for.
        run_dir: the run's directory.
        launching: what runs the programs of another platform, if any.
        limits: what the run may take of the host.

    Raises:
        SmokeError: they cannot be made.
    """
    if launching is None:
        return _open_own(ability.kind, needs, run_dir, limits)
    from tracker.smoke.launched import LaunchedIsolation

    if ability.reason:
        message = f"{launching.launcher.name} cannot run programs here: {ability.reason}"
        raise SmokeError(message)
    launching.launcher.prepare(launching.cache_dir)
    launched = launching.launcher.open(launching.cache_dir, run_dir.workspace)
    own = _open_own(ability.kind.rpartition("+")[2], needs, run_dir, limits)
    return LaunchedIsolation(own, launched, launching.launcher)


def _open_own(kind: str, needs: IsolationNeeds, run_dir: RunDir, limits: RunLimits) -> Isolation:
    if kind == "namespaces":
        from tracker.smoke.linux import LinuxIsolation

        return LinuxIsolation(needs, run_dir.runs_dir, run_dir.cgroup, limits)
    if kind == "job" and sys.platform == "win32":
        from tracker.smoke.windows import JobIsolation

        return JobIsolation(limits)
    return PlainIsolation(run_dir.workspace, limits)
