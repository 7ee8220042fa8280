"""Whom not to ask until when: a host that asked to be left alone is, by every thread and after a restart."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.errors import RateLimitedError
from tracker.http.limits import LONGEST_BELIEVED
from tracker.http.remembered import Parked
from tracker.http.retry import limit_hint, shown_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.http.remembered import Remembered

_STRIKES_FORGOTTEN_AFTER = timedelta(hours=1)


class Parking:
    """Pairs of origin and credential identity (empty: anonymous), each with the end of its rest.

    A process reads once what earlier ones wrote.

    Args:
        remembered: where it outlives the process.
        clock: tells the aware UTC time.
    """

    def __init__(self, remembered: Remembered, clock: Callable[[], datetime]) -> None:
        self._remembered = remembered
        self._clock = clock
        self._lock = threading.Lock()
        self._parked: dict[tuple[str, str], Parked] | None = None

    def check(self, whom: tuple[str, str], address: str) -> None:
        """Return when ``whom`` may be asked.

        Raises:
            RateLimitedError: not yet.
        """
        with self._lock:
            found = self._known().get(whom)
        now = self._clock()
        # An end that no host would have asked for comes from a clock that was wrong.
        if found is None or not now < found.until <= now + LONGEST_BELIEVED:
            return
        message = f"{address}: not asked before {shown_time(found.until)}, as the host wishes: {found.reason}"
        hint = limit_hint(is_authorized=bool(whom[1]))
        raise RateLimitedError(message, retry_at=found.until, reason=found.reason, hint=hint)

    def strikes(self, whom: tuple[str, str]) -> int:
        """Return how many limits ``whom`` met in a row lately."""
        with self._lock:
            found = self._known().get(whom)
        if found is None or abs(self._clock() - found.until) > _STRIKES_FORGOTTEN_AFTER:
            return 0
        return found.strikes

    def park(self, whom: tuple[str, str], error: RateLimitedError) -> None:
        """Leave ``whom`` alone until ``error.retry_at``; a longer rest that is known already stays."""
        now = self._clock()
        with self._lock:
            known = self._known()
            before = known.get(whom)
            until, reason, strikes = error.retry_at, error.reason, 1
            if before is not None and before.until > now:
                # Several threads met the same limit.
                strikes = before.strikes
                if now + LONGEST_BELIEVED >= before.until > until:
                    until, reason = before.until, before.reason
            elif before is not None and now - before.until <= _STRIKES_FORGOTTEN_AFTER:
                strikes = before.strikes + 1
            known[whom] = Parked(until=until, reason=reason, strikes=strikes)
            self._remembered.park(whom, known[whom])

    def free(self, whom: tuple[str, str]) -> None:
        """Forget the limits of ``whom``, since it answered; a rest that is under way stays.

        An answer may have been on its way when another thread met the limit.
        """
        with self._lock:
            known = self._known()
            found = known.get(whom)
            if found is not None and found.until <= self._clock():
                del known[whom]
                self._remembered.free(whom)

    def _known(self) -> dict[tuple[str, str], Parked]:
        if self._parked is None:
            self._parked = self._remembered.parked()
        return self._parked
