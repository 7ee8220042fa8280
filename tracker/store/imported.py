"""Runs that other hosts made: taken over once, with whose they are and who vouched for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tracker.model import Provenance, RunState
from tracker.store import bundled
from tracker.store.engine import reading, writing
from tracker.store.running import write_steps_and_files
from tracker.store.shared import combination_id, environment_id, evidence_key_id
from tracker.store.tables import imported_runs, retractions, runs, vouchers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from tracker.model import ForeignRun, Retraction
    from tracker.store.bundled import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the runs of a file.

    Attributes:
        new: runs that were not known before.
        known: runs that were; this store's own among them.
        retracted: runs, new or known, that were taken back by their host and are so here from now on.
        targets: of whose upstreams the file told something newer.
    """

    new: int
    known: int
    retracted: int
    targets: int = 0


class Imported:
    """What came in from other hosts; every method is one transaction and raises ``StoreError`` as the store's do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def told(self) -> tuple[Told, ...]:
        """Return all that the targets of all sources showed."""
        with reading(self._engine) as connection:
            return bundled.tell(connection)

    def take(
        self, found: Sequence[ForeignRun], *, profile: str, key: str, now: datetime, told: Sequence[Told] = ()
    ) -> Taken:
        """Write the runs that are not known yet and what upstreams showed since, all or nothing.

        A run is known by its digest; this store's own by its combination, evidence key and start. One that comes in
        under a further key is vouched for by that key too.

        Args:
            found: runs of another store.
            profile: that they are of.
            key: public key that signed them; empty for none.
            now: aware UTC.
            told: what the sources of the other store saw.
        """
        with writing(self._engine) as connection:
            targets = bundled.take(connection, told)
            counts = [self._take(connection, one, profile, key, now) for one in found]
        return Taken(
            new=sum(is_new for is_new, _ in counts),
            known=sum(not is_new for is_new, _ in counts),
            retracted=sum(is_retracted for _, is_retracted in counts),
            targets=targets,
        )

    def provenance(self, *, profile: str) -> Mapping[int, Provenance]:
        """Return whose each imported run of the profile is, by the run's id in this store."""
        query = (
            select(imported_runs.c.run_id, imported_runs.c.origin, vouchers.c.key)
            .select_from(imported_runs.join(runs).outerjoin(vouchers))
            .where(runs.c.profile == profile)
            .order_by(imported_runs.c.run_id, vouchers.c.key)
        )
        found: dict[int, Provenance] = {}
        with reading(self._engine) as connection:
            for run_id, origin, key in connection.execute(query):
                before = found.get(run_id, Provenance(origin=origin))
                found[run_id] = replace(before, keys=before.keys | {key}) if key else before
        return found

    @staticmethod
    def _take(connection: Connection, one: ForeignRun, profile: str, key: str, now: datetime) -> tuple[bool, bool]:
        known = connection.scalar(select(imported_runs.c.run_id).where(imported_runs.c.digest == one.digest))
        if known is None and _is_own(connection, one, profile):
            return False, False
        run_id = _insert(connection, one, profile, now) if known is None else known
        may_retract = known is None or _vouches(connection, run_id, key)
        if key and not _vouches(connection, run_id, key):
            connection.execute(insert(vouchers).values(run_id=run_id, key=key))
        is_retracted = one.retraction is not None and may_retract and _retract(connection, run_id, one.retraction)
        return known is None, is_retracted


def _is_own(connection: Connection, one: ForeignRun, profile: str) -> bool:
    own = select(runs.c.id).where(
        runs.c.profile == profile,
        runs.c.combination_id == combination_id(connection, one.run.combination),
        runs.c.evidence_key_id == evidence_key_id(connection, one.run.key),
        runs.c.started_at == one.run.started_at,
        runs.c.id.not_in(select(imported_runs.c.run_id)),
    )
    return connection.scalar(own) is not None


def _insert(connection: Connection, one: ForeignRun, profile: str, now: datetime) -> int:
    run = one.run
    added = connection.execute(
        insert(runs)
        .values(
            job_id=None,
            combination_id=combination_id(connection, run.combination),
            evidence_key_id=evidence_key_id(connection, run.key),
            environment_id=environment_id(connection, run.environment),
            profile=profile,
            scenario=one.scenario,
            state=RunState.FINISHED,
            outcome=run.outcome,
            started_at=run.started_at,
            finished_at=run.finished_at,
            limit_factor=run.limit_factor,
            reason=run.reason,
        )
        .returning(runs.c.id)
    )
    run_id = added.scalar_one()
    write_steps_and_files(connection, replace(run, id=run_id))
    connection.execute(
        insert(imported_runs).values(
            run_id=run_id, digest=one.digest, origin=one.origin, number_there=run.id, imported_at=now
        )
    )
    return run_id


def _vouches(connection: Connection, run_id: int, key: str) -> bool:
    """Whether the run came in under ``key`` before; under none, that nobody's key vouched for it."""
    keys = set(connection.scalars(select(vouchers.c.key).where(vouchers.c.run_id == run_id)))
    return key in keys if key else not keys


def _retract(connection: Connection, run_id: int, told: Retraction) -> bool:
    if connection.scalar(select(retractions.c.run_id).where(retractions.c.run_id == run_id)) is not None:
        return False
    connection.execute(
        insert(retractions).values(run_id=run_id, reason=told.reason, url=told.url, retracted_at=told.retracted_at)
    )
    return True
