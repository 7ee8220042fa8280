"""What every isolation has in which programs of this machine's own platform run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path


class NativeIsolation:
    """Programs are started as they are, and call paths as this machine does."""

    launcher = ""
    env: Mapping[str, str] = {}
    creation_flags = 0

    def name_of(self, path: Path) -> str:
        """Return the path itself."""
        return str(path)

    def memory_directories(self) -> tuple[Path, ...]:
        """Return nothing: all directories lie on the disk."""
        return ()

    def reached(self) -> str:
        """Return nothing: there is no bound that the system keeps."""
        return ""

    def excess(self) -> str:
        """Return nothing: nothing but the disk is watched."""
        return ""

    def adopt(self, popen: subprocess.Popen[bytes]) -> None:
        """Do nothing: the program is inside as soon as it starts."""
