"""Retractions of runs and waivers of failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tracker.errors import StoreError
from tracker.model import Combination, RetractedRun, Retraction, RunState, Waiver
from tracker.store.engine import reading, writing
from tracker.store.tables import combinations, evidence_keys, retractions, runs, waivers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine


class Corrections:
    """What persons say; every method is one transaction and raises ``StoreError`` as the store's own do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def retract(self, retraction: Retraction) -> None:
        """Write that a run says nothing; its row stays.

        Raises:
            StoreError: there is no such finished run, or it was retracted before.
        """
        with writing(self._engine) as connection:
            state = connection.scalar(select(runs.c.state).where(runs.c.id == retraction.run_id))
            if state is not RunState.FINISHED:
                message = f"there is no finished run {retraction.run_id}"
                raise StoreError(message, hint="`tracker runs` lists them.")
            before = connection.scalar(select(retractions.c.reason).where(retractions.c.run_id == retraction.run_id))
            if before is not None:
                message = f"run {retraction.run_id} was retracted before: {before}"
                raise StoreError(message, hint="Nothing rests on it any more; there is nothing to do.")
            connection.execute(
                insert(retractions).values(
                    run_id=retraction.run_id,
                    reason=retraction.reason,
                    url=retraction.url,
                    retracted_at=retraction.retracted_at,
                )
            )

    def retractions(self) -> tuple[Retraction, ...]:
        """Return all retractions, by run."""
        query = select(
            retractions.c.run_id, retractions.c.reason, retractions.c.url, retractions.c.retracted_at
        ).order_by(retractions.c.run_id)
        with reading(self._engine) as connection:
            return tuple(
                Retraction(run_id=run_id, reason=reason, url=url, retracted_at=retracted_at)
                for run_id, reason, url, retracted_at in connection.execute(query)
            )

    def retracted_runs(self, profile: str) -> tuple[RetractedRun, ...]:
        """Return the runs of ``profile`` that were taken back, by run."""
        query = (
            select(
                retractions.c.run_id,
                retractions.c.reason,
                retractions.c.url,
                retractions.c.retracted_at,
                combinations.c.parts,
                evidence_keys.c.host_key,
            )
            .select_from(retractions.join(runs).join(combinations).join(evidence_keys))
            .where(runs.c.profile == profile)
            .order_by(retractions.c.run_id)
        )
        with reading(self._engine) as connection:
            return tuple(
                RetractedRun(
                    retraction=Retraction(run_id=run_id, reason=reason, url=url, retracted_at=retracted_at),
                    combination=combination,
                    host_key=host_key,
                )
                for run_id, reason, url, retracted_at, combination, host_key in connection.execute(query)
            )

    def add_waiver(self, waiver: Waiver, *, profile: str, now: datetime) -> int:
        """Write that a failure is accepted from now on, and return the waiver's id."""
        with writing(self._engine) as connection:
            added = connection.execute(
                insert(waivers)
                .values(
                    profile=profile,
                    parts=Combination.of(waiver.values),
                    capability=waiver.capability,
                    reason=waiver.reason,
                    url=waiver.url,
                    until=waiver.until,
                    closes_after=waiver.closes_after,
                    given_at=now,
                    closed_at=None,
                    closed_because="",
                )
                .returning(waivers.c.id)
            )
            return added.scalar_one()

    def close_waiver(self, waiver_id: int, *, because: str, now: datetime) -> None:
        """Write that a failure is no longer accepted.

        Raises:
            StoreError: there is no such open waiver.
        """
        with writing(self._engine) as connection:
            closed = connection.execute(
                update(waivers)
                .where(waivers.c.id == waiver_id, waivers.c.closed_at.is_(None))
                .values(closed_at=now, closed_because=because)
                .returning(waivers.c.id)
            ).all()
        if not closed:
            message = f"there is no open waiver {waiver_id}"
            raise StoreError(message, hint="`tracker waive` lists them.")

    def open_waivers(self, profile: str) -> tuple[Waiver, ...]:
        """Return the waivers of ``profile`` that nobody closed, whether expired or not, by id."""
        is_open = waivers.c.closed_at.is_(None)
        query = select(waivers).where(waivers.c.profile == profile, is_open).order_by(waivers.c.id)
        with reading(self._engine) as connection:
            return tuple(
                Waiver(
                    id=row.id,
                    values=row.parts.values,
                    capability=row.capability,
                    reason=row.reason,
                    url=row.url,
                    until=row.until,
                    closes_after=row.closes_after,
                    given_at=row.given_at,
                )
                for row in connection.execute(query)
            )
