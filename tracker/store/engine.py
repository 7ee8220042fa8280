"""The connection to the database: how it syncs, locks and begins transactions."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import stamina
from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from tracker.store.failures import store_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_SECONDS: Final = 30.0
"""How long a transaction waits for another one's end; ours last milliseconds, a migration or a backup seconds."""

_BEGIN_OPTION = "tracker_begin"


def sqlite_engine(path: Path, *, busy_timeout_seconds: float, has_foreign_keys: bool = True) -> Engine:
    """Return an engine on the file ``path``; nothing is opened before the first use.

    Args:
        path: the database's file.
        busy_timeout_seconds: how long to wait for another connection's lock.
        has_foreign_keys: false only while a migration rebuilds tables, which SQLite does by dropping them.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": busy_timeout_seconds}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver would begin late and only before some statements; `_begin` does it for each transaction.
        connection.isolation_level = None
        connection.execute(f"PRAGMA foreign_keys = {'ON' if has_foreign_keys else 'OFF'}")
        # In WAL mode NORMAL may lose the last commits when the power fails, and with them finished runs. A run
        # takes hundreds of milliseconds and commits twice, so that a sync for each commit is not felt.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(str(connection.get_execution_options().get(_BEGIN_OPTION, "BEGIN")))

    return engine


def use_write_ahead_log(engine: Engine, *, patience_seconds: float = BUSY_TIMEOUT_SECONDS) -> None:
    """Let readers and one writer work at the same time; the file remembers it.

    Args:
        engine: on a file that others may be opening at this very moment.
        patience_seconds: how long to wait for them.

    Raises:
        StoreError: the file cannot be changed.
    """
    # SQLite does not wait by itself here: two connections that both change the mode would wait for each other.
    patience = stamina.retry_context(
        on=_is_busy, attempts=None, timeout=patience_seconds, wait_initial=0.01, wait_max=0.2
    )
    try:
        for attempt in patience:
            with attempt, closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode = WAL").close()
    except sqlite3.Error as error:
        raise store_error(engine.url.database or "", error) from error


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that sees one state of the store throughout.

    Raises:
        StoreError: the store cannot be read.
    """
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except (SQLAlchemyError, sqlite3.Error, UnicodeError) as error:
        raise store_error(engine.url.database or "", error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that commits at the end of the block, or leaves nothing.

    It holds the write lock from its beginning, so that it never fails half-way because another one wrote after it
    began to read. Keep it short.

    Raises:
        StoreError: the store cannot be written, or the data contradict what is there.
    """
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(**{_BEGIN_OPTION: "BEGIN IMMEDIATE"})
            with connection.begin():
                yield connection
    except (SQLAlchemyError, sqlite3.Error, UnicodeError) as error:
        raise store_error(engine.url.database or "", error) from error
