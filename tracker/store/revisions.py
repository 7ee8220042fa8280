"""Which revision a store is at, and whether this program may use it; Alembic is imported only to migrate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from tracker.durable import make_directory
from tracker.errors import SchemaTooNewError, StoreError
from tracker.store.engine import reading, sqlite_engine, use_write_ahead_log
from tracker.store.schema import HEAD_REVISION

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine


def open_current(path: Path, *, busy_timeout_seconds: float) -> Engine:
    """Return an engine on the store at ``path``, which is made or migrated first where that is needed.

    Raises:
        SchemaTooNewError: a newer program wrote it; it was not touched.
        StoreError: it cannot be used; the message says why.
    """
    try:
        make_directory(path.parent)
    except OSError as error:
        message = f"the store's directory {path.parent} cannot be made: {error.strerror}"
        raise StoreError(message, hint="Set paths.home in tracker.toml to a directory that you can write.") from error
    engine = sqlite_engine(path, busy_timeout_seconds=busy_timeout_seconds)
    try:
        _bring_to_head(engine, path, busy_timeout_seconds)
    except BaseException:
        engine.dispose()
        raise
    return engine


def stored_revision(connection: Connection, path: Path) -> str | None:
    """Return the revision that the store is at, or ``None`` for an empty one.

    Raises:
        StoreError: it is a database of another program.
    """
    names = inspect(connection).get_table_names()
    if not names:
        return None
    if "alembic_version" not in names:
        message = f"{path} is a SQLite database of another program"
        raise StoreError(message, hint="Name another directory as paths.home in tracker.toml.")
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def too_new(path: Path, revision: str) -> SchemaTooNewError:
    """Return the refusal of a store at ``revision``, which this program does not know."""
    message = f"the store {path} is at revision {revision!r}; this program knows none newer than {HEAD_REVISION!r}"
    return SchemaTooNewError(
        message, hint="Update this program, or restore the backup that the newer one left beside the store."
    )


def _bring_to_head(engine: Engine, path: Path, busy_timeout_seconds: float) -> None:
    with reading(engine) as connection:
        revision = stored_revision(connection, path)
    if revision != HEAD_REVISION:
        from tracker.store.migrating import migrate

        migrate(path, busy_timeout_seconds=busy_timeout_seconds)
    with reading(engine) as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode != "wal":
        use_write_ahead_log(engine, patience_seconds=busy_timeout_seconds)
