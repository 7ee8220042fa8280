"""Whether the machine slept: what times out in a sleep is no fault of the software."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

_LONG_SECONDS = 60.0
"""Clocks are set by less than this from time to time; a sleep is longer, or does no harm."""

if sys.platform == "win32":
    import ctypes

    def _awake_seconds() -> float:
        """Return seconds that the machine was awake (QueryUnbiasedInterruptTime counts 100 ns and stops in a sleep)."""
        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 10_000_000

else:

    def _awake_seconds() -> float:
        """Return seconds that the machine was awake (CLOCK_MONOTONIC stops in a sleep)."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment by two clocks: one that stops while the machine sleeps, and one that goes on."""

    awake: float
    wall: float

    @classmethod
    def now(cls) -> Mark:
        """Return the present moment."""
        return cls(_awake_seconds(), time.time())

    def slept_seconds(self, now: Mark) -> float:
        """Return how long the machine slept until ``now``; 0 for what a correction of the clock explains as well."""
        slept = (now.wall - self.wall) - (now.awake - self.awake)
        return slept if slept > _LONG_SECONDS else 0.0
