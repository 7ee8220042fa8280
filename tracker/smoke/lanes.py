"""Runs many jobs side by side and hands every result to the caller's own thread."""

from __future__ import annotations

import os
import queue
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from tracker.model import EvidenceKey, Job, Release, Run, Value
    from tracker.smoke.runner import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A job with all that it needs.

    Attributes:
        job: what to run.
        releases: the release of every value that has a component.
        tools: the releases of the profile's tools, by component name.
    """

    job: Job
    releases: Mapping[Value, Release] = field(default_factory=dict)
    tools: Mapping[str, Release] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A run that has just begun.

    Attributes:
        order: what is run.
        key: under which it stands.
        started_at: aware UTC.
    """

    order: Order
    key: EvidenceKey
    started_at: datetime


@dataclass(frozen=True, slots=True)
class _Broke:
    error: BaseException


def lane_count(configured: int) -> int:
    """Return how many runs go side by side: what is configured, or one for each core that this process may use."""
    if configured > 0:
        return configured
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_many(
    runner: Runner,
    orders: Sequence[Order],
    *,
    lanes: int,
    on_started: Callable[[Started], None],
    on_finished: Callable[[Order, Run], None],
) -> None:
    """Run ``orders`` in their order, ``lanes`` at a time; returns when all have finished.

    Both callbacks are called in the calling thread, for each order first ``on_started``. When one raises, or on an
    interrupt, nothing more is begun, what is under way is finished but not told, and the exception goes on.
    """
    told: queue.SimpleQueue[Started | tuple[Order, Run] | _Broke] = queue.SimpleQueue()

    def work(order: Order) -> None:
        try:
            key = runner.key_for(order.job.combination, order.releases)
            told.put(Started(order=order, key=key, started_at=runner.now()))
            told.put((order, runner.run(order.job, order.releases, order.tools)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
            told.put(_Broke(error))

    pool = ThreadPoolExecutor(max_workers=max(lanes, 1), thread_name_prefix="lane")
    try:
        for order in orders:
            pool.submit(work, order)
        finished = 0
        while finished < len(orders):
            news = told.get()
            if isinstance(news, _Broke):
                raise news.error
            if isinstance(news, Started):
                on_started(news)
            else:
                finished += 1
                on_finished(*news)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
