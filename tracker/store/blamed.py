"""Who was blamed in public, when, and which run took it back: what a proof's memory is (rule 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, insert, select, update

from tracker.store.engine import reading, writing
from tracker.store.tables import culprits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine

    from tracker.model import Culprit


class Blamed:
    """Published culprits of one profile and host; every method is one transaction."""

    def __init__(self, engine: Engine, *, profile: str, host_key: str) -> None:
        self._engine = engine
        self._profile = profile
        self._host_key = host_key

    def standing(self) -> Mapping[str, datetime]:
        """Return when each culprit that stands was published (aware UTC), by key in order."""
        is_standing = culprits.c.ended_at.is_(None)
        query = select(culprits.c.key, culprits.c.published_at).where(self._own(), is_standing).order_by(culprits.c.key)
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def revocations(self) -> Mapping[str, int]:
        """Return how often a pass has revoked each culprit that ever was, by key."""
        query = (
            select(culprits.c.key, func.count())
            .where(self._own(), culprits.c.revoked_by.is_not(None))
            .group_by(culprits.c.key)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def record(self, published: Sequence[Culprit], ended: Mapping[str, int | None], *, now: datetime) -> None:
        """Write who is blamed from now on and who no longer.

        Args:
            published: culprits that did not stand before.
            ended: keys of those that stand no longer, with the run that revoked each; ``None`` where no pass did, but
                its files or its test changed, or a run was retracted.
            now: aware UTC.
        """
        with writing(self._engine) as connection:
            for key, run_id in ended.items():
                connection.execute(
                    update(culprits)
                    .where(self._own(), culprits.c.key == key, culprits.c.ended_at.is_(None))
                    .values(ended_at=now, revoked_by=run_id)
                )
            for one in published:
                connection.execute(
                    insert(culprits).values(
                        profile=self._profile,
                        host_key=self._host_key,
                        key=one.key,
                        standing=one.standing,
                        sentence=one.sentence,
                        published_at=now,
                        ended_at=None,
                        revoked_by=None,
                    )
                )

    def _own(self) -> ColumnElement[bool]:
        return and_(culprits.c.profile == self._profile, culprits.c.host_key == self._host_key)
