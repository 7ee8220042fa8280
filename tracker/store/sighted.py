"""Writes and reads what targets show besides releases: a thing that changed gets a new row, and the old one its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from tracker.errors import StoreError
from tracker.store.tables import sightings, targets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from tracker.model import Sighting


def apply_sightings(connection: Connection, target_id: int, shown: Sequence[Sighting], now: datetime) -> None:
    """Make ``shown`` all that the target shows besides releases.

    Raises:
        StoreError: one place is told twice.
    """
    after = {one.place: one for one in shown}
    if len(after) != len(shown):
        message = "one answer tells twice of the same thing"
        raise StoreError(message, hint="Nothing of the answer was stored; the source that gave it is at fault.")
    query = select(sightings.c.id, sightings.c.content).where(_current(target_id))
    before = {content.place: (row_id, content) for row_id, content in connection.execute(query)}
    ended = [row_id for place, (row_id, content) in before.items() if after.get(place) != content]
    if ended:
        end = update(sightings).where(sightings.c.id == bindparam("row")).values(until=now)
        connection.execute(end, [{"row": row_id} for row_id in ended])
    new = [one for place, one in after.items() if place not in before or before[place][1] != one]
    rows = [
        {
            "target_id": target_id,
            "component": one.component,
            "kind": one.place[0],
            "place": json.dumps(one.place, ensure_ascii=False),
            "content": one,
            "observed_at": now,
        }
        for one in new
    ]
    if rows:
        connection.execute(insert(sightings), rows)


def shown_by(connection: Connection, target_id: int) -> tuple[Sighting, ...]:
    """Return what the target shows now, by component, kind and place."""
    query = select(sightings.c.content).where(_current(target_id))
    return tuple(sorted(connection.scalars(query), key=_order))


def current_sightings(connection: Connection, component: str | None) -> tuple[Sighting, ...]:
    """Return what all targets show now, by component, kind and place, then by source and target."""
    query = select(sightings.c.content).join_from(sightings, targets).where(sightings.c.until.is_(None))
    if component is not None:
        query = query.where(sightings.c.component == component)
    query = query.order_by(targets.c.source, targets.c.name)
    return tuple(sorted(connection.scalars(query), key=_order))


def shown_beside(connection: Connection, target_id: int | None, components: Sequence[str]) -> tuple[Sighting, ...]:
    """Return what all other targets show now of the components, by component, kind and place."""
    query = select(sightings.c.content).where(sightings.c.until.is_(None), sightings.c.component.in_(components))
    if target_id is not None:
        query = query.where(sightings.c.target_id != target_id)
    return tuple(sorted(connection.scalars(query), key=_order))


def places_before(connection: Connection, components: Sequence[str], at: datetime) -> frozenset[tuple[str, ...]]:
    """Return the place of everything of the components that was first sighted before ``at``."""
    query = select(sightings.c.place).where(sightings.c.component.in_(components), sightings.c.observed_at < at)
    return frozenset(tuple(json.loads(place)) for place in connection.scalars(query.distinct()))


def _current(target_id: int) -> ColumnElement[bool]:
    return (sightings.c.target_id == target_id) & sightings.c.until.is_(None)


def _order(one: Sighting) -> tuple[str, tuple[str, ...]]:
    return one.component, one.place
