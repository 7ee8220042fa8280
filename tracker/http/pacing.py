"""When a host may be asked: a short pause between requests, and a longer one when the host asked for it."""

from __future__ import annotations

import threading
import time

PAUSE_SECONDS = 0.02


class Pacer:
    """Shared by all threads; one host never waits for another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Block until ``host`` may be asked."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + PAUSE_SECONDS
        time.sleep(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask ``host`` for ``seconds``."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), time.monotonic() + seconds)
