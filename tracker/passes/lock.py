"""One process at a time watches a home and one runs what is planned in it; locks go with their process."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tracker.durable import make_directory
from tracker.errors import LockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Work(StrEnum):
    """What a process does with a home; the value is the name of the lock's file."""

    WATCH = "lock"
    SMOKE = "lock-smoke"


@contextmanager
def only_one(home: Path, *works: Work) -> Iterator[None]:
    """Hold ``home`` for the time of the block.

    Args:
        home: the home directory.
        works: what is done in the block; everything when nothing is named.

    Raises:
        LockedError: another process holds it.
        StoreError: the home cannot be written.
    """
    with ExitStack() as held:
        for work in works or tuple(Work):
            held.enter_context(_held(home, work))
        yield


@contextmanager
def _held(home: Path, work: Work) -> Iterator[None]:
    lock = FileLock(home / work.value, timeout=0)
    try:
        make_directory(home)
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
