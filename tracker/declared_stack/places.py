"""Where in tracker.toml a stack is declared."""

TABLES = ("components", "factors", "scenario")
HOST_KEYS = ("key", "asset_platforms")
"""What a declared stack adds to the table ``[host]``."""
