"""What a look at a repository leaves for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - msgspec reads the annotations

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What is remembered between two looks.

    Attributes:
        number: the repository's unchanging id.
        name: its full name at that time.
        hint: what the survey said when the last whole look was made.
        asked: what that look was asked for.
        quick: digests of the answers that change first, by path.
        at: aware UTC time of it.
    """

    number: str
    name: str
    hint: str
    asked: str
    at: datetime
    quick: dict[str, str]


def read_cursor(text: str) -> Cursor | None:
    """Return what ``write_cursor`` wrote; ``None`` for anything else, which makes the next look a whole one."""
    try:
        return msgspec.json.decode(text, type=Cursor)
    except (msgspec.DecodeError, ValueError):
        return None


def write_cursor(cursor: Cursor) -> str:
    """Return the cursor as text."""
    return msgspec.json.encode(cursor).decode()
