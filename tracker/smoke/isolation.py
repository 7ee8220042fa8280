"""Where one run's programs live: the one interface that every platform's implementation has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tracker.smoke.plain import PlainIsolation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.protocols import IsolationNeeds


class Isolation(Protocol):
    """The surroundings of one run, made when it is built and gone after ``close``.

    Attributes:
        is_root: whether steps that need root can run in it.
        facts: what steps may know of it (``run.cgroup``).
    """

    is_root: bool
    facts: Mapping[str, str]

    def wrap(self, argv: Sequence[str], cwd: Path) -> list[str]:
        """Return the command that runs ``argv`` inside, in the directory ``cwd``; its exit code is that of ``argv``."""

    def terminate(self, popen: subprocess.Popen[bytes]) -> None:
        """Ask the program that ``popen`` wraps to end; no error when it has ended."""

    def is_alive(self) -> bool:
        """Return whether the surroundings still stand; what fails after they fell is no finding."""

    def close(self) -> tuple[str, ...]:
        """End all that runs inside, take the surroundings down, and return what could not be removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """Whether this process can give runs namespaces of their own, and why not.

    Attributes:
        can_isolate: namespaces, mounts and control groups work.
        reason: why they do not; empty when they do.
    """

    can_isolate: bool
    reason: str = ""


def probe_ability() -> Ability:
    """Return what this process can do; starts a program in namespaces of its own."""
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
    return Ability(can_isolate=True)


def open_isolation(ability: Ability, needs: IsolationNeeds, runs_dir: Path, cgroup: str) -> Isolation:
    """Return new surroundings for one run.

    Args:
        ability: what ``probe_ability`` said.
        needs: what the scenario asks for.
        runs_dir: ``home/runs``.
        cgroup: name of the run's control group.

    Raises:
        SmokeError: they cannot be made.
    """
    if not ability.can_isolate:
        return PlainIsolation()
    from tracker.smoke.linux import LinuxIsolation

    return LinuxIsolation(needs, runs_dir, cgroup)
