"""``[daemon]``: when the daemon makes a pass."""

from __future__ import annotations

from tracker.configured import DaemonConfig
from tracker.settings import Key, Number, Table

_USUAL = DaemonConfig()

DAEMON = Table(
    (
        Key(
            "interval_minutes",
            Number(least=0.01),
            "From the start of one pass to the next.",
            _USUAL.interval_minutes,
        ),
        Key(
            "jitter_minutes",
            Number(least=0),
            "At most this much is added at random, so that many machines do not ask at once.",
            _USUAL.jitter_minutes,
        ),
    ),
    build=lambda read: DaemonConfig(**read),
)
