"""A pass on a schedule: APScheduler wiring and signals, nothing else."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from tracker.config import DaemonConfig

_CORRECTION_SECONDS = 5.0
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


def run_daemon(
    make_pass: Callable[[Callable[[], bool]], None], settings: DaemonConfig, stopping: threading.Event | None = None
) -> None:
    """Make a pass now and then again and again; return when it is to stop and the pass under way has stopped.

    Passes never overlap; those that were missed (the machine slept) become one.

    Args:
        make_pass: one whole pass; it gets a function that tells whether to stop between two jobs, and raises nothing.
        settings: interval and jitter.
        stopping: set when it is to stop; without it SIGTERM and Ctrl-C do that.
    """
    signals = () if stopping else _SIGNALS
    stopping = stopping or threading.Event()
    scheduler = BackgroundScheduler(timezone=UTC)
    job = scheduler.add_job(
        make_pass,
        IntervalTrigger(
            seconds=round(settings.interval_minutes * 60) or 1, jitter=round(settings.jitter_minutes * 60) or None
        ),
        args=(stopping.is_set,),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    before = {number: signal.signal(number, _setter(stopping)) for number in signals}
    try:
        scheduler.start()
        # Waiting without end would not notice Ctrl-C on Windows, where only a wait with a limit is interruptible.
        mark = Moment.now()
        while not stopping.wait(timeout=1.0):
            moment = Moment.now()
            if mark.is_set_back(moment):
                # The scheduler goes by the clock on the wall: it would wait until that clock is there again.
                job.modify(next_run_time=datetime.now(UTC) + job.trigger.interval)
            mark = moment
        scheduler.shutdown(wait=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by a clock that only goes forward, and by the one on the wall; in seconds."""

    steady: float
    wall: float

    @classmethod
    def now(cls) -> Moment:
        """Return the present moment."""
        return cls(time.monotonic(), time.time())

    def is_set_back(self, later: Moment) -> bool:
        """Whether the clock on the wall was set back by more than a correction."""
        return (later.wall - self.wall) - (later.steady - self.steady) < -_CORRECTION_SECONDS


def _setter(stopping: threading.Event) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    return stop
