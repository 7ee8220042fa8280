"""What one process does of a pass: a word that commands and services share."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What one process does of a pass: all of it, watching and publishing, or running."""

    ALL = "all"
    WATCH = "watch"
    SMOKE = "smoke"
