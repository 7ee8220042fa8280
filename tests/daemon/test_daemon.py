from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

from tracker.config import DaemonConfig
from tracker.daemon import run_daemon

if TYPE_CHECKING:
    from collections.abc import Callable

OFTEN = DaemonConfig(interval_minutes=1 / 60, jitter_minutes=0)


def test_passes_repeat_never_overlap_and_end_with_a_signal() -> None:
    under_way = threading.Lock()
    made: list[bool] = []

    def make_pass(_should_stop: Callable[[], bool]) -> None:
        made.append(under_way.acquire(blocking=False))
        under_way.release()
        if len(made) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    run_daemon(make_pass, OFTEN)

    assert made[:3] == [True, True, True]


def test_a_pass_under_way_is_told_to_stop_and_is_waited_for() -> None:
    ended: list[str] = []

    def make_pass(should_stop: Callable[[], bool]) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while not should_stop():
            threading.Event().wait(0.01)
        ended.append("in good order")

    run_daemon(make_pass, OFTEN)

    assert ended == ["in good order"]


def test_the_handlers_that_were_there_before_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    run_daemon(lambda _: os.kill(os.getpid(), signal.SIGTERM), OFTEN)

    assert signal.getsignal(signal.SIGTERM) is before
