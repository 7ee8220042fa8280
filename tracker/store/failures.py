"""Turns what the database library raises into one sentence for people."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError, StatementError

from tracker.errors import StoreDamagedError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

_MEND = "`tracker up` keeps it aside and restores the last good copy out of `backups` beside it."
_PLACE = "Make room, or make the store's directory writable for this user; what was stored before is safe."
_DAMAGE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
# By the beginning of SQLite's own error name (https://www.sqlite.org/rescode.html): what is the matter, what to do.
_KNOWN = {
    "SQLITE_NOTADB": ("the file is no SQLite database", _MEND),
    "SQLITE_CORRUPT": ("the database is damaged", _MEND),
    "SQLITE_BUSY": ("it is locked by another process", "Wait until the other process is done, then try again."),
    "SQLITE_LOCKED": ("it is locked by another process", "Wait until the other process is done, then try again."),
    "SQLITE_READONLY": (
        "it, or its directory, cannot be written",
        "Make both writable for this user, or set paths.home in tracker.toml.",
    ),
    "SQLITE_CANTOPEN": (
        "the file cannot be opened or created",
        "Is its directory there and writable for this user? paths.home in tracker.toml names it.",
    ),
    "SQLITE_FULL": ("the disk is full", "Make room, then try again; what was stored before is safe."),
    "SQLITE_IOERR": ("the disk failed to read or write it", "Look at the system's log; back the file up."),
}


def is_damage(error: BaseException | None) -> bool:
    """Whether ``error`` of SQLite means that the file itself is not whole."""
    name = str(getattr(error, "sqlite_errorname", ""))
    # Only text that is text is ever stored; the structure of the file does not tell of a bad byte within one.
    return name.startswith(_DAMAGE) or (isinstance(error, sqlite3.Error) and "Could not decode to UTF-8" in str(error))


def store_error(path: Path | str, error: Exception) -> StoreError:
    """Return what a person is told of ``error``, which a statement on the store at ``path`` raised."""
    original = error.orig if isinstance(error, StatementError) else error
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "")
        for beginning, (matter, hint) in _KNOWN.items():
            if name.startswith(beginning):
                kind = StoreDamagedError if is_damage(original) else StoreError
                return kind(f"the store {path} cannot be used: {matter}", hint=hint)
    if is_damage(original):
        return StoreDamagedError(f"the store {path} cannot be used: a text in it is damaged", hint=_MEND)
    if isinstance(original, OSError):
        return StoreError(f"the store {path} cannot be kept: {original.strerror or original}", hint=_PLACE)
    if isinstance(error, IntegrityError):
        return StoreError(f"the store {path} refused contradictory data: {original}")
    return StoreError(f"the store {path} failed: {original}")
