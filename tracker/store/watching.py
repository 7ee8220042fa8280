"""Targets, looks and the ledger."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from tracker.model import Change
from tracker.store.observing import apply_offers
from tracker.store.offered import offers_of
from tracker.store.records import Look, TargetState
from tracker.store.sighted import apply_sightings, shown_by
from tracker.store.tables import changes, looks, targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from tracker.model import Release, Sighting


_ENTRY = tuple(one.name for one in fields(Change))
"""The columns of an entry are its fields."""


def target_state(connection: Connection, source: str, target: str) -> TargetState:
    """Return what is remembered of the target; the state of a first look when it was never looked at."""
    row = connection.execute(
        select(targets.c.cursor, targets.c.has_baseline, targets.c.pending).where(
            targets.c.source == source, targets.c.name == target
        )
    ).one_or_none()
    return TargetState() if row is None else TargetState(cursor=row[0], has_baseline=row[1], pending=row[2])


def target_states(connection: Connection, source: str) -> Mapping[str, TargetState]:
    """Return what is remembered of each target of the source that was ever looked at, by name."""
    query = select(targets.c.name, targets.c.cursor, targets.c.has_baseline, targets.c.pending).where(
        targets.c.source == source
    )
    return {
        name: TargetState(cursor=cursor, has_baseline=has_baseline, pending=pending)
        for name, cursor, has_baseline, pending in connection.execute(query)
    }


def offered_by(connection: Connection, source: str, target: str) -> tuple[Release, ...]:
    """Return what the target offered at the last applied look, by component, then in order of offer."""
    target_id = target_id_of(connection, source, target)
    return () if target_id is None else tuple(offers_of(connection, target_id).values())


def sighted_by(connection: Connection, source: str, target: str) -> tuple[Sighting, ...]:
    """Return what the target showed besides releases at the last applied look, by component, kind and place."""
    target_id = target_id_of(connection, source, target)
    return () if target_id is None else shown_by(connection, target_id)


def record(
    connection: Connection,
    look: Look,
    state: TargetState,
    offered: Sequence[Release] | None,
    sightings: Sequence[Sighting] | None,
    entries: Sequence[Change],
) -> None:
    """Write a look and all that it showed.

    ``offered`` and ``sightings`` are each the target's whole new truth; ``None`` leaves the old one.
    """
    target_id = _keep_state(connection, look, state)
    look_id = connection.scalars(insert(looks).returning(looks.c.id), [_look_row(target_id, look)]).one()
    if offered is not None:
        apply_offers(connection, target_id, offered, look.looked_at)
    if sightings is not None:
        apply_sightings(connection, target_id, sightings, look.looked_at)
    if entries:
        rows = [{"look_id": look_id, **{name: getattr(entry, name) for name in _ENTRY}} for entry in entries]
        connection.execute(insert(changes), rows)


def record_quiet(connection: Connection, made: Sequence[tuple[Look, TargetState]]) -> None:
    """Write looks that changed nothing but their target's state; of many, each table is written once."""
    ids: dict[tuple[str, str], int] = {}
    for source in sorted({look.source for look, _ in made}):
        known = target_states(connection, source)
        changed = [(look, state) for look, state in made if look.source == source and known.get(look.target) != state]
        for look, state in changed:
            _keep_state(connection, look, state)
        query = select(targets.c.name, targets.c.id).where(targets.c.source == source)
        ids |= {(source, name): target_id for name, target_id in connection.execute(query)}
    if made:
        rows = [_look_row(ids[look.source, look.target], look) for look, _ in made]
        connection.execute(insert(looks), rows)


def last_looks(connection: Connection) -> tuple[Look, ...]:
    """Return the newest look of each target, by source and target."""
    own = looks.alias("own")
    newest = select(func.max(own.c.id)).where(own.c.target_id == targets.c.id).correlate(targets).scalar_subquery()
    query = (
        select(
            targets.c.source,
            targets.c.name,
            looks.c.title,
            looks.c.looked_at,
            looks.c.result,
            looks.c.message,
            looks.c.is_complete,
        )
        .join_from(targets, looks, looks.c.id == newest)
        .order_by(targets.c.source, targets.c.name)
    )
    return tuple(
        Look(
            source=source,
            target=target,
            title=title,
            looked_at=looked_at,
            result=result,
            message=message,
            is_complete=is_complete,
        )
        for source, target, title, looked_at, result, message, is_complete in connection.execute(query)
    )


def ledger(
    connection: Connection, component: str | None, *, limit: int | None, include_baseline: bool
) -> tuple[Change, ...]:
    """Return entries of the ledger, newest first.

    News alone stand in the reverse of the order in which they were recorded. With the history that first looks found,
    all stand by the time of the event where the upstream tells it, else by that of the look.
    """
    # A first look records years of history at one moment: it reads in order only by the time of the events.
    told = [func.coalesce(changes.c.happened_at, changes.c.observed_at).desc()] if include_baseline else []
    query = select(*(changes.columns[name] for name in _ENTRY)).order_by(*told, changes.c.id.desc())
    if component is not None:
        query = query.where(changes.c.component == component)
    if not include_baseline:
        query = query.where(changes.c.is_baseline.is_(False))
    if limit is not None:
        query = query.limit(limit)
    return tuple(Change(**dict(zip(_ENTRY, row, strict=True))) for row in connection.execute(query))


def target_id_of(connection: Connection, source: str, target: str) -> int | None:
    """Return the target's id; ``None`` when it was never looked at."""
    return connection.scalar(select(targets.c.id).where(targets.c.source == source, targets.c.name == target))


def _look_row(target_id: int, look: Look) -> dict[str, object]:
    return {
        "target_id": target_id,
        "title": look.title,
        "looked_at": look.looked_at,
        "result": look.result,
        "message": look.message,
        "is_complete": look.is_complete,
    }


def _keep_state(connection: Connection, look: Look, state: TargetState) -> int:
    target_id = target_id_of(connection, look.source, look.target)
    kept = {"cursor": state.cursor, "has_baseline": state.has_baseline, "pending": state.pending}
    if target_id is None:
        added = connection.execute(
            insert(targets).values(source=look.source, name=look.target, **kept).returning(targets.c.id)
        )
        return added.scalar_one()
    connection.execute(update(targets).where(targets.c.id == target_id).values(**kept))
    return target_id
