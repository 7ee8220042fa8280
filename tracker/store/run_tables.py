"""What was run here: jobs, runs, their steps and logs.

What many runs share (combination, evidence key, environment) is stored once and never changed. A job and a run
move through their states; what a finished run said is written once.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy evaluates the annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Named,
    Table,
    TypedColumns,
    UniqueConstraint,
)

from tracker.model import Combination, JobKind, Outcome, RunState
from tracker.store.schema import metadata
from tracker.store.types import CombinationValues, CompressedText, UtcDateTime, word


class _Combinations(TypedColumns):
    id = Column(Integer, primary_key=True)
    digest: Named[str] = Column(unique=True)
    key: Named[str] = Column(index=True)
    parts: Named[Combination] = Column(CombinationValues)


class _EvidenceKeys(TypedColumns):
    id = Column(Integer, primary_key=True)
    scenario_digest: Named[str]
    artifact_digest: Named[str]
    host_key: Named[str]


class _Environments(TypedColumns):
    id = Column(Integer, primary_key=True)
    digest: Named[str] = Column(unique=True)
    facts: Named[dict[str, str]] = Column(JSON)


class _Jobs(TypedColumns):
    id = Column(Integer, primary_key=True)
    combination_id: Named[int] = Column(ForeignKey("combinations.id"))
    profile: Named[str]
    kind: Named[JobKind] = Column(word(JobKind))
    reason: Named[str]
    limit_factor: Named[float] = Column(Double)
    state: Named[RunState] = Column(word(RunState))
    queued_at: Named[datetime] = Column(UtcDateTime)


class _Runs(TypedColumns):
    id = Column(Integer, primary_key=True)
    job_id: Named[int | None] = Column(ForeignKey("jobs.id"), index=True)
    combination_id: Named[int] = Column(ForeignKey("combinations.id"), index=True)
    evidence_key_id: Named[int] = Column(ForeignKey("evidence_keys.id"), index=True)
    environment_id: Named[int] = Column(ForeignKey("environments.id"))
    profile: Named[str]
    scenario: Named[str]
    state: Named[RunState] = Column(word(RunState))
    outcome: Named[Outcome] = Column(word(Outcome))
    started_at: Named[datetime] = Column(UtcDateTime)
    finished_at: Named[datetime | None] = Column(UtcDateTime)
    abandoned_at: Named[datetime | None] = Column(UtcDateTime)
    limit_factor: Named[float] = Column(Double)
    reason: Named[str]


class _Steps(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("runs.id"), primary_key=True)
    position: Named[int] = Column(primary_key=True)
    name: Named[str]
    capability: Named[str]
    outcome: Named[Outcome] = Column(word(Outcome))
    exercises: Named[list[str]] = Column(JSON)
    reason: Named[str]
    cause: Named[str]
    cause_name: Named[str]
    is_deterministic: Named[bool]
    timed_out: Named[bool]
    seconds: Named[float] = Column(Double)


class _StepLogs(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("runs.id"), primary_key=True)
    position: Named[int] = Column(primary_key=True)
    content: Named[str] = Column(CompressedText)


class _RunLogs(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("runs.id"), primary_key=True)
    name: Named[str] = Column(primary_key=True)
    content: Named[str] = Column(CompressedText)


class _RunArtifacts(TypedColumns):
    run_id: Named[int] = Column(ForeignKey("runs.id"), primary_key=True)
    name: Named[str] = Column(primary_key=True)
    digest: Named[str]


combinations = Table("combinations", metadata, _Combinations)
evidence_keys = Table(
    "evidence_keys", metadata, _EvidenceKeys, UniqueConstraint("host_key", "scenario_digest", "artifact_digest")
)
environments = Table("environments", metadata, _Environments)
jobs = Table("jobs", metadata, _Jobs, Index(None, "profile", "state"))
runs = Table(
    "runs",
    metadata,
    _Runs,
    # Few runs are an ERROR; planning looks for them among all.
    Index(None, "profile", "outcome"),
    CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name="finished_has_an_end"),
)
# Logs lie apart from the steps, so that judging reads past none of them.
steps = Table("steps", metadata, _Steps)
step_logs = Table("step_logs", metadata, _StepLogs)
run_logs = Table("run_logs", metadata, _RunLogs)
run_artifacts = Table("run_artifacts", metadata, _RunArtifacts)
