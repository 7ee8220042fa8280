"""What targets showed, as it goes out to a machine without network and comes in there."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tracker.model import Change
from tracker.store.offered import offers_of
from tracker.store.records import Look, LookResult, TargetState
from tracker.store.sighted import shown_by
from tracker.store.tables import changes, looks, targets
from tracker.store.watching import record, target_id_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tracker.model import Release, Sighting

_ENTRY = tuple(one.name for one in fields(Change))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is known of one target.

    Attributes:
        look: the newest one that succeeded.
        state: what is remembered of the target; nothing of it awaits confirmation.
        offered: what it offers.
        sightings: what it shows besides.
        changes: its part of the ledger, oldest first.
    """

    look: Look
    state: TargetState
    offered: tuple[Release, ...]
    sightings: tuple[Sighting, ...]
    changes: tuple[Change, ...]


def tell(connection: Connection) -> tuple[Told, ...]:
    """Return every target that was ever looked at with success, by source and name."""
    query = select(targets.c.id, targets.c.source, targets.c.name, targets.c.cursor).where(targets.c.has_baseline)
    found = []
    for target_id, source, name, cursor in connection.execute(query.order_by(targets.c.source, targets.c.name)):
        seen = _last_success(connection, target_id)
        if seen is None:
            continue
        looked_at, title = seen
        found.append(
            Told(
                look=Look(source=source, target=name, title=title, looked_at=looked_at, result=LookResult.NO_NEWS),
                state=TargetState(cursor=cursor, has_baseline=True),
                offered=tuple(offers_of(connection, target_id).values()),
                sightings=shown_by(connection, target_id),
                changes=_ledger_of(connection, target_id),
            )
        )
    return tuple(found)


def take(connection: Connection, told: Sequence[Told]) -> int:
    """Write what is newer than what this store saw by itself; return of how many targets that was."""
    return sum(_take(connection, one) for one in told)


def _take(connection: Connection, one: Told) -> bool:
    target_id = target_id_of(connection, one.look.source, one.look.target)
    seen = _last_success(connection, target_id) if target_id is not None else None
    if seen is not None and seen[0] >= one.look.looked_at:
        return False
    new = [each for each in one.changes if seen is None or each.observed_at > seen[0]]
    record(connection, one.look, one.state, one.offered, one.sightings, new)
    return True


def _last_success(connection: Connection, target_id: int) -> tuple[datetime, str] | None:
    found = select(func.max(looks.c.id)).where(
        looks.c.target_id == target_id, looks.c.result != LookResult.COULD_NOT_LOOK
    )
    row = connection.execute(
        select(looks.c.looked_at, looks.c.title).where(looks.c.id == found.scalar_subquery())
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _ledger_of(connection: Connection, target_id: int) -> tuple[Change, ...]:
    query = (
        select(*(changes.columns[name] for name in _ENTRY))
        .join_from(changes, looks, changes.c.look_id == looks.c.id)
        .where(looks.c.target_id == target_id)
        .order_by(changes.c.id)
    )
    return tuple(Change(**dict(zip(_ENTRY, row, strict=True))) for row in connection.execute(query))
