"""The metadata that all tables share, and which revision of it this program reads and writes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

HEAD_REVISION: Final = "0005"
"""The newest revision in migrations/versions/, written here so that an up-to-date store opens without Alembic."""

metadata: Final = MetaData(
    # A constraint without a name cannot be dropped by a later migration.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
