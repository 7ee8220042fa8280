"""Runs programs beside everything else, each in a session of its own: enough for steps that need no root."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tracker.smoke.native import NativeIsolation

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class PlainIsolation(NativeIsolation):
    """No isolation but the sessions of the programs, which the bench ends with the run."""

    is_root = False

    def __init__(self) -> None:
        self.facts: Mapping[str, str] = {}
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

    def close(self) -> tuple[str, ...]:
        """Return nothing: there is nothing to take down."""
        return ()
