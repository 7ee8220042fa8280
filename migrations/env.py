"""Alembic's entry: runs the revisions on the connection that the store hands over, in the store's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context
from alembic.util import CommandError

from tracker.store.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def run() -> None:
    """Run what the command asks for.

    Raises:
        CommandError: no connection was handed over, as when the ``alembic`` program is called by hand.
    """
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is None:
        message = "no connection: migrations are run by opening the store"
        raise CommandError(message)
    # SQLite changes a column by rebuilding its table, which Alembic calls batch mode.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
