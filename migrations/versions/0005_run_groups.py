"""Runs that said the very same, kept together for judging, and an index for the few that are an ERROR."""

from __future__ import annotations

import hashlib
import json
import struct
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterable

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ON_A_PAGE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_RUNS = sa.table(
    "runs",
    sa.column("id", sa.Integer()),
    sa.column("profile", sa.String()),
    sa.column("combination_id", sa.Integer()),
    sa.column("evidence_key_id", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("limit_factor", sa.Double()),
    sa.column("reason", sa.String()),
    sa.column("started_at", sa.DateTime(timezone=True)),
    sa.column("finished_at", sa.DateTime(timezone=True)),
)
_STEPS = sa.table(
    "steps",
    sa.column("run_id", sa.Integer()),
    sa.column("position", sa.Integer()),
    sa.column("capability", sa.String()),
    sa.column("outcome", sa.String()),
    sa.column("exercises", sa.JSON()),
    sa.column("reason", sa.String()),
    sa.column("cause", sa.String()),
    sa.column("cause_name", sa.String()),
    sa.column("is_deterministic", sa.Boolean()),
    sa.column("timed_out", sa.Boolean()),
)


def upgrade() -> None:
    groups = op.create_table(
        "run_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("combination_id", sa.Integer(), nullable=False),
        sa.Column("evidence_key_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("run_count", sa.Integer(), nullable=False),
        sa.Column("moments", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["combination_id"], ["combinations.id"], name="fk_run_groups_combination_id_combinations"
        ),
        sa.ForeignKeyConstraint(
            ["evidence_key_id"], ["evidence_keys.id"], name="fk_run_groups_evidence_key_id_evidence_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_run_groups"),
        sa.UniqueConstraint(
            "combination_id",
            "evidence_key_id",
            "profile",
            "digest",
            "page",
            name="uq_run_groups_combination_id_evidence_key_id_profile_digest_page",
        ),
    )
    op.create_index("ix_run_groups_evidence_key_id", "run_groups", ["evidence_key_id"])
    op.create_index("ix_runs_profile_outcome", "runs", ["profile", "outcome"])
    connection = op.get_bind()
    places = connection.execute(
        sa.select(_RUNS.c.profile, _RUNS.c.combination_id, _RUNS.c.evidence_key_id)
        .where(_RUNS.c.state == "finished")
        .distinct()
    ).all()
    for place in places:
        found = _groups(connection, place)
        if found:
            connection.execute(sa.insert(groups), found)


def downgrade() -> None:
    op.drop_index("ix_runs_profile_outcome", table_name="runs")
    op.drop_table("run_groups")


def _groups(connection: sa.Connection, place: sa.Row[*tuple[Any, ...]]) -> list[dict[str, object]]:
    """Return the rows of one profile, combination and evidence key."""
    query = (
        sa.select(_RUNS.c.id, _RUNS.c.limit_factor, _RUNS.c.reason, _RUNS.c.started_at, _RUNS.c.finished_at)
        .where(
            _RUNS.c.profile == place.profile,
            _RUNS.c.combination_id == place.combination_id,
            _RUNS.c.evidence_key_id == place.evidence_key_id,
            _RUNS.c.state == "finished",
        )
        .order_by(_RUNS.c.id)
    )
    steps = _steps(connection, query)
    moments: dict[str, list[tuple[int, int, int]]] = {}
    for run in connection.execute(query):
        moment = (_microseconds(run.finished_at), _microseconds(run.started_at), run.id)
        moments.setdefault(_said(run, steps.get(run.id, [])), []).append(moment)
    return [
        {
            "profile": place.profile,
            "combination_id": place.combination_id,
            "evidence_key_id": place.evidence_key_id,
            "digest": hashlib.sha256(said.encode()).hexdigest(),
            "page": page,
            "said": said,
            "run_count": len(shown),
            "moments": b"".join(struct.pack("<3q", *moment) for moment in shown),
        }
        for said, alike in moments.items()
        for page, shown in enumerate(alike[first : first + _ON_A_PAGE] for first in range(0, len(alike), _ON_A_PAGE))
    ]


def _steps(connection: sa.Connection, wanted: sa.Select[Any]) -> dict[int, list[Any]]:
    ids = wanted.with_only_columns(_RUNS.c.id).order_by(None)
    query = sa.select(_STEPS).where(_STEPS.c.run_id.in_(ids)).order_by(_STEPS.c.run_id, _STEPS.c.position)
    return {run_id: list(steps) for run_id, steps in groupby(connection.execute(query), key=itemgetter(0))}


def _said(run: sa.Row[*tuple[Any, ...]], steps: Iterable[Any]) -> str:
    by_capability: dict[str, list[Any]] = {}
    for step in steps:
        by_capability.setdefault(step.capability, []).append(step)
    told = [_told(capability, own, run.reason) for capability, own in by_capability.items()]
    return json.dumps([run.limit_factor, told], separators=(",", ":"))


def _told(capability: str, own: list[Any], error: str) -> list[object]:
    failing = next((step for step in own if step.outcome != "PASS"), None)
    telling = failing or own[-1]
    factors = set(failing.exercises) if failing else {name for step in own for name in step.exercises}
    return [
        capability,
        "ERROR" if error else telling.outcome,
        sorted(factors),
        error or telling.reason,
        telling.cause,
        telling.cause_name,
        telling.is_deterministic,
        telling.timed_out,
    ]


def _microseconds(moment: datetime) -> int:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (aware - _EPOCH) // timedelta(microseconds=1)
