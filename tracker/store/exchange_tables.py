"""Which runs came from other hosts, and who vouched for them."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy evaluates the annotations

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns

from tracker.store.schema import metadata
from tracker.store.types import UtcDateTime


class _ImportedRuns(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("runs.id"), primary_key=True)
    digest: Named[str] = Column(unique=True)
    origin: Named[str]
    number_there: Named[int]
    imported_at: Named[datetime] = Column(UtcDateTime)


class _Vouchers(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("imported_runs.run_id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)


imported_runs = Table("imported_runs", metadata, _ImportedRuns)
vouchers = Table("vouchers", metadata, _Vouchers)
