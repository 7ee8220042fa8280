"""What upstreams show besides releases, and more of what they say of a release and its files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What older rows hold: the upstreams of revision 0001 told nothing of it.
_TEXT = sa.text("''")
_LIST = sa.text("'[]'")


def upgrade() -> None:
    _add(
        "changes",
        sa.Column("subject", sa.String(), nullable=False, server_default=_TEXT),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("url", sa.String(), nullable=False, server_default=_TEXT),
    )
    _add(
        "observations",
        sa.Column("tag", sa.String(), nullable=False, server_default=_TEXT),
        sa.Column("commit", sa.String(), nullable=False, server_default=_TEXT),
        sa.Column("awaits", sa.JSON(), nullable=False, server_default=_LIST),
    )
    _add(
        "assets",
        sa.Column("platform", sa.String(), nullable=False, server_default=_TEXT),
        sa.Column("os_version", sa.String(), nullable=False, server_default=_TEXT),
        sa.Column("revision", sa.String(), nullable=False, server_default=_TEXT),
        sa.Column("further_digests", sa.JSON(), nullable=False, server_default=_LIST),
        sa.Column("distrust", sa.String(), nullable=False, server_default=_TEXT),
    )
    _create_sightings()


def downgrade() -> None:
    op.drop_table("sightings")
    _drop("assets", "platform", "os_version", "revision", "further_digests", "distrust")
    _drop("observations", "tag", "commit", "awaits")
    _drop("changes", "subject", "happened_at", "url")


def _add(table: str, *columns: sa.Column[object]) -> None:
    # Without batch mode: SQLite adds a column with a default in place, however many rows there are.
    for column in columns:
        op.add_column(table, column)


def _drop(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.drop_column(column)


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"], name="fk_sightings_target_id_targets"),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
    )
    op.create_index(
        "uq_sightings_current",
        "sightings",
        ["target_id", "place"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(
        "ix_sightings_component",
        "sightings",
        ["component"],
    )
