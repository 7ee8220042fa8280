"""Watches what one run takes of the host while it runs, and ends it where it takes too much.

The kernel bounds memory and processes where there are control groups. What it does not bound is looked at several
times a second: files in the workspace, what is left of the disk, directories in memory, and, without control groups,
processes. A failure of a run that came to the end of anything is no finding: it is the host's, or the limits'.
"""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING, Final

from tracker.smoke.limits import mib

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.smoke.isolation import Isolation
    from tracker.smoke.limits import RunLimits

FREE_BYTES: Final = 16 << 20
"""With less than this left on a disk nothing that fails there says anything of the software."""
_MEMORY_FREE_BYTES = 64 << 10
_PAUSE_SECONDS = 0.2
_BLOCK = 512


class Guard:
    """Watches one run from its construction to ``close``.

    Args:
        isolation: where the run's programs live.
        workspace: the run's own directory.
        limits: what it may take.
    """

    def __init__(self, isolation: Isolation, workspace: Path, limits: RunLimits) -> None:
        self._isolation = isolation
        self._workspace = workspace
        self._limits = limits
        self._said = ""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="guard", daemon=True)
        self._thread.start()

    def reached(self) -> str:
        """Return, as a sentence, what the run came to the end of so far; empty for nothing."""
        if not self._said:
            self._look()
        return self._said or self._isolation.reached()

    def close(self) -> None:
        """Watch no more."""
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_PAUSE_SECONDS):
            if self._look():
                self._isolation.abort()
                return

    def _look(self) -> bool:
        """Look at everything once; return whether the run must not go on."""
        must_end = self._excess()
        self._said = self._said or must_end or self._full_directory()
        return bool(must_end)

    def _excess(self) -> str:
        most = self._limits.disk_bytes
        if most and _is_larger(self._workspace, most):
            return f"the run wrote more than it may ({mib(most)})"
        try:
            free = shutil.disk_usage(self._workspace).free
        except OSError:  # the run is being taken down
            return ""
        if free < FREE_BYTES:
            return f"the disk of {self._workspace} has {mib(free)} left"
        return self._isolation.excess()

    def _full_directory(self) -> str:
        for path in self._isolation.memory_directories():
            try:
                free = shutil.disk_usage(path).free
            except OSError:  # gone, or not yet there
                continue
            if free < _MEMORY_FREE_BYTES:
                return "the run filled a directory that it has in memory"
        return ""


def _is_larger(directory: Path, most: int) -> bool:
    """Return whether all files below ``directory`` together take more than ``most`` bytes of the disk."""
    taken = 0
    for size in _sizes(str(directory)):
        taken += size
        if taken > most:
            return True
    return False


def _sizes(directory: str) -> Iterator[int]:
    try:
        entries = os.scandir(directory)
    except OSError:
        return  # it was removed in between
    with entries:
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    yield from _sizes(entry.path)
                else:
                    stat = entry.stat(follow_symlinks=False)
                    yield getattr(stat, "st_blocks", -(-stat.st_size // _BLOCK)) * _BLOCK
            except OSError:
                continue
