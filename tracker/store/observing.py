"""Writes what a target offers: only what differs from the last observation becomes a row.

A first look at a large upstream tells of hundreds of releases with thousands of files, so that each table is read and
written a few times in all, however many there are.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from tracker.errors import StoreError
from tracker.store.filing import asset_ids
from tracker.store.offered import offers_of
from tracker.store.tables import observations, observed_assets, offers, releases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tracker.model import Release

_Place = tuple[str, str, str, str]


def apply_offers(connection: Connection, target_id: int, offered: Sequence[Release], now: datetime) -> None:
    """Make ``offered`` the whole truth of the target: new offers begin, missing ones end, changed ones are observed.

    Raises:
        StoreError: a release is offered twice in one place.
    """
    before = {_place(release): (offer_id, release) for offer_id, release in offers_of(connection, target_id).items()}
    after = {_place(release): release for release in offered}
    if len(after) != len(offered):
        raise _twice(offered)
    begun = [release for place, release in after.items() if place not in before]
    edited = [(before[place][0], one) for place, one in after.items() if place in before and before[place][1] != one]
    ended = [offer_id for place, (offer_id, _) in before.items() if place not in after]
    told = _release_ids(connection, [*begun, *(release for _, release in edited)], now)
    observed = [*_begin(connection, target_id, begun, told, now), *edited]
    _observe(connection, observed, told, now)
    if ended:
        end = update(offers).where(offers.c.id == bindparam("offer")).values(until=now)
        connection.execute(end, [{"offer": offer_id} for offer_id in ended])


def _place(release: Release) -> _Place:
    return release.component, release.version, release.line, release.channel


def _twice(offered: Sequence[Release]) -> StoreError:
    counts = Counter(map(_place, offered))
    twice = next(one for one in offered if counts[_place(one)] > 1)
    message = f"one answer offers {twice.component} {twice.version} twice in {twice.channel!r}"
    return StoreError(message, hint="Nothing of the answer was stored; the source that gave it is at fault.")


def _release_ids(connection: Connection, told: Sequence[Release], now: datetime) -> Mapping[tuple[str, str], int]:
    """Return the id of every known release of the components told of; those that are new are added in order."""
    found: dict[tuple[str, str], int] = {}
    for component in sorted({one.component for one in told}):
        known = select(releases.c.version, releases.c.id).where(releases.c.component == component)
        found |= {(component, version): release_id for version, release_id in connection.execute(known)}
    new = dict.fromkeys((one.component, one.version) for one in told if (one.component, one.version) not in found)
    if new:
        rows = [{"component": component, "version": version, "first_seen_at": now} for component, version in new]
        adding = insert(releases).returning(releases.c.id, sort_by_parameter_order=True)
        found |= dict(zip(new, connection.scalars(adding, rows), strict=True))
    return found


def _begin(
    connection: Connection,
    target_id: int,
    begun: Sequence[Release],
    ids: Mapping[tuple[str, str], int],
    now: datetime,
) -> list[tuple[int, Release]]:
    """Begin an offer for each release and return them with their offers' ids."""
    if not begun:
        return []
    rows = [
        {
            "target_id": target_id,
            "release_id": ids[one.component, one.version],
            "line": one.line,
            "channel": one.channel,
            "since": now,
        }
        for one in begun
    ]
    adding = insert(offers).returning(offers.c.id, sort_by_parameter_order=True)
    return list(zip(connection.scalars(adding, rows), begun, strict=True))


def _observe(
    connection: Connection,
    observed: Sequence[tuple[int, Release]],
    ids: Mapping[tuple[str, str], int],
    now: datetime,
) -> None:
    if not observed:
        return
    rows = [
        {
            "offer_id": offer_id,
            "observed_at": now,
            "upstream_version": one.upstream_version,
            "published_at": one.published_at,
            "is_prerelease": one.is_prerelease,
            "notes": one.notes,
            "url": one.url,
            "tag": one.tag,
            "commit": one.commit,
            "awaits": one.awaits,
        }
        for offer_id, one in observed
    ]
    adding = insert(observations).returning(observations.c.id, sort_by_parameter_order=True)
    added = connection.scalars(adding, rows).all()
    files = [(ids[one.component, one.version], asset) for _, one in observed for asset in one.assets]
    filed = asset_ids(connection, files, now)
    places = [
        {
            "observation_id": observation_id,
            "position": position,
            "asset_id": filed[ids[one.component, one.version], asset],
        }
        for observation_id, (_, one) in zip(added, observed, strict=True)
        for position, asset in enumerate(one.assets)
    ]
    if places:
        connection.execute(insert(observed_assets), places)
