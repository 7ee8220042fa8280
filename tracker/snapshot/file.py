"""The snapshot as an indexed SQLite file, written by judging and read by ``check`` with the standard library.

One file is one snapshot: it is made beside the old one and takes its place in one step, and it is left alone when
nothing changed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tracker.durable import make_directory, write_whole
from tracker.errors import StoreError
from tracker.snapshot.opened import VERSION, OpenSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.snapshot.content import VerdictSnapshot
    from tracker.snapshot.layout import Sheets


def write_snapshot(path: Path, snapshot: VerdictSnapshot) -> bool:
    """Put the snapshot in the place of the one at ``path``; return whether anything changed.

    Raises:
        StoreError: the file cannot be written; the old one stays.
    """
    from tracker.snapshot.layout import Sheets

    sheets = Sheets.of(snapshot)
    try:
        whole = _whole(sheets)
        # Its bytes are compared, not what it says of itself: a file that was damaged on the disk is made anew.
        if path.is_file() and path.read_bytes() == whole:
            return False
        make_directory(path.parent)
        write_whole(path, whole)
    except (OSError, sqlite3.Error) as error:
        message = f"{path}: the verdicts cannot be written: {error}"
        raise StoreError(message, hint="The old verdicts stay. Is the disk full?") from error
    return True


def _whole(sheets: Sheets) -> bytes:
    """Return the bytes of the file, the same for the same sheets."""
    from tracker.snapshot.layout import fill, text

    with closing(sqlite3.connect(":memory:")) as connection:
        with connection:
            fill(connection, sheets)
            connection.execute("INSERT INTO parts VALUES ('digest', ?)", [text(sheets.digest)])
        return connection.serialize()


def read_snapshot(path: Path) -> VerdictSnapshot:
    """Return the whole snapshot at ``path``.

    Raises:
        StoreError: there is none, it is broken, or a newer program wrote it.
    """
    with open_snapshot(path) as snapshot:
        return snapshot.whole()


def open_snapshot(path: Path) -> OpenSnapshot:
    """Return the snapshot at ``path`` to ask it; close it after use.

    Raises:
        StoreError: there is none, it is broken, or a newer program wrote it.
    """
    if not path.exists():
        message = f"there are no verdicts at {path}"
        raise StoreError(message, hint="Run `tracker up` once, or name another tracker.toml with --config.")
    return _checked(lambda: _connect(path), str(path))


def from_bytes(data: bytes, name: str) -> OpenSnapshot:
    """Return the snapshot that is a whole verdicts file; ``name`` is what errors call it.

    Raises:
        StoreError: it is broken, or a newer program wrote it.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(data)
        return connection

    return _checked(connect, name)


def _checked(connect: Callable[[], sqlite3.Connection], name: str) -> OpenSnapshot:
    try:
        connection = connect()
        try:
            # Somebody else's file may bring views and triggers of its own.
            connection.execute("PRAGMA trusted_schema = OFF")
            _check_version(connection, name)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        message = f"{name}: the verdicts cannot be read: {error}"
        raise StoreError(message, hint="`tracker site` makes them anew from the store.") from error
    return OpenSnapshot(connection, name)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check_version(connection: sqlite3.Connection, name: str) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        message = f"{name}: the verdicts have form {version}, this program reads form {VERSION}"
        raise StoreError(message, hint="`tracker site` makes them anew from the store.")
