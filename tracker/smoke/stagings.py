"""Directories in which prefixes are built, and the removal of those that a killed installation left behind.

Each is locked as long as its installation lives; the kernel drops the lock however the tracker ends, so that one whose
lock is free belongs to nobody.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tracker.smoke.locks import FileLock
from tracker.smoke.removal import remove_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "lock"
STAGING = ".staging"
"""Name of the directory of stagings among the prefixes."""


class Stagings:
    """All directories of one home in which something is being built; several threads and processes may use it.

    Args:
        directory: on the file system of what is built, absolute.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def make(self) -> Iterator[Path]:
        """Give an empty directory, which is removed at the end with all that is still in it.

        Raises:
            OSError: it cannot be made.
        """
        path = self._directory / secrets.token_hex(6)
        self._directory.mkdir(parents=True, exist_ok=True)
        with FileLock(self._directory / _LOCK):
            path.mkdir()
            lock = FileLock(path / _LOCK)
            lock.acquire(wait=True)
        try:
            tree = path / "tree"
            tree.mkdir()
            tree.chmod(0o755)
            yield tree
        finally:
            # What cannot be removed now is removed by the next sweep. Windows removes no file that is open.
            remove_tree(path / "tree")
            lock.release()
            remove_tree(path)

    def sweep(self) -> list[str]:
        """Remove what nobody builds in any more, and return what could not be removed.

        Raises:
            OSError: the directory cannot be read.
        """
        if not self._directory.is_dir():
            return []
        problems: list[str] = []
        with FileLock(self._directory / _LOCK):
            for path in sorted(one for one in self._directory.iterdir() if one.is_dir()):
                lock = FileLock(path / _LOCK)
                try:
                    is_leftover = lock.acquire(wait=False)
                except FileNotFoundError:
                    continue  # it was removed meanwhile
                if is_leftover:
                    found = remove_tree(path / "tree")
                    lock.release()
                    problems += found or remove_tree(path)
        return problems
