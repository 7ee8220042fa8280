"""Keeps runs that said the very same together, in the transaction in which they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tracker.store.said import digest_of, moment_of, pack, unpack, write_said
from tracker.store.tables import run_groups, runs

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from tracker.model import Run

MOST_ON_A_PAGE = 500
"""So many runs share a row; another run of theirs rewrites no more than that."""


def put_together(connection: Connection, run: Run) -> None:
    """Add the finished ``run``, which is written and in no group yet, to those that said the same."""
    place = connection.execute(
        select(runs.c.profile, runs.c.combination_id, runs.c.evidence_key_id).where(runs.c.id == run.id)
    ).one()
    said = write_said(run)
    alike = {
        "profile": place.profile,
        "combination_id": place.combination_id,
        "evidence_key_id": place.evidence_key_id,
        "digest": digest_of(said),
    }
    newest = connection.execute(
        select(run_groups.c.id, run_groups.c.page, run_groups.c.run_count, run_groups.c.moments)
        .where(*(run_groups.columns[name] == value for name, value in alike.items()))
        .order_by(run_groups.c.page.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    added = pack([moment_of(run)])
    if newest is None or newest.run_count >= MOST_ON_A_PAGE:
        page = newest.page + 1 if newest else 0
        connection.execute(insert(run_groups).values(**alike, page=page, said=said, run_count=1, moments=added))
        return
    connection.execute(
        update(run_groups)
        .where(run_groups.c.id == newest.id)
        .values(run_count=newest.run_count + 1, moments=newest.moments + added)
    )


def take_apart(connection: Connection, *, finished_after: int, run_ids: Collection[int]) -> None:
    """Take runs out of their groups, for a copy of the store that never had them.

    Args:
        connection: to the copy.
        finished_after: runs that ended later go, in microseconds since 1970 in UTC.
        run_ids: these go as well.
    """
    for group_id, moments in connection.execute(select(run_groups.c.id, run_groups.c.moments)).all():
        before = unpack([moments])
        left = [one for one in before if one[0] <= finished_after and one[2] not in run_ids]
        if not left:
            connection.execute(delete(run_groups).where(run_groups.c.id == group_id))
        elif len(left) < len(before):
            changed = {"run_count": len(left), "moments": pack(left)}
            connection.execute(update(run_groups).where(run_groups.c.id == group_id).values(**changed))
