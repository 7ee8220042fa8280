"""Writes runs: their beginning, their end with all that they said, and those that a killed process left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tracker.errors import StoreError
from tracker.model import Outcome, RunState
from tracker.store.grouping import put_together
from tracker.store.jobs import begin, end
from tracker.store.shared import combination_id, environment_id, evidence_key_id
from tracker.store.tables import jobs, run_artifacts, run_logs, runs, step_logs, steps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from tracker.model import EvidenceKey, Job, Run

_UNDER_WAY = (RunState.LEASED, RunState.RUNNING)


def start(
    connection: Connection,
    job: Job,
    place: tuple[str, str],
    key: EvidenceKey,
    environment: Mapping[str, str],
    started_at: datetime,
) -> int:
    """Write a run in state running for ``job`` and return its id; ``place`` is the profile and the scenario."""
    if job.id:
        begin(connection, job.id)
    added = connection.execute(
        insert(runs)
        .values(
            job_id=job.id or None,
            combination_id=combination_id(connection, job.combination),
            evidence_key_id=evidence_key_id(connection, key),
            environment_id=environment_id(connection, environment),
            profile=place[0],
            scenario=place[1],
            state=RunState.RUNNING,
            outcome=Outcome.NOT_REACHED,
            started_at=started_at,
            limit_factor=job.limit_factor,
            reason="",
        )
        .returning(runs.c.id)
    )
    return added.scalar_one()


def finish(connection: Connection, run: Run) -> None:
    """Write all that ``run`` said, once; its job is finished with it.

    Raises:
        StoreError: the run is not under way here, is another combination's or job's, or has no end.
    """
    _require_same(connection, run)
    connection.execute(
        update(runs)
        .where(runs.c.id == run.id)
        .values(
            evidence_key_id=evidence_key_id(connection, run.key),
            environment_id=environment_id(connection, run.environment),
            state=RunState.FINISHED,
            outcome=run.outcome,
            started_at=run.started_at,
            finished_at=run.finished_at,
            limit_factor=run.limit_factor,
            reason=run.reason,
        )
    )
    write_steps_and_files(connection, run)
    if run.job_id:
        end(connection, run.job_id)


def write_steps_and_files(connection: Connection, run: Run) -> None:
    """Write steps, logs and files of the finished run ``run.id``, which is there and has none yet."""
    _write_steps(connection, run)
    _write_files(connection, run)
    put_together(connection, run)


def abandon(connection: Connection, now: datetime) -> int:
    """Mark all that is leased or running as abandoned; return how many runs, and jobs without one, that were."""
    without_run = jobs.c.id.not_in(
        select(runs.c.job_id).where(runs.c.state.in_(_UNDER_WAY), runs.c.job_id.is_not(None))
    )
    unfinished_job = jobs.c.state.in_(_UNDER_WAY)
    lone_jobs = connection.execute(
        update(jobs).where(unfinished_job, without_run).values(state=RunState.ABANDONED)
    ).rowcount
    connection.execute(update(jobs).where(unfinished_job).values(state=RunState.ABANDONED))
    left = connection.execute(
        update(runs).where(runs.c.state.in_(_UNDER_WAY)).values(state=RunState.ABANDONED, abandoned_at=now)
    ).rowcount
    return lone_jobs + left


def _require_same(connection: Connection, run: Run) -> None:
    row = connection.execute(
        select(runs.c.state, runs.c.job_id, runs.c.combination_id).where(runs.c.id == run.id)
    ).one_or_none()
    if row is None or row.state is not RunState.RUNNING:
        state = "unknown" if row is None else row.state.value
        message = f"run {run.id} cannot be finished: it is {state}, not running"
        raise StoreError(message, hint="What a finished run said is never overwritten.")
    if row.job_id != (run.job_id or None) or row.combination_id != combination_id(connection, run.combination):
        message = f"run {run.id} was begun for another job or combination than {run.combination.key}"
        raise StoreError(message)
    if run.state is not RunState.FINISHED or run.finished_at is None:
        message = f"run {run.id} cannot be finished: its state is {run.state.value} and its end {run.finished_at}"
        raise StoreError(message)


def _write_steps(connection: Connection, run: Run) -> None:
    for position, step in enumerate(run.steps):
        connection.execute(
            insert(steps).values(
                run_id=run.id,
                position=position,
                name=step.name,
                capability=step.capability,
                outcome=step.outcome,
                exercises=sorted(step.exercises),
                reason=step.reason,
                cause=step.cause,
                cause_name=step.cause_name,
                is_deterministic=step.is_deterministic,
                timed_out=step.timed_out,
                seconds=step.seconds,
            )
        )
        if step.log:
            connection.execute(insert(step_logs).values(run_id=run.id, position=position, content=step.log))


def _write_files(connection: Connection, run: Run) -> None:
    for name, content in run.logs.items():
        connection.execute(insert(run_logs).values(run_id=run.id, name=name, content=content))
    for name, digest in run.artifacts.items():
        connection.execute(insert(run_artifacts).values(run_id=run.id, name=name, digest=digest))
