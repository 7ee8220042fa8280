"""The SQLite file of ``remembered``: made, told from foreign ones, and set aside when it cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# "TrkH": tells this file from any other SQLite database.
_APPLICATION = 0x54726B48
_VERSION = 1
LOCK_SECONDS = 5.0
_NAME_OF_BAD_ONE = ".broken"
# There is nothing wrong with the file itself: somebody else works on it, or the disk does not let us.
_OF_THE_PLACE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parked (
    origin TEXT NOT NULL, identity TEXT NOT NULL, until REAL NOT NULL, reason TEXT NOT NULL, strikes INTEGER NOT NULL,
    PRIMARY KEY (origin, identity)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answer (
    key BLOB PRIMARY KEY, url TEXT NOT NULL, validator TEXT NOT NULL, headers TEXT NOT NULL, size INTEGER NOT NULL,
    used INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_by_use ON answer (used, size);
"""


class ForeignFileError(OSError):
    """The file is a database of something else."""


def open_cache_file(path: Path) -> sqlite3.Connection:
    """Return an open file with all its tables; it is made when it is missing, for this user alone.

    Raises:
        sqlite3.Error: it cannot be used.
        OSError: likewise.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Answers that were given for a token are nobody else's business; SQLite's further files get the same rights.
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=LOCK_SECONDS, check_same_thread=False)
    try:
        _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    # One look at all of it: another process may be making the same file.
    connection.execute("BEGIN").close()
    kind = (_number(connection, "PRAGMA application_id"), _number(connection, "PRAGMA user_version"))
    is_empty = _number(connection, "SELECT count(*) FROM sqlite_master") == 0
    connection.execute("COMMIT").close()
    if kind != (_APPLICATION, _VERSION) and not (kind == (0, 0) and is_empty):
        raise ForeignFileError
    connection.execute("PRAGMA journal_mode = WAL").close()
    # A power cut may cost the last answers, and never the file.
    connection.execute("PRAGMA synchronous = NORMAL").close()
    connection.execute("PRAGMA journal_size_limit = 16777216").close()
    if kind != (_APPLICATION, _VERSION):
        # The mark comes in the same transaction: a file that is only half made must not be taken for a foreign one.
        mark = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {mark} COMMIT;")


def _number(connection: sqlite3.Connection, query: str) -> int:
    with closing(connection.execute(query)) as rows:
        return int(rows.fetchone()[0])


def set_aside(path: Path, error: Exception) -> bool:
    """Move a file that ``error`` shows to be bad out of the way, and return whether a new one can be tried."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, sqlite3.Error):
        is_bad = code is None or (code & 0xFF) not in _OF_THE_PLACE
    else:
        is_bad = isinstance(error, ForeignFileError)
    if not is_bad and not path.is_dir():
        return False
    bad = path.with_name(path.name + _NAME_OF_BAD_ONE)
    try:
        path.replace(bad)
    except OSError:
        return False
    for suffix in ("-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).replace(bad.with_name(bad.name + suffix))
    return True
