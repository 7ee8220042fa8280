"""What persons say about runs and failures, and who was blamed in public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retractions",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_retractions_run_id_runs"),
        sa.PrimaryKeyConstraint("run_id", name="pk_retractions"),
    )
    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("capability", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("closes_after", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waivers"),
    )
    op.create_table(
        "culprits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("host_key", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["revoked_by"], ["runs.id"], name="fk_culprits_revoked_by_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_culprits"),
    )
    op.create_index("ix_culprits_profile_host_key", "culprits", ["profile", "host_key"])


def downgrade() -> None:
    op.drop_table("culprits")
    op.drop_table("waivers")
    op.drop_table("retractions")
