"""Reads releases as their offers tell them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from tracker.model import Release
from tracker.store.filing import ASSET_COLUMNS, asset_of
from tracker.store.records import Offer, StoredRelease
from tracker.store.tables import assets, observations, observed_assets, offers, releases, targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, ScalarSelect

    from tracker.model import Asset


def offers_of(connection: Connection, target_id: int) -> Mapping[int, Release]:
    """Return what the target offers now: each release by the id of its offer, by component, then in order of offer."""
    return _told(connection, (offers.c.target_id == target_id) & offers.c.until.is_(None))


def known_release(connection: Connection, component: str, version: str) -> Release | None:
    """Return the release as the newest of its offers tells it; ``None`` when it was never seen."""
    is_it = (releases.c.component == component) & (releases.c.version == version)
    return next(iter(_told(connection, is_it & (offers.c.id == _telling_offer())).values()), None)


def stored_releases(connection: Connection, component: str | None, *, offered_only: bool) -> tuple[StoredRelease, ...]:
    """Return all releases of ``component`` (of all components for ``None``) by component, then id."""
    wanted: ColumnElement[bool] = offers.c.id == _telling_offer()
    if component is not None:
        wanted &= releases.c.component == component
    if offered_only:
        # The offer that tells is a current one whenever there is any.
        wanted &= offers.c.until.is_(None)
    told = _told(connection, wanted)
    current = _current_offers(connection, component)
    query = (
        select(offers.c.id, releases.c.id, releases.c.first_seen_at)
        .join_from(offers, releases)
        .where(wanted)
        .order_by(releases.c.component, releases.c.id)
    )
    return tuple(
        StoredRelease(
            id=release_id, release=told[offer_id], first_seen_at=first_seen_at, offers=tuple(current[release_id])
        )
        for offer_id, release_id, first_seen_at in connection.execute(query)
    )


@cache
def _telling_offer() -> ScalarSelect[int]:
    """The offer that speaks for a release: its newest current one, else the last that it had."""
    own = offers.alias("own")
    return (
        select(own.c.id)
        .where(own.c.release_id == releases.c.id)
        .order_by(case((own.c.until.is_(None), 0), else_=1), own.c.id.desc())
        .limit(1)
        .correlate(releases)
        .scalar_subquery()
    )


@cache
def _newest_observation() -> ScalarSelect[int]:
    own = observations.alias("own_observations")
    return select(func.max(own.c.id)).where(own.c.offer_id == offers.c.id).correlate(offers).scalar_subquery()


def _told(connection: Connection, wanted: ColumnElement[bool]) -> Mapping[int, Release]:
    joined = offers.join(releases).join(observations, observations.c.id == _newest_observation())
    files = _observed_assets(connection, wanted)
    query = (
        select(
            offers.c.id,
            observations.c.id,
            releases.c.component,
            releases.c.version,
            offers.c.line,
            offers.c.channel,
            observations.c.upstream_version,
            observations.c.published_at,
            observations.c.is_prerelease,
            observations.c.notes,
            observations.c.url,
            observations.c.tag,
            observations.c.commit,
            observations.c.awaits,
        )
        .select_from(joined)
        .where(wanted)
        .order_by(releases.c.component, offers.c.id)
    )
    return {
        row[0]: Release(
            component=row[2],
            version=row[3],
            line=row[4],
            channel=row[5],
            upstream_version=row[6],
            published_at=row[7],
            is_prerelease=row[8],
            notes=row[9],
            url=row[10],
            tag=row[11],
            commit=row[12],
            awaits=row[13],
            assets=tuple(files[row[1]]),
        )
        for row in connection.execute(query)
    }


def _observed_assets(connection: Connection, wanted: ColumnElement[bool]) -> Mapping[int, list[Asset]]:
    files: defaultdict[int, list[Asset]] = defaultdict(list)
    query = (
        select(observed_assets.c.observation_id, *ASSET_COLUMNS)
        .select_from(
            offers.join(releases)
            .join(observations, observations.c.id == _newest_observation())
            .join(observed_assets, observed_assets.c.observation_id == observations.c.id)
            .join(assets, assets.c.id == observed_assets.c.asset_id)
        )
        .where(wanted)
        .order_by(observed_assets.c.observation_id, observed_assets.c.position)
    )
    for observation_id, *row in connection.execute(query):
        files[observation_id].append(asset_of(row))
    return files


def _current_offers(connection: Connection, component: str | None) -> Mapping[int, list[Offer]]:
    found: defaultdict[int, list[Offer]] = defaultdict(list)
    query = (
        select(
            offers.c.release_id,
            targets.c.source,
            targets.c.name,
            offers.c.line,
            offers.c.channel,
            offers.c.since,
            offers.c.until,
        )
        .join_from(offers, targets)
        .where(offers.c.until.is_(None))
        .order_by(offers.c.id)
    )
    if component is not None:
        query = query.join(releases).where(releases.c.component == component)
    for release_id, source, target, line, channel, since, until in connection.execute(query):
        offer = Offer(source=source, target=target, line=line, channel=channel, since=since, until=until)
        found[release_id].append(offer)
    return found
