"""A store as it was at an earlier moment: nothing is ever overwritten, so what came later is left out of a copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from tracker.model import to_microseconds
from tracker.store.engine import BUSY_TIMEOUT_SECONDS, sqlite_engine, writing
from tracker.store.failures import store_error
from tracker.store.grouping import take_apart
from tracker.store.tables import (
    changes,
    culprits,
    imported_runs,
    jobs,
    looks,
    observations,
    offers,
    releases,
    retractions,
    runs,
    sightings,
    waivers,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection


def copy_as_of(source: Path, target: Path, at: datetime) -> None:
    """Write to ``target`` what the store at ``source`` held at ``at``; the store itself is only read.

    A run counts from its end, an imported one from its import. What was withdrawn, retracted, waived or revoked later
    is as if it had not been yet.

    Args:
        source: a store of this program's revision.
        target: a file that is not there yet.
        at: aware UTC.

    Raises:
        StoreError: the store cannot be read, or the copy not be written.
    """
    try:
        with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as copy:
            whole.backup(copy)
    except sqlite3.Error as error:
        raise store_error(str(source), error) from error
    # What refers to a row that goes is never asked for without it.
    engine = sqlite_engine(target, busy_timeout_seconds=BUSY_TIMEOUT_SECONDS, has_foreign_keys=False)
    try:
        with writing(engine) as connection:
            _forget_upstreams(connection, at)
            _forget_runs(connection, at)
            _forget_corrections(connection, at)
    finally:
        engine.dispose()


def _forget_upstreams(connection: Connection, at: datetime) -> None:
    connection.execute(delete(looks).where(looks.c.looked_at > at))
    connection.execute(delete(changes).where(changes.c.observed_at > at))
    connection.execute(delete(releases).where(releases.c.first_seen_at > at))
    connection.execute(delete(observations).where(observations.c.observed_at > at))
    # First what began later: it may be what took the place of an offer that lasts again now.
    connection.execute(delete(offers).where(offers.c.since > at))
    connection.execute(update(offers).where(offers.c.until > at).values(until=None))
    connection.execute(delete(sightings).where(sightings.c.observed_at > at))
    connection.execute(update(sightings).where(sightings.c.until > at).values(until=None))


def _forget_runs(connection: Connection, at: datetime) -> None:
    later = select(imported_runs.c.run_id).where(imported_runs.c.imported_at > at)
    imported_later = set(connection.scalars(later))
    take_apart(connection, finished_after=to_microseconds(at), run_ids=imported_later)
    connection.execute(
        delete(runs).where(or_(runs.c.finished_at.is_(None), runs.c.finished_at > at, runs.c.id.in_(later)))
    )
    connection.execute(delete(imported_runs).where(imported_runs.c.imported_at > at))
    connection.execute(delete(jobs).where(jobs.c.queued_at > at))


def _forget_corrections(connection: Connection, at: datetime) -> None:
    connection.execute(delete(retractions).where(retractions.c.retracted_at > at))
    connection.execute(delete(waivers).where(waivers.c.given_at > at))
    connection.execute(update(waivers).where(waivers.c.closed_at > at).values(closed_at=None, closed_because=""))
    connection.execute(delete(culprits).where(culprits.c.published_at > at))
    connection.execute(update(culprits).where(culprits.c.ended_at > at).values(ended_at=None, revoked_by=None))
