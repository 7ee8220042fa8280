"""The snapshot as an indexed SQLite file, written by judging and read by ``check`` with the standard library.

One file is one snapshot: it is made beside the old one and takes its place in one step, and it is left alone when
nothing changed. Rows are kept one by one under their combination's key, so that a question about one combination
needs not read the others.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tracker.errors import StoreError
from tracker.snapshot.document import from_parts, to_document

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.snapshot.content import VerdictSnapshot

_VERSION = 2
_TABLES = """
CREATE TABLE parts (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE verdict_rows (key TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
"""


def write_snapshot(path: Path, snapshot: VerdictSnapshot) -> bool:
    """Put the snapshot in the place of the one at ``path``; return whether anything changed.

    Raises:
        StoreError: the file cannot be written; the old one stays.
    """
    document = to_document(snapshot)
    rows = {row["key"]: _text(row) for row in document.pop("rows")}
    parts = {name: _text(part) for name, part in document.items()}
    digest = hashlib.sha256(_text([sorted(parts.items()), sorted(rows.items())]).encode()).hexdigest()
    if _stored_digest(path) == digest:
        return False
    staging = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staging.unlink(missing_ok=True)
        with closing(sqlite3.connect(staging)) as connection, connection:
            connection.executescript(f"PRAGMA user_version = {_VERSION};{_TABLES}")
            connection.executemany("INSERT INTO parts VALUES (?, ?)", [*parts.items(), ("digest", _text(digest))])
            connection.executemany("INSERT INTO verdict_rows VALUES (?, ?)", rows.items())
        staging.replace(path)
    except (OSError, sqlite3.Error) as error:
        message = f"{path}: the verdicts cannot be written: {error}"
        raise StoreError(message, hint="The old verdicts stay. Is the disk full?") from error
    return True


def read_snapshot(path: Path) -> VerdictSnapshot:
    """Return the whole snapshot at ``path``.

    Raises:
        StoreError: there is none, it is broken, or a newer program wrote it.
    """
    if not path.exists():
        message = f"there are no verdicts at {path}"
        raise StoreError(message, hint="Run `tracker up` once, or name another tracker.toml with --config.")
    try:
        with closing(_connect(path)) as connection:
            _check_version(connection, path)
            parts = {name: json.loads(text) for name, text in connection.execute("SELECT * FROM parts")}
            rows = connection.execute("SELECT document FROM verdict_rows ORDER BY key").fetchall()
    except (sqlite3.Error, json.JSONDecodeError) as error:
        message = f"{path}: the verdicts cannot be read: {error}"
        raise StoreError(message, hint="`tracker site` makes them anew from the store.") from error
    return from_parts(parts, [json.loads(text) for (text,) in rows])


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != _VERSION:
        message = f"{path}: the verdicts have form {version}, this program reads form {_VERSION}"
        raise StoreError(message, hint="`tracker site` makes them anew from the store.")


def _stored_digest(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        with closing(_connect(path)) as connection:
            found = connection.execute("SELECT document FROM parts WHERE name = 'digest'").fetchone()
    except sqlite3.Error:
        # An unreadable snapshot is no reason to stop: it is about to be replaced by a whole one.
        return ""
    return str(json.loads(found[0])) if found else ""


def _text(document: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(document, ensure_ascii=False, sort_keys=True)
