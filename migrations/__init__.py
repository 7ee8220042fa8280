"""The Alembic environment: how a store comes from any revision to the newest one."""
