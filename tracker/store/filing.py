"""Keeps each file that a release was ever seen with once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from tracker.model import Asset
from tracker.store.tables import assets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Column, Connection

_MOST_IN_ONE_QUESTION = 500

ASSET_COLUMNS: Final[tuple[Column[object], ...]] = tuple(
    assets.columns[name]
    for name in (
        "name",
        "url",
        "size",
        "digest",
        "role",
        "platform",
        "os_version",
        "revision",
        "further_digests",
        "distrust",
    )
)
"""What a row says of a file; ``asset_of`` reads it in this order."""


def asset_of(row: Sequence[Any]) -> Asset:
    """Return the file that values of ``ASSET_COLUMNS`` tell of."""
    return Asset(**dict(zip(_FIELDS, row, strict=True)))


def asset_ids(
    connection: Connection, files: Sequence[tuple[int, Asset]], now: datetime
) -> Mapping[tuple[int, Asset], int]:
    """Return the id of each file by its release's id and itself; those that are new are added in order.

    Another digest, or anything else that differs, is another asset: the old row stays.
    """
    found: dict[tuple[int, Asset], int] = {}
    owners = sorted({release_id for release_id, _ in files})
    for start in range(0, len(owners), _MOST_IN_ONE_QUESTION):
        some = owners[start : start + _MOST_IN_ONE_QUESTION]
        known = select(assets.c.release_id, assets.c.id, *ASSET_COLUMNS).where(assets.c.release_id.in_(some))
        for release_id, asset_id, *row in connection.execute(known):
            found.setdefault((release_id, asset_of(row)), asset_id)
    new = list(dict.fromkeys(one for one in files if one not in found))
    if new:
        rows = [{"release_id": release_id, "first_seen_at": now, **_values(asset)} for release_id, asset in new]
        adding = insert(assets).returning(assets.c.id, sort_by_parameter_order=True)
        found |= dict(zip(new, connection.scalars(adding, rows), strict=True))
    return found


_FIELDS = tuple(column.name for column in ASSET_COLUMNS)


def _values(asset: Asset) -> dict[str, object]:
    return {name: getattr(asset, name) for name in _FIELDS}
