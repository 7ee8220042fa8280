"""What a host says when it is asked too often; pure.

GitHub answers 403 or 429 to three different things: a used-up quota, a secondary limit on speed, and a real refusal.
The order in which they are told apart is its documentation's: ``Retry-After``, then ``X-RateLimit-Remaining`` with
``X-RateLimit-Reset``, and the message last ("Rate limits for the REST API", read 2026-11-23). Other hosts send a part
of that. Any header may hold nonsense.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_BELIEVED = timedelta(days=1)
WAIT_WHEN_NOT_TOLD = timedelta(minutes=1)
LONGEST_WHEN_NOT_TOLD = timedelta(hours=1)
FORBIDDEN = 403
TOO_MANY_REQUESTS = 429
UNAVAILABLE = 503
_SECONDARY = ("secondary rate limit", "abuse detection")
_UNSPECIFIC = ("rate limit exceeded",)
_SECONDS = re.compile(r"([0-9]{1,30})(?:\.[0-9]*)?", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
# In seconds that would be after the year 5000; recordings show milliseconds.
_SURELY_MILLISECONDS = 10**11


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A host's wish to be left alone.

    Attributes:
        wait: from now on; never negative, and at most a day.
        is_told: the host itself said how long.
        may_pass: another attempt soon may do, since the host said nothing else than "too many requests".
        reason: which limit it is, of what size when the host told.
    """

    wait: timedelta
    is_told: bool
    may_pass: bool = False
    reason: str


def read_limit(status: int, headers: Mapping[str, str], message: str, *, now: datetime) -> Limit | None:
    """Return the limit that an answer tells of, or ``None`` when it is something else.

    Args:
        status: of the answer.
        headers: names in lower case.
        message: what the answer's body says to people; may be empty.
        now: aware UTC time.
    """
    if status not in {FORBIDDEN, TOO_MANY_REQUESTS, UNAVAILABLE}:
        return None
    # The host's clock may differ from ours: its own Date is the base for the times that it names.
    bases = (_date(headers.get("date", "")) or now, now)
    is_used_up = _whole(headers.get("x-ratelimit-remaining", "")) == 0
    is_secondary = any(marker in message.lower() for marker in _SECONDARY)
    reason = _reason(status, headers, is_used_up=is_used_up, is_secondary=is_secondary)
    told = _retry_after(headers.get("retry-after", ""), bases)
    if told is not None:
        return Limit(wait=told, is_told=True, reason=reason)
    if status == UNAVAILABLE:
        return None
    if is_used_up:
        until_reset = _until_reset(headers.get("x-ratelimit-reset", ""), bases)
        return Limit(wait=until_reset or WAIT_WHEN_NOT_TOLD, is_told=until_reset is not None, reason=reason)
    is_said = is_secondary or any(marker in message.lower() for marker in _UNSPECIFIC)
    if status == FORBIDDEN and not is_said:
        return None
    return Limit(wait=WAIT_WHEN_NOT_TOLD, is_told=False, may_pass=not is_said, reason=reason)


def _reason(status: int, headers: Mapping[str, str], *, is_used_up: bool, is_secondary: bool) -> str:
    if is_secondary:
        return "too many requests in a short time (a secondary limit)"
    if is_used_up:
        size = _whole(headers.get("x-ratelimit-limit", ""))
        kind = headers.get("x-ratelimit-resource", "")
        told_size = "" if size is None else f" of {size} requests"
        told_kind = f" ({kind})" if _WORD.fullmatch(kind) else ""
        return f"the limit{told_size}{told_kind} is used up"
    return "the host has too much to do" if status == UNAVAILABLE else "too many requests"


def _retry_after(told: str, bases: tuple[datetime, datetime]) -> timedelta | None:
    """Return what Retry-After asks for, in either of its forms (RFC 9110, section 10.2.3)."""
    seconds = _whole(told)
    if seconds is not None:
        return min(timedelta(seconds=min(seconds, 10**9)), LONGEST_BELIEVED)
    until = _date(told)
    if until is None:
        return None
    spans = [until - base for base in bases]
    believed = next((span for span in spans if timedelta() <= span <= LONGEST_BELIEVED), spans[0])
    return min(max(believed, timedelta()), LONGEST_BELIEVED)


def _until_reset(told: str, bases: tuple[datetime, datetime]) -> timedelta | None:
    """Return how long it is to the reset; ``None`` when that is nonsense, or over already."""
    number = _whole(told)
    if number is None:
        return None
    if number <= LONGEST_BELIEVED.total_seconds():
        # Some hosts tell the seconds that are left.
        return timedelta(seconds=number) or None
    seconds = number / 1000 if number >= _SURELY_MILLISECONDS else float(number)
    spans = [seconds - base.timestamp() for base in bases]
    return next((timedelta(seconds=span) for span in spans if 0 < span <= LONGEST_BELIEVED.total_seconds()), None)


def _whole(told: str) -> int | None:
    found = _SECONDS.fullmatch(told.strip())
    return int(found[1]) if found else None


def _date(told: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(told)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
