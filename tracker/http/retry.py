"""Which failures pass by themselves, and how long to wait for that."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.errors import RateLimitedError, RefusedError, UnreachableError
from tracker.http.failures import PROXY_LOGIN_HINT
from tracker.http.limits import LONGEST_WHEN_NOT_TOLD, WAIT_WHEN_NOT_TOLD, read_limit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from tracker.http.limits import Limit

ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 10.0
# A question that is asked with POST may be dear to the host: it is repeated only where nobody worked on it.
_PASSING = {"GET": frozenset({408, 425, 500, 502, 503, 504}), "POST": frozenset({502, 503, 504})}
_LATER = _PASSING["GET"]
_MOST_DOUBLINGS = 6
_PROXY_LOGIN = 407
_HINTS = {
    401: "Look at the token: it may have ended, or been taken back.",
    403: "Look at what the token allows.",
    404: "The name may have changed, or it is private and the token does not reach it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, as far as it decides what to do next.

    Attributes:
        status: of the answer.
        headers: names in lower case.
        address: for messages; without credentials.
        message: what the body says to people, harmless to show; may be empty.
        method: ``"GET"`` or ``"POST"``.
        is_authorized: a credential went with the question.
        asked_at: what was connected to; without credentials.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str
    message: str = ""
    method: str = "GET"
    is_authorized: bool = False
    asked_at: str = ""


class PassingError(Exception):
    """A failure that is worth another attempt.

    Args:
        verdict: what to raise when there is none left.
        wait_seconds: what the host asked for; ``None`` when it did not say.

    Attributes:
        whom: origin and identity to leave alone when the verdict is a limit.
    """

    def __init__(self, verdict: UnreachableError | RateLimitedError, wait_seconds: float | None = None) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict
        self.wait_seconds = wait_seconds
        self.whom: tuple[str, str] | None = None


def backoff(error: Exception) -> bool | float:
    """Tell stamina whether ``error`` is worth another attempt, or after how many seconds."""
    if not isinstance(error, PassingError):
        return False
    return True if error.wait_seconds is None else error.wait_seconds


def is_success(status: int) -> bool:
    """Return whether ``status`` is an answer to the question."""
    return status < 300 or status == 304  # noqa: PLR2004 - the numbers are HTTP's own


def check_status(answered: Answered, *, now: datetime, strikes: int = 0) -> None:
    """Return when the status is one of success.

    Args:
        answered: what came.
        now: aware UTC time.
        strikes: how many limits in a row came before; each doubles the wait for a limit that does not say how long.

    Raises:
        PassingError: worth another attempt soon.
        RateLimitedError: the host wants to be left alone for longer than a retry takes.
        RefusedError: a status that no retry changes.
        UnreachableError: a server error that another attempt is not worth now.
    """
    if is_success(answered.status):
        return
    limit = read_limit(answered.status, answered.headers, answered.message, now=now)
    if limit is not None:
        _raise_limited(answered, limit, now=now, strikes=strikes)
    message = f"{answered.address}: answered {answered.status}"
    if answered.message:
        message = f"{message}: {answered.message}"
    if answered.status in _PASSING[answered.method]:
        raise PassingError(UnreachableError(message))
    if answered.status in _LATER:
        raise UnreachableError(message)
    hint = _HINTS.get(answered.status, "") if answered.is_authorized else ""
    if answered.status == _PROXY_LOGIN:
        message = f"{message}: the proxy wants a name and password, or does not take these"
        hint = PROXY_LOGIN_HINT
    raise RefusedError(message, status=answered.status, headers=answered.headers, asked_at=answered.asked_at, hint=hint)


def _raise_limited(answered: Answered, limit: Limit, *, now: datetime, strikes: int) -> None:
    wait = limit.wait if limit.is_told else _doubled(limit.wait, strikes)
    retry_at = now + wait
    limited = RateLimitedError(
        f"{answered.address}: answered {answered.status}, ask again in {math.ceil(wait.total_seconds())} seconds"
        f" ({shown_time(retry_at)}): {limit.reason}",
        retry_at=retry_at,
        reason=limit.reason,
        hint=limit_hint(is_authorized=answered.is_authorized),
    )
    if limit.may_pass:
        raise PassingError(limited)
    if limit.is_told and wait.total_seconds() <= LONGEST_WAIT_SECONDS:
        raise PassingError(limited, wait.total_seconds())
    raise limited


def shown_time(at: datetime) -> str:
    """Return an aware UTC time for people."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def limit_hint(*, is_authorized: bool) -> str:
    """Return what a person can do about a limit."""
    if is_authorized:
        return "Wait: nothing is asked with this token before that time."
    return "Wait, or name a token for this source in tracker.toml where the host allows more with one."


def _doubled(wait: timedelta, strikes: int) -> timedelta:
    return min(max(wait, WAIT_WHEN_NOT_TOLD) * (1 << min(strikes, _MOST_DOUBLINGS)), LONGEST_WHEN_NOT_TOLD)
