"""When a host may be asked: a short pause between requests, and a longer one when the host asked for it."""

from __future__ import annotations

import functools
import ipaddress
import threading
import time
from urllib.parse import urlsplit

PAUSE_SECONDS = 0.02


class Pacer:
    """Shared by all threads; whom is an origin and a credential's identity, and none waits for another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[tuple[str, str], float] = {}

    def wait(self, whom: tuple[str, str]) -> None:
        """Block until ``whom`` may be asked; a server on this machine needs no pause between requests."""
        pause = 0.0 if _is_here(whom[0]) else PAUSE_SECONDS
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(whom, now))
            self._next[whom] = turn + pause
        time.sleep(turn - now)

    def hold(self, whom: tuple[str, str], seconds: float) -> None:
        """Let nobody ask ``whom`` for ``seconds``."""
        with self._lock:
            self._next[whom] = max(self._next.get(whom, 0.0), time.monotonic() + seconds)


@functools.cache
def _is_here(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
