"""What was seen upstream: looks, releases, offers, what each offer said, what else was sighted, and the ledger.

Rows are added and never changed, with exceptions that lose nothing: a target's own state (what the next look needs),
and the end of an offer or a sighting.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy evaluates the annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Named, Table, TypedColumns, UniqueConstraint

from tracker.model import AssetRole, ChangeKind, Sighting
from tracker.store.records import LookResult
from tracker.store.schema import metadata
from tracker.store.types import SightingContent, Texts, UtcDateTime, word


class _Targets(TypedColumns):
    id = Column(Integer, primary_key=True)
    source: Named[str]
    name: Named[str]
    cursor: Named[str]
    has_baseline: Named[bool]
    pending: Named[str]


class _Looks(TypedColumns):
    id = Column(Integer, primary_key=True)
    target_id: Named[int] = Column(ForeignKey("targets.id"), index=True)
    title: Named[str]
    looked_at: Named[datetime] = Column(UtcDateTime)
    result: Named[LookResult] = Column(word(LookResult))
    message: Named[str]
    is_complete: Named[bool]


class _Releases(TypedColumns):
    id = Column(Integer, primary_key=True)
    component: Named[str]
    version: Named[str]
    first_seen_at: Named[datetime] = Column(UtcDateTime)


class _Assets(TypedColumns):
    id = Column(Integer, primary_key=True)
    release_id: Named[int] = Column(ForeignKey("releases.id"), index=True)
    name: Named[str]
    url: Named[str]
    size: Named[int | None] = Column(BigInteger)
    digest: Named[str | None]
    role: Named[AssetRole] = Column(word(AssetRole))
    first_seen_at: Named[datetime] = Column(UtcDateTime)
    platform: Named[str]
    os_version: Named[str]
    revision: Named[str]
    further_digests: Named[tuple[str, ...]] = Column(Texts)
    distrust: Named[str]


class _Offers(TypedColumns):
    id = Column(Integer, primary_key=True)
    target_id: Named[int] = Column(ForeignKey("targets.id"))
    release_id: Named[int] = Column(ForeignKey("releases.id"), index=True)
    line: Named[str]
    channel: Named[str]
    since: Named[datetime] = Column(UtcDateTime)
    until: Named[datetime | None] = Column(UtcDateTime)


class _Observations(TypedColumns):
    id = Column(Integer, primary_key=True)
    offer_id: Named[int] = Column(ForeignKey("offers.id"), index=True)
    observed_at: Named[datetime] = Column(UtcDateTime)
    upstream_version: Named[str]
    published_at: Named[datetime | None] = Column(UtcDateTime)
    is_prerelease: Named[bool]
    notes: Named[str]
    url: Named[str]
    tag: Named[str]
    commit: Named[str]
    awaits: Named[tuple[str, ...]] = Column(Texts)


class _ObservedAssets(TypedColumns):
    observation_id: Named[int] = Column(ForeignKey("observations.id"), primary_key=True)
    position: Named[int] = Column(primary_key=True)
    asset_id: Named[int] = Column(ForeignKey("assets.id"), index=True)


class _Changes(TypedColumns):
    id = Column(Integer, primary_key=True)
    look_id: Named[int] = Column(ForeignKey("looks.id"), index=True)
    kind: Named[ChangeKind] = Column(word(ChangeKind))
    component: Named[str] = Column(index=True)
    version: Named[str]
    channel: Named[str]
    before: Named[str]
    after: Named[str]
    observed_at: Named[datetime] = Column(UtcDateTime)
    is_baseline: Named[bool]
    subject: Named[str]
    happened_at: Named[datetime | None] = Column(UtcDateTime)
    url: Named[str]


class _Sightings(TypedColumns):
    id = Column(Integer, primary_key=True)
    target_id: Named[int] = Column(ForeignKey("targets.id"))
    component: Named[str] = Column(index=True)
    kind: Named[str]
    place: Named[str]
    content: Named[Sighting] = Column(SightingContent)
    observed_at: Named[datetime] = Column(UtcDateTime)
    until: Named[datetime | None] = Column(UtcDateTime)


targets = Table("targets", metadata, _Targets, UniqueConstraint("source", "name"))
looks = Table("looks", metadata, _Looks)
releases = Table("releases", metadata, _Releases, UniqueConstraint("component", "version"))
assets = Table("assets", metadata, _Assets)
offers = Table("offers", metadata, _Offers)
# At most one current offer of a release in one place of one target.
Index(
    "uq_offers_current",
    offers.c.target_id,
    offers.c.release_id,
    offers.c.line,
    offers.c.channel,
    unique=True,
    sqlite_where=offers.c.until.is_(None),
    postgresql_where=offers.c.until.is_(None),
)
observations = Table("observations", metadata, _Observations)
observed_assets = Table("observed_assets", metadata, _ObservedAssets)
changes = Table("changes", metadata, _Changes)
sightings = Table("sightings", metadata, _Sightings)
# At most one current sighting of a thing by one target.
Index(
    "uq_sightings_current",
    sightings.c.target_id,
    sightings.c.place,
    unique=True,
    sqlite_where=sightings.c.until.is_(None),
    postgresql_where=sightings.c.until.is_(None),
)
