"""Runs that other hosts made, and who vouched for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("number_there", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_imported_runs_run_id_runs"),
        sa.PrimaryKeyConstraint("run_id", name="pk_imported_runs"),
        sa.UniqueConstraint("digest", name="uq_imported_runs_digest"),
    )
    op.create_table(
        "vouchers",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["imported_runs.run_id"], name="fk_vouchers_run_id_imported_runs"),
        sa.PrimaryKeyConstraint("run_id", "key", name="pk_vouchers"),
    )


def downgrade() -> None:
    op.drop_table("vouchers")
    op.drop_table("imported_runs")
