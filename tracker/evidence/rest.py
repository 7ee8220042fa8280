"""How long something is left alone after a time that a clock told, which may have been wrong. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


def rests(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether ``now`` lies within ``span`` after ``since``.

    A time that has not come yet was told by a clock that went ahead and was set back: it holds nothing up, or what it
    holds up would wait until that day.

    Args:
        since: aware UTC.
        now: aware UTC.
        span: how long the rest is.
    """
    return since <= now < since + span
