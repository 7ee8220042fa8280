"""Which failures pass by themselves, and how long to wait for that."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tracker.errors import RateLimitedError, RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 10.0
_WAIT_WHEN_NOT_TOLD = timedelta(minutes=1)
_LONGEST_BELIEVED = timedelta(days=1)
_TOO_MANY_REQUESTS = 429
_UNAVAILABLE = 503
_FORBIDDEN = 403
_PASSING = frozenset({408, 425, _TOO_MANY_REQUESTS, 500, 502, _UNAVAILABLE, 504})


class PassingError(Exception):
    """A failure that is worth another attempt.

    Args:
        verdict: what to raise when there is none left.
        wait_seconds: what the host asked for; ``None`` when it did not say.
    """

    def __init__(self, verdict: UnreachableError | RateLimitedError, wait_seconds: float | None = None) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict
        self.wait_seconds = wait_seconds


def backoff(error: Exception) -> bool | float:
    """Tell stamina whether ``error`` is worth another attempt, or after how many seconds."""
    if not isinstance(error, PassingError):
        return False
    return True if error.wait_seconds is None else error.wait_seconds


def check_status(status: int, headers: Mapping[str, str], address: str, *, now: datetime) -> None:
    """Return when ``status`` is one of success.

    Args:
        status: of the answer.
        headers: names in lower case.
        address: for the message; without credentials.
        now: aware UTC time.

    Raises:
        PassingError: worth another attempt soon.
        RateLimitedError: the host wants to be left alone for longer than a retry takes.
        RefusedError: any other status.
    """
    if status < 300 or status == 304:  # noqa: PLR2004 - the numbers are HTTP's own
        return
    wait = _told_wait(headers, now)
    is_limit = status == _TOO_MANY_REQUESTS or (status in {_UNAVAILABLE, _FORBIDDEN} and wait is not None)
    if not is_limit:
        message = f"{address}: answered {status}"
        if status in _PASSING:
            raise PassingError(UnreachableError(message))
        # The caller may need them: a 401 tells in its headers how to ask.
        told_headers = {name.lower(): value for name, value in headers.items()}
        raise RefusedError(message, status=status, headers=told_headers)
    told = _WAIT_WHEN_NOT_TOLD if wait is None else wait
    limited = RateLimitedError(f"{address}: answered {status}, ask again in {_seconds(told)}", retry_at=now + told)
    if told.total_seconds() > LONGEST_WAIT_SECONDS and wait is not None:
        raise limited
    raise PassingError(limited, None if wait is None else wait.total_seconds())


def _seconds(span: timedelta) -> str:
    return f"{math.ceil(span.total_seconds())} seconds"


def _told_wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return what Retry-After asks for, in either of its forms (RFC 9110, section 10.2.3)."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:9])), _LONGEST_BELIEVED)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), _LONGEST_BELIEVED)
