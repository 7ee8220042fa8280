"""Copies of the store that are known to be sound: a few generations beside it.

A copy is made by SQLite's own online backup, which others that read and write do not disturb; it is examined before
it counts, so that a damaged store never takes the place of the last good copy.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tracker.durable import make_directory, put_in_place
from tracker.errors import StoreDamagedError
from tracker.store.failures import store_error

if TYPE_CHECKING:
    from pathlib import Path

GENERATIONS: Final = 3
_NAME = re.compile(r"(\d{6,})-(\d{8}T\d{6}Z)\.sqlite")
_PART = ".part.sqlite"
_LARGE_BYTES = 256 << 20
_LARGE_SECONDS = 24 * 3600.0
_PASSING = frozenset({"alembic_version", "looks", "targets"})
"""Tables whose rows each look makes anew: they alone are no reason for another copy."""


class Backups:
    """The copies of one store, in the directory ``backups`` beside it; one process at a time makes them.

    Args:
        store_path: the store's file.
    """

    def __init__(self, store_path: Path) -> None:
        self._store_path = store_path
        self._directory = store_path.parent / "backups"

    def newest_first(self) -> tuple[Path, ...]:
        """Return all copies, newest first; those that a migration left come last."""
        # By number: a clock that jumps must not make an old copy the newest.
        own = sorted((one for one in self._listed() if _NAME.fullmatch(one.name)), key=_number, reverse=True)
        pattern = f"{self._store_path.name}.*.backup"
        migrated = sorted(self._store_path.parent.glob(pattern), key=lambda one: one.stat().st_mtime, reverse=True)
        return (*own, *migrated)

    def take(self, now: datetime) -> Path | None:
        """Copy the store unless the newest copy holds all that it holds; the oldest of too many copies goes.

        A store of more than 256 MiB is copied once a day, and none where the disk has no room for two more of it.

        Args:
            now: aware UTC.

        Raises:
            StoreDamagedError: what was copied is damaged; the earlier copies stay.
            StoreError: the copy cannot be written.
        """
        own = [one for one in self.newest_first() if one.parent == self._directory]
        if not self._is_due(own[0] if own else None, now):
            return None
        number = _number(own[0]) + 1 if own else 1
        copy = self._directory / f"{number:06}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite"
        try:
            make_directory(self._directory)
            self._copy(copy)
            for old in own[GENERATIONS - 1 :]:
                old.unlink(missing_ok=True)
        except (sqlite3.Error, OSError) as error:
            raise store_error(self._store_path, error) from error
        return copy

    def tidy(self) -> None:
        """Remove what a killed process was writing."""
        for path in self._listed():
            if path.name.startswith(_PART):
                path.unlink(missing_ok=True)
        self._store_path.parent.joinpath(f"{self._store_path.name}{_PART}").unlink(missing_ok=True)

    def _copy(self, copy: Path) -> None:
        part = self._directory / _PART
        part.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(self._store_path)) as source, closing(sqlite3.connect(part)) as target:
                source.backup(target)
                # One file is the whole copy: nothing beside it is needed to read it.
                target.execute("PRAGMA journal_mode = DELETE").close()
                fault = fault_of(target)
            if fault:
                message = f"the store {self._store_path} is damaged: {fault}"
                raise StoreDamagedError(message, hint="`tracker up` sets it aside and restores the last good copy.")
            put_in_place(part, copy)
        finally:
            part.unlink(missing_ok=True)

    def _is_due(self, newest: Path | None, now: datetime) -> bool:
        size = self._store_path.stat().st_size if self._store_path.exists() else 0
        if not size or shutil.disk_usage(self._store_path.parent).free < 2 * size:
            return False
        if newest is None:
            return True
        age = (now.astimezone(UTC) - taken_at(newest)).total_seconds()
        if size > _LARGE_BYTES and 0 <= age < _LARGE_SECONDS:
            return False
        return pulse(newest) != pulse(self._store_path)

    def _listed(self) -> list[Path]:
        return sorted(self._directory.iterdir()) if self._directory.is_dir() else []


def taken_at(copy: Path) -> datetime:
    """Return when a copy was made: aware UTC."""
    match = _NAME.fullmatch(copy.name)
    if match is None:
        return datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return datetime.strptime(match[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def fault_of(connection: sqlite3.Connection) -> str:
    """Return what SQLite finds wrong with the structure of a database, in one line; empty for nothing."""
    try:
        with closing(connection.execute("PRAGMA quick_check(1)")) as rows:
            found = rows.fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    # The database names the page on a line of its own.
    return "" if found == ("ok",) else " ".join(str(found[0] if found else "no answer").split())


def pulse(path: Path) -> tuple[tuple[str, int], ...]:
    """Return what changes whenever something that matters is written; empty for a file that cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            wanted = sorted(set(names) - _PASSING)
            return tuple((name, _last_row(connection, name)) for name in wanted)
    except sqlite3.Error:
        return ()


def _last_row(connection: sqlite3.Connection, table: str) -> int:
    with closing(connection.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table}"')) as rows:  # noqa: S608 - our own names
        return int(rows.fetchone()[0])


def _number(copy: Path) -> int:
    match = _NAME.fullmatch(copy.name)
    return int(match[1]) if match else 0
