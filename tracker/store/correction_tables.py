"""What persons say about runs and failures, and who was blamed in public; rows are ended, never taken away."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - SQLAlchemy evaluates the annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Named, Table, TypedColumns

from tracker.model import Combination, CulpritStanding
from tracker.store.schema import metadata
from tracker.store.types import CombinationValues, UtcDateTime, word


class _Retractions(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("runs.id"), primary_key=True)
    reason: Named[str]
    url: Named[str]
    retracted_at: Named[datetime] = Column(UtcDateTime)


class _Waivers(TypedColumns):
    id = Column(Integer, primary_key=True)
    profile: Named[str]
    parts: Named[Combination] = Column(CombinationValues)
    capability: Named[str]
    reason: Named[str]
    url: Named[str]
    until: Named[date]
    closes_after: Named[int]
    given_at: Named[datetime] = Column(UtcDateTime)
    closed_at: Named[datetime | None] = Column(UtcDateTime)
    closed_because: Named[str]


class _Culprits(TypedColumns):
    id = Column(Integer, primary_key=True)
    profile: Named[str]
    host_key: Named[str]
    key: Named[str]
    standing: Named[CulpritStanding] = Column(word(CulpritStanding))
    sentence: Named[str]
    published_at: Named[datetime] = Column(UtcDateTime)
    ended_at: Named[datetime | None] = Column(UtcDateTime)
    revoked_by: Named[int | None] = Column(ForeignKey("runs.id"))


retractions = Table("retractions", metadata, _Retractions)
waivers = Table("waivers", metadata, _Waivers)
culprits = Table("culprits", metadata, _Culprits, Index(None, "profile", "host_key"))
