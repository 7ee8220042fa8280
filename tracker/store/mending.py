"""Finds a damaged store, keeps it aside, and puts the last good copy in its place.

Only who holds the home alone may do it: whoever writes meanwhile would write into the file that is set aside.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC
from typing import TYPE_CHECKING, Final

from tracker.durable import put_in_place, sync_directories
from tracker.store.backups import Backups, fault_of, taken_at
from tracker.store.failures import is_damage, store_error

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_SIDE_FILES = ("", "-wal", "-shm")
_AFFORDABLE_BYTES: Final = 256 << 20
_FINISHED = "SELECT count(*), coalesce(max(id), 0) FROM runs WHERE state = 'finished'"


def find_damage(path: Path) -> str:
    """Return what is wrong with the store at ``path``; empty for nothing, and where there never was a store.

    Its whole structure is read where that takes a second or so, and where the last process did not close it.

    Raises:
        StoreError: it cannot be looked at now: it is locked, or may not be read.
    """
    if not path.exists() or not path.stat().st_size:
        has_copies = bool(Backups(path).newest_first())
        return f"the file is {'empty' if path.exists() else 'gone'}" if has_copies or _wal_size(path) else ""
    if path.stat().st_size > _AFFORDABLE_BYTES and not _wal_size(path):
        return ""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").close()
            return fault_of(connection)
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        raise store_error(path, error) from error


def restore(path: Path, reason: str, now: datetime) -> str:
    """Set the store at ``path`` aside and put the newest sound copy in its place; return what to tell people.

    Where there is no sound copy the place stays empty, and a new store begins.

    Args:
        path: the store's file.
        reason: what is wrong with it.
        now: aware UTC.

    Raises:
        StoreError: the files cannot be moved or written.
    """
    try:
        kept = _set_aside(path, now)
        copy = next((one for one in Backups(path).newest_first() if _is_sound(one)), None)
        if copy is not None:
            part = path.with_name(f"{path.name}.part.sqlite")
            shutil.copyfile(copy, part)
            put_in_place(part, path)
    except OSError as error:
        raise store_error(path, error) from error
    return _told(path, reason, kept, copy)


def _told(path: Path, reason: str, kept: Path | None, copy: Path | None) -> str:
    aside = f"; it is kept in {kept.parent}" if kept else ""
    beginning = f"the store {path} was damaged ({reason}){aside}"
    if copy is None:
        return f"{beginning}; there was no sound copy of it, so that a new one begins and everything is run again"
    lost = _lost(kept, path)
    taken = f"{taken_at(copy).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"{beginning}; the copy of {taken} took its place; {lost}"


def _lost(kept: Path | None, path: Path) -> str:
    """Say how many finished runs the damaged file holds that the copy does not, as far as it can still be read."""
    before, after = _finished(kept) if kept else None, _finished(path)
    if before is None or after is None:
        return "what was stored after that is lost"
    runs = f"{before[0] - after[0]} finished runs" if before[0] > after[0] else "no finished run"
    return f"lost with what was stored after that: {runs}, as far as the damaged file tells"


def _finished(path: Path) -> tuple[int, int] | None:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return tuple(connection.execute(_FINISHED).fetchone())
    except sqlite3.Error:
        return None


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Move the store's files together into a directory of their own; killed amid, the next one moves the rest."""
    present = [path.with_name(f"{path.name}{suffix}") for suffix in _SIDE_FILES]
    present = [one for one in present if one.exists()]
    if not present:
        return None
    stem = f"damaged-{now:%Y%m%dT%H%M%SZ}"
    place = next(
        one
        for number in range(1, 10_000)
        if not (one := path.with_name(stem if number == 1 else f"{stem}-{number}")).exists()
    )
    place.mkdir()
    for one in present:
        one.replace(place / one.name)
    sync_directories([place, path.parent])
    return place / path.name


def _is_sound(copy: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT version_num FROM alembic_version").close()
            return not fault_of(connection)
    except sqlite3.Error:
        return False


def _wal_size(path: Path) -> int:
    wal = path.with_name(f"{path.name}-wal")
    return wal.stat().st_size if wal.exists() else 0
