"""One process at a time works on a home; the lock goes with the process, however it ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tracker.errors import LockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold ``home`` for the time of the block.

    Raises:
        LockedError: another process holds it.
        StoreError: the home cannot be written.
    """
    lock = FileLock(home / "lock", timeout=0)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        message = f"another tracker is at work in {home}"
        raise LockedError(message, hint="Wait until it is done, or stop it.") from error
    except OSError as error:
        message = f"{home}: cannot be written: {error.strerror}"
        raise StoreError(message, hint="Set paths.home in tracker.toml to a directory that you can write.") from error
    try:
        yield
    finally:
        lock.release()
