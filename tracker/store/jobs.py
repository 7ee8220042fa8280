"""The queue of planned executions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tracker.errors import StoreError
from tracker.model import Job, RunState
from tracker.store.shared import combination_id
from tracker.store.tables import combinations, jobs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def enqueue(connection: Connection, planned: Sequence[Job], profile: str, now: datetime) -> tuple[Job, ...]:
    """Queue ``planned`` and return them with ids, in their order.

    A job that is queued already, with the same combination, kind and limit factor, is returned as it stands there.
    """
    return tuple(_enqueue_one(connection, job, profile, now) for job in planned)


def queued(connection: Connection, profile: str) -> tuple[Job, ...]:
    """Return the jobs of ``profile`` that nobody began, in the order in which they were queued."""
    query = (
        select(jobs.c.id, combinations.c.parts, jobs.c.kind, jobs.c.reason, jobs.c.limit_factor)
        .join_from(jobs, combinations)
        .where(jobs.c.profile == profile, jobs.c.state == RunState.QUEUED)
        .order_by(jobs.c.id)
    )
    return tuple(
        Job(combination=combination, kind=kind, reason=reason, limit_factor=limit_factor, id=job_id)
        for job_id, combination, kind, reason, limit_factor in connection.execute(query)
    )


def begin(connection: Connection, job_id: int) -> None:
    """Move a queued job to running.

    Raises:
        StoreError: it is not queued (any more); somebody else may have begun it.
    """
    moved = connection.execute(
        update(jobs).where(jobs.c.id == job_id, jobs.c.state == RunState.QUEUED).values(state=RunState.RUNNING)
    )
    if moved.rowcount != 1:
        state = connection.scalar(select(jobs.c.state).where(jobs.c.id == job_id))
        where = "unknown" if state is None else state.value
        message = f"job {job_id} cannot begin: it is {where}, not queued"
        raise StoreError(message, hint="Does another process work on the same store?")


def end(connection: Connection, job_id: int) -> None:
    """Move a job to finished."""
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(state=RunState.FINISHED))


def _enqueue_one(connection: Connection, job: Job, profile: str, now: datetime) -> Job:
    shared_id = combination_id(connection, job.combination)
    present = connection.execute(
        select(jobs.c.id, jobs.c.reason).where(
            jobs.c.profile == profile,
            jobs.c.state == RunState.QUEUED,
            jobs.c.combination_id == shared_id,
            jobs.c.kind == job.kind,
            jobs.c.limit_factor == job.limit_factor,
        )
    ).first()
    if present is not None:
        return replace(job, id=present[0], reason=present[1])
    added = connection.execute(
        insert(jobs)
        .values(
            combination_id=shared_id,
            profile=profile,
            kind=job.kind,
            reason=job.reason,
            limit_factor=job.limit_factor,
            state=RunState.QUEUED,
            queued_at=now,
        )
        .returning(jobs.c.id)
    )
    return replace(job, id=added.scalar_one())
