"""Directories that must exist on the host so that something private can be mounted over them.

A directory that is missing is made and removed again when nobody uses it any more. Users hold a shared lock on it:
removing a directory also removes what others have mounted over it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.smoke.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Sequence

_ATTEMPTS = 100


class MountPoints:
    """Mount points of one run.

    Args:
        record: a file, shared by all runs of a home, that names the directories that were made.
    """

    def __init__(self, record: Path) -> None:
        self._record = record
        self._held: list[int] = []

    def acquire(self, directories: Sequence[str]) -> None:
        """Make what is missing of ``directories`` and keep it from being removed by others.

        Raises:
            SmokeError: a directory cannot be made.
        """
        for directory in directories:
            try:
                self._acquire(Path(directory))
            except OSError as error:
                message = f"{directory}: cannot be used as a mount point: {error.strerror or error}"
                raise SmokeError(message) from error

    def _acquire(self, directory: Path) -> None:
        for _ in range(_ATTEMPTS):
            missing = [path for path in (directory, *directory.parents) if not path.exists()]
            if missing:
                with _lock_of(self._record), self._record.open("a", encoding="utf-8") as record:
                    record.writelines(f"{path}\n" for path in missing)
                directory.mkdir(parents=True, exist_ok=True)
            try:
                descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            except FileNotFoundError:
                continue
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if _is_still_at(descriptor, directory):
                self._held.append(descriptor)
                return
            os.close(descriptor)
        message = f"{directory}: others keep removing it"
        raise SmokeError(message)

    def release(self) -> list[str]:
        """Let go, remove what was made and nobody else uses, and return what could not be removed."""
        for descriptor in self._held:
            os.close(descriptor)
        self._held.clear()
        return remove_made(self._record)


def remove_made(record: Path) -> list[str]:
    """Remove the empty, unused directories that ``record`` names; return what is in the way of it."""
    if not record.exists():
        return []
    problems: list[str] = []
    with _lock_of(record):
        names = {Path(name) for name in record.read_text(encoding="utf-8").splitlines()}
        used: list[Path] = []
        for path in sorted(names, reverse=True):  # what lies below comes first
            if any(one.is_relative_to(path) for one in used) or not _remove_unused(path, problems):
                used.append(path)
        record.write_text("".join(f"{path}\n" for path in used), encoding="utf-8")
    return problems


def _lock_of(record: Path) -> FileLock:
    return FileLock(record.with_suffix(".lock"))


def _remove_unused(directory: Path, problems: list[str]) -> bool:
    """Remove the directory unless others use it or put something into it; false while a run uses it."""
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not any(directory.iterdir()):
            directory.rmdir()
    except BlockingIOError:
        return False
    except OSError as error:
        problems.append(f"directory {directory}: {error.strerror or error}")
    finally:
        os.close(descriptor)
    return True


def _is_still_at(descriptor: int, directory: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), directory.stat())
    return False
