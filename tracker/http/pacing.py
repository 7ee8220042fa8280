"""When a host may be asked: a short pause between requests, and a longer one when the host asked for it."""

from __future__ import annotations

import threading
import time

PAUSE_SECONDS = 0.02


class Pacer:
    """Shared by all threads; whom is an origin and a credential's identity, and none waits for another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[tuple[str, str], float] = {}

    def wait(self, whom: tuple[str, str]) -> None:
        """Block until ``whom`` may be asked."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(whom, now))
            self._next[whom] = turn + PAUSE_SECONDS
        time.sleep(turn - now)

    def hold(self, whom: tuple[str, str], seconds: float) -> None:
        """Let nobody ask ``whom`` for ``seconds``."""
        with self._lock:
            self._next[whom] = max(self._next.get(whom, 0.0), time.monotonic() + seconds)
