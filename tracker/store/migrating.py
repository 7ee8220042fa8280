"""Brings a store to this program's revision, after a backup; imports Alembic, so it is imported only when needed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from tracker.bundle import migrations_dir
from tracker.durable import put_in_place
from tracker.errors import StoreError
from tracker.store.engine import sqlite_engine, writing
from tracker.store.failures import store_error
from tracker.store.revisions import stored_revision, too_new

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def migrate(path: Path, *, busy_timeout_seconds: float, scripts_dir: Path | None = None) -> None:
    """Bring the store at ``path`` to the newest revision in one transaction; a backup of an existing one is left.

    Safe when several processes do it at once: the first does the work, the others find it done.

    Args:
        path: the database's file.
        busy_timeout_seconds: how long to wait for another connection's lock.
        scripts_dir: the Alembic environment; ``None`` for the one that ships with the package.

    Raises:
        SchemaTooNewError: the store's revision is unknown here.
        StoreError: the store cannot be written, or a migration left rows that refer to nothing.
    """
    config = alembic_config(scripts_dir or migrations_dir())
    scripts = ScriptDirectory.from_config(config)
    engine = sqlite_engine(path, busy_timeout_seconds=busy_timeout_seconds, has_foreign_keys=False)
    try:
        with writing(engine) as connection:
            revision = stored_revision(connection, path)
            if revision == scripts.get_current_head():
                return
            if revision is not None:
                _require_known(scripts, path, revision)
                back_up(path, backup_path(path, revision))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _require_sound(connection, path)
    finally:
        engine.dispose()


def alembic_config(scripts_dir: Path) -> Config:
    """Return Alembic's settings: no file, no logging; the caller adds ``attributes["connection"]``."""
    config = Config()
    # The value is read with interpolation, in which a path's percent sign must be doubled.
    config.set_main_option("script_location", str(scripts_dir).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def backup_path(path: Path, revision: str) -> Path:
    """Return where the copy of the store at ``path`` goes when it is migrated away from ``revision``."""
    return path.with_name(f"{path.name}.{revision}.backup")


def back_up(path: Path, copy: Path) -> None:
    """Write a whole and synced copy of the store at ``path`` to ``copy``; an older copy gives way at the end.

    Raises:
        StoreError: the copy cannot be written.
    """
    part = copy.with_name(f"{copy.name}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
        put_in_place(part, copy)
    except (sqlite3.Error, OSError) as error:
        raise store_error(copy, error) from error


def _require_known(scripts: ScriptDirectory, path: Path, revision: str) -> None:
    try:
        scripts.get_revision(revision)
    except CommandError as error:
        raise too_new(path, revision) from error


def _require_sound(connection: Connection, path: Path) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if dangling is not None:
        message = f"the migration of {path} would leave a row of {dangling[0]!r} that refers to nothing"
        raise StoreError(message, hint="Nothing was changed. Please report this with the program's version.")
