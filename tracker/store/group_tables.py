"""Runs that said the very same, kept together for judging: the steps of a million runs are not read one by one.

A row is worked out from runs and their steps, in the transaction that writes these, and holds nothing that they do not
tell. What a person takes back is left out by whoever reads.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Named, Table, TypedColumns, UniqueConstraint

from tracker.store.schema import metadata


class _RunGroups(TypedColumns):
    id = Column(Integer, primary_key=True)
    profile: Named[str]
    combination_id: Named[int] = Column(ForeignKey("combinations.id"))
    evidence_key_id: Named[int] = Column(ForeignKey("evidence_keys.id"), index=True)
    digest: Named[str]
    page: Named[int]
    said: Named[str]
    run_count: Named[int]
    moments: Named[bytes] = Column(LargeBinary)


run_groups = Table(
    "run_groups",
    metadata,
    _RunGroups,
    UniqueConstraint("combination_id", "evidence_key_id", "profile", "digest", "page"),
)
