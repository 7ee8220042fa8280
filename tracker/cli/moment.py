"""A moment in the past, as people name it: a day, which means its end, or a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from tracker.errors import UsageError


def past_moment(option: str, text: str) -> datetime:
    """Return the moment that ``text`` names; a day means its end, or now; all without a zone is UTC.

    Raises:
        UsageError: it is no day and no time, or has not come yet.
    """
    now = datetime.now(UTC)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        found = _time(option, text)
    else:
        found = min(datetime.combine(day, time.max, UTC), now) if day <= now.date() else _end(day)
    if found > now + timedelta(seconds=1):
        message = f"{option} {text}: has not come yet"
        raise UsageError(message, hint="Nobody knows yet what will work then.")
    return found


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def _time(option: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{option} {text}: is no day and no time"
        raise UsageError(message, hint="Write it as 2026-11-20 or 2026-11-20T15:30+01:00.") from None
