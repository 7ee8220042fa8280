"""GitHub's two rate limits: how many requests an hour, and how fast.

Without a script there are 60 requests an hour without a token, and 5000 with one. A test sets what is left, or makes
the next requests hit the secondary limit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from .asked import Refused

ANONYMOUS_LIMIT = 60
TOKEN_LIMIT = 5000
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
PRIMARY = (
    "API rate limit exceeded for {who}. (But here's the good news: Authenticated requests get a higher rate limit.)"
)


@dataclass(slots=True)
class Budget:
    """What one credential has left of one resource; ``reset`` is in seconds since 1970."""

    limit: int
    remaining: int
    reset: int
    used: int = 0

    def headers(self, resource: str) -> dict[str, str]:
        """Return the headers that every answer carries."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-reset": str(self.reset),
            "x-ratelimit-resource": resource,
        }


class Limits:
    """The budgets of all credentials, and the secondary limit that a test announces."""

    def __init__(self) -> None:
        self._budgets: dict[tuple[str | None, str], Budget] = {}
        self._primary: tuple[int, int | None, str | None] | None = None
        self._status = 403
        self._secondary: list[tuple[int, dict[str, str]]] = []

    def primary(
        self,
        remaining: int = 0,
        *,
        reset: float | datetime | None = None,
        status: int = 403,
        resource: str | None = None,
    ) -> None:
        """Set what every credential has left from now on, and when it is filled again.

        Args:
            remaining: how many more requests are answered.
            reset: seconds since 1970, or an aware time; in an hour by default. The double fills the budget then.
            status: what a request too many is answered with: 403 or 429 (GraphQL: always 200 with an error).
            resource: "core" or "graphql"; all of them by default.
        """
        at = reset.timestamp() if isinstance(reset, datetime) else reset
        self._primary = (remaining, None if at is None else int(at), resource)
        self._status = status
        self._budgets.clear()

    def secondary(self, *, retry_after: int | datetime | None = None, status: int = 403, times: int = 1) -> None:
        """Let the next requests to the API hit the secondary limit.

        Args:
            retry_after: seconds; an aware time, sent as an HTTP date; None: no header, only the message.
            status: 403 or 429.
            times: how many requests.
        """
        headers = {}
        if isinstance(retry_after, datetime):
            headers = {"retry-after": format_datetime(retry_after, usegmt=True)}
        elif retry_after is not None:
            headers = {"retry-after": str(retry_after)}
        self._secondary = [(status, headers)] * times

    def none(self) -> None:
        """Fill all budgets and forget what was set."""
        self._primary = None
        self._secondary = []
        self._budgets.clear()

    def budget(self, credential: str | None, resource: str = "core") -> Budget:
        """Return what a credential has left, filled again where its time has come."""
        key = (credential, resource)
        if key not in self._budgets or self._budgets[key].reset <= time.time():
            self._budgets[key] = self._new(credential, resource, is_refill=key in self._budgets)
        return self._budgets[key]

    def check_secondary(self) -> None:
        """Raise Refused where a test asked for it."""
        if self._secondary:
            status, headers = self._secondary.pop()
            raise Refused(status, SECONDARY, headers=headers)

    def check_primary(self, budget: Budget, who: str) -> None:
        """Raise Refused when nothing is left."""
        if budget.remaining <= 0:
            raise Refused(self._status, PRIMARY.format(who=who))

    def spend(self, budget: Budget, points: int = 1) -> None:
        """Take points from a budget."""
        budget.used += points
        budget.remaining = max(0, budget.remaining - points)

    def _new(self, credential: str | None, resource: str, *, is_refill: bool) -> Budget:
        limit = ANONYMOUS_LIMIT if credential is None else TOKEN_LIMIT
        hour = int(time.time()) + 3600
        if self._primary is None or is_refill or self._primary[2] not in {None, resource}:
            return Budget(limit, limit, hour)
        remaining, reset, _ = self._primary
        return Budget(
            max(limit, remaining), remaining, hour if reset is None else reset, max(limit, remaining) - remaining
        )
