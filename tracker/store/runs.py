"""Reads runs back as they were recorded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from tracker.model import EvidenceKey, Run, StepResult
from tracker.store.tables import (
    combinations,
    environments,
    evidence_keys,
    imported_runs,
    run_artifacts,
    run_logs,
    runs,
    step_logs,
    steps,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Select

    from tracker.model import Combination


def newest_runs(
    connection: Connection, *, profile: str | None, combination: Combination | None, limit: int | None
) -> tuple[Run, ...]:
    """Return runs in every state, newest first, with all but the text of their logs, which is empty."""
    wanted = select(runs.c.id).order_by(runs.c.id.desc())
    if profile is not None:
        wanted = wanted.where(runs.c.profile == profile)
    if combination is not None:
        wanted = wanted.join(combinations).where(combinations.c.key == combination.key)
    if limit is not None:
        wanted = wanted.limit(limit)
    return _load(connection, wanted)


def whole_run(connection: Connection, run_id: int) -> Run | None:
    """Return the run with all its logs; ``None`` when there is no such run."""
    found = _load(connection, select(runs.c.id).where(runs.c.id == run_id))
    if not found:
        return None
    by_position = {
        row.position: row.content
        for row in connection.execute(
            select(step_logs.c.position, step_logs.c.content).where(step_logs.c.run_id == run_id)
        )
    }
    by_name = {
        row.name: row.content
        for row in connection.execute(select(run_logs.c.name, run_logs.c.content).where(run_logs.c.run_id == run_id))
    }
    told = tuple(replace(step, log=by_position.get(place, "")) for place, step in enumerate(found[0].steps))
    return replace(found[0], steps=told, logs=by_name)


def _load(connection: Connection, wanted: Select[int]) -> tuple[Run, ...]:
    told = _steps(connection, wanted)
    artifacts = _artifacts(connection, wanted)
    logs = _log_names(connection, wanted)
    query = (
        select(
            runs.c.id,
            runs.c.job_id,
            combinations.c.parts,
            evidence_keys.c.scenario_digest,
            evidence_keys.c.artifact_digest,
            evidence_keys.c.host_key,
            environments.c.facts,
            runs.c.started_at,
            runs.c.finished_at,
            runs.c.state,
            runs.c.outcome,
            runs.c.limit_factor,
            runs.c.reason,
            imported_runs.c.origin,
        )
        .select_from(runs.join(combinations).join(evidence_keys).join(environments).outerjoin(imported_runs))
        .where(runs.c.id.in_(wanted))
        .order_by(runs.c.id.desc())
    )
    return tuple(
        Run(
            id=row[0],
            job_id=row[1] or 0,
            combination=row[2],
            key=EvidenceKey(scenario_digest=row[3], artifact_digest=row[4], host_key=row[5]),
            environment=row[6],
            started_at=row[7],
            finished_at=row[8],
            state=row[9],
            outcome=row[10],
            limit_factor=row[11],
            reason=row[12],
            steps=tuple(told[row[0]]),
            artifacts=artifacts[row[0]],
            logs=logs[row[0]],
            origin=row[13] or "",
        )
        for row in connection.execute(query)
    )


def _steps(connection: Connection, wanted: Select[int]) -> Mapping[int, list[StepResult]]:
    found: defaultdict[int, list[StepResult]] = defaultdict(list)
    query = select(steps).where(steps.c.run_id.in_(wanted)).order_by(steps.c.run_id, steps.c.position)
    for row in connection.execute(query):
        found[row.run_id].append(
            StepResult(
                name=row.name,
                capability=row.capability,
                outcome=row.outcome,
                exercises=frozenset(row.exercises),
                reason=row.reason,
                cause=row.cause,
                cause_name=row.cause_name,
                is_deterministic=row.is_deterministic,
                timed_out=row.timed_out,
                seconds=row.seconds,
            )
        )
    return found


def _artifacts(connection: Connection, wanted: Select[int]) -> Mapping[int, dict[str, str]]:
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    query = select(run_artifacts.c.run_id, run_artifacts.c.name, run_artifacts.c.digest).where(
        run_artifacts.c.run_id.in_(wanted)
    )
    for run_id, name, digest in connection.execute(query.order_by(run_artifacts.c.name)):
        found[run_id][name] = digest
    return found


def _log_names(connection: Connection, wanted: Select[int]) -> Mapping[int, dict[str, str]]:
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    query = select(run_logs.c.run_id, run_logs.c.name).where(run_logs.c.run_id.in_(wanted))
    for run_id, name in connection.execute(query.order_by(run_logs.c.name)):
        found[run_id][name] = ""
    return found
