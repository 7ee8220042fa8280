"""Writes what a target offers: only what differs from the last observation becomes a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tracker.errors import StoreError
from tracker.store.offered import offers_of
from tracker.store.tables import assets, observations, observed_assets, offers, releases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tracker.model import Asset, Release

_Place = tuple[str, str, str, str]


def apply_offers(connection: Connection, target_id: int, offered: Sequence[Release], now: datetime) -> None:
    """Make ``offered`` the whole truth of the target: new offers begin, missing ones end, changed ones are observed.

    Raises:
        StoreError: a release is offered twice in one place.
    """
    before = {_place(release): (offer_id, release) for offer_id, release in offers_of(connection, target_id).items()}
    after: set[_Place] = set()
    for release in offered:
        place = _place(release)
        if place in after:
            message = f"one answer offers {release.component} {release.version} twice in {release.channel!r}"
            raise StoreError(message, hint="Nothing of the answer was stored; the source that gave it is at fault.")
        after.add(place)
        if place not in before:
            _begin_offer(connection, target_id, release, now)
        elif before[place][1] != release:
            _observe(connection, before[place][0], _release_id(connection, release, now), release, now)
    for place, (offer_id, _) in before.items():
        if place not in after:
            connection.execute(update(offers).where(offers.c.id == offer_id).values(until=now))


def _place(release: Release) -> _Place:
    return release.component, release.version, release.line, release.channel


def _begin_offer(connection: Connection, target_id: int, release: Release, now: datetime) -> None:
    release_id = _release_id(connection, release, now)
    begun = connection.execute(
        insert(offers)
        .values(target_id=target_id, release_id=release_id, line=release.line, channel=release.channel, since=now)
        .returning(offers.c.id)
    )
    _observe(connection, begun.scalar_one(), release_id, release, now)


def _release_id(connection: Connection, release: Release, now: datetime) -> int:
    found = connection.scalar(
        select(releases.c.id).where(releases.c.component == release.component, releases.c.version == release.version)
    )
    if found is not None:
        return found
    added = connection.execute(
        insert(releases)
        .values(component=release.component, version=release.version, first_seen_at=now)
        .returning(releases.c.id)
    )
    return added.scalar_one()


def _observe(connection: Connection, offer_id: int, release_id: int, release: Release, now: datetime) -> None:
    added = connection.execute(
        insert(observations)
        .values(
            offer_id=offer_id,
            observed_at=now,
            upstream_version=release.upstream_version,
            published_at=release.published_at,
            is_prerelease=release.is_prerelease,
            notes=release.notes,
            url=release.url,
        )
        .returning(observations.c.id)
    )
    observation_id = added.scalar_one()
    for position, asset in enumerate(release.assets):
        asset_id = _asset_id(connection, release_id, asset, now)
        connection.execute(
            insert(observed_assets).values(observation_id=observation_id, position=position, asset_id=asset_id)
        )


def _asset_id(connection: Connection, release_id: int, asset: Asset, now: datetime) -> int:
    # Another digest, or anything else that differs, is another asset: the old row stays.
    found = connection.scalar(
        select(assets.c.id).where(
            assets.c.release_id == release_id,
            assets.c.name == asset.name,
            assets.c.url == asset.url,
            assets.c.size.is_not_distinct_from(asset.size),
            assets.c.digest.is_not_distinct_from(asset.digest),
            assets.c.role == asset.role,
        )
    )
    if found is not None:
        return found
    added = connection.execute(
        insert(assets)
        .values(
            release_id=release_id,
            name=asset.name,
            url=asset.url,
            size=asset.size,
            digest=asset.digest,
            role=asset.role,
            first_seen_at=now,
        )
        .returning(assets.c.id)
    )
    return added.scalar_one()
