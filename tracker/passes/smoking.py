"""Plan, run and record until nothing is left to do, or the budget is spent."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from tracker.errors import StoreError
from tracker.evidence.plan import plan
from tracker.evidence.remaining import remaining
from tracker.model import Outcome
from tracker.passes.judging import SELF_TEST, Judged, judge_store
from tracker.passes.recommending import never_recommended
from tracker.passes.room import bytes_to_install, free_bytes, least_bytes
from tracker.passes.verdicts import pinned_values
from tracker.smoke.guard import FREE_BYTES
from tracker.smoke.limits import mib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.evidence.remaining import Remaining
    from tracker.model import Job, Run
    from tracker.passes.events import PassEvents
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.store import Store


@contextmanager
def _kept(failures: list[StoreError]) -> Iterator[None]:
    """Keep the failure of the block: other runs are still under way, and what they find is to be stored if it can."""
    try:
        yield
    except StoreError as error:
        failures.append(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoking:
    """Plans and runs jobs on this machine.

    Attributes:
        place: settings, plugins, profile.
        store: where runs are recorded, each as it ends.
        runner: makes one run.
        events: hears of what goes on.
        should_stop: asked between two jobs.
        is_spare: runs that nobody waits for are made as well, once nothing else is left.
        found: what is found out once and used by every run.
        obstacles: why no further run begins, each as a sentence; empty while nothing is in the way.
    """

    place: Workplace
    store: Store
    runner: Runner
    events: PassEvents
    should_stop: Callable[[], bool]
    is_spare: bool = False
    found: dict[str, str] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)

    def judge(self) -> Judged:
        """Judge all that is stored now."""
        return judge_store(self.place, self.store, self.runner, now=datetime.now(UTC))

    def plan(self, judged: Judged, *, budget_jobs: int, is_spare: bool = False) -> tuple[Job, ...]:
        """Return what to run next, most telling first, each with its reason."""
        return plan(
            judged.axes,
            judged.planning,
            budget_jobs=budget_jobs,
            recent_errors=self.store.recent_errors(profile=self.place.profile.name, host_key=self.runner.host_key),
            retry_after=timedelta(minutes=self.place.config.smoke.retry_after_minutes),
            pins=pinned_values(self.place, judged),
            exclusions=self.place.profile.exclusions,
            needs=self.place.profile.required,
            never=never_recommended(self.place, judged.releases),
            is_spare=is_spare,
        )

    def remaining(self, judged: Judged) -> Remaining:
        """Return what it would take to know everything."""
        return remaining(
            judged.axes,
            judged.planning,
            recent_errors=self.store.recent_errors(profile=self.place.profile.name, host_key=self.runner.host_key),
            retry_after=timedelta(minutes=self.place.config.smoke.retry_after_minutes),
            exclusions=self.place.profile.exclusions,
            needs=self.place.profile.required,
            never=never_recommended(self.place, judged.releases),
        )

    def run_all(self) -> tuple[Run, ...]:
        """Plan and run until the plan is empty, the budget is spent or it should stop; return the runs made."""
        if not self.place.profile.scenario:
            return ()
        made: list[Run] = []
        budget, ends_at = self.place.config.smoke.budget_jobs, self._ends_at()
        while not self._is_over(ends_at) and len(made) < budget:
            judged = self.judge()
            jobs = self.plan(judged, budget_jobs=budget - len(made))
            if not jobs:
                return (*made, *self._run_spare(judged, budget - len(made), ends_at))
            self.events.planned(len(jobs))
            made += self.run(jobs, judged, ends_at=ends_at)
        return tuple(made)

    def _run_spare(self, judged: Judged, budget: int, ends_at: float) -> list[Run]:
        """Make the runs that nobody waits for; each pass makes them once, since there is always something to audit."""
        if not self.is_spare:
            return []
        jobs = self.plan(judged, budget_jobs=min(budget, self.place.config.smoke.spare_jobs), is_spare=True)
        self.events.planned(len(jobs))
        return self.run(jobs, judged, ends_at=ends_at)

    def _ends_at(self) -> float:
        """Return when no further run begins, on the monotonic clock."""
        minutes = self.place.config.smoke.budget_minutes
        return monotonic() + 60 * minutes if minutes else inf

    def _is_over(self, ends_at: float) -> bool:
        return self.should_stop() or bool(self.obstacles) or monotonic() >= ends_at

    def run(self, jobs: Sequence[Job], judged: Judged, *, ends_at: float = inf) -> list[Run]:
        """Run ``jobs`` on all lanes and record each as it ends.

        Raises:
            StoreError: the store takes no more; runs that were under way ended, and what could be recorded is.
        """
        self._test_the_bed(judged)
        queued = list(self.store.enqueue(jobs, profile=self.place.profile.name, now=datetime.now(UTC)))
        lanes = self.place.config.smoke.lanes or os.cpu_count() or 1
        under_way: dict[Future[Run], tuple[Job, int]] = {}
        made: list[Run] = []
        failures: list[StoreError] = []
        with ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="lane") as pool:
            while queued or under_way:
                while queued and len(under_way) < lanes and not failures:
                    if not self._may_begin(queued[0], judged, ends_at):
                        queued.clear()
                        break
                    job = queued.pop(0)
                    with _kept(failures):
                        run_id = self._start(job, judged)
                        under_way[pool.submit(self.runner.run, job, judged.installable, judged.tools)] = (job, run_id)
                if not under_way:
                    break
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    with _kept(failures):
                        made.append(self._record(future, *under_way.pop(future)))
        for failure in failures:
            raise failure
        return made

    def _may_begin(self, job: Job, judged: Judged, ends_at: float) -> bool:
        """Whether another run may begin: there is time, and the disk has room for what it installs."""
        if self._is_over(ends_at):
            return False
        wanted = [judged.installable[value] for value in job.combination if value in judged.installable]
        need = FREE_BYTES + least_bytes(self.place.config) + bytes_to_install(self.place.config, wanted)
        free = free_bytes(self.place.config.home)
        if free < need:
            self.obstacles.append(
                f"no further run was begun: the disk of {self.place.config.home} has {mib(free)} left, "
                f"and the next one needs {mib(need)}"
            )
        return free >= need

    def _test_the_bed(self, judged: Judged) -> None:
        """Find out once whether the test bed works: what fails on a bed that does not is no fault of the software."""
        if SELF_TEST not in self.found:
            said = self.runner.self_test(judged.tools)
            self.found[SELF_TEST] = str(said.outcome)
            if said.outcome is not Outcome.PASS:
                self.events.said(f"note  self-test of the test bed: {said.outcome}: {said.reason}")

    def _start(self, job: Job, judged: Judged) -> int:
        self.events.started(job)
        return self.store.start_run(
            job,
            profile=self.place.profile.name,
            scenario=self.place.profile.scenario,
            key=self.runner.key_for(job.combination, judged.installable),
            environment={**self.runner.host_facts(), **self.found},
            started_at=datetime.now(UTC),
        )

    def _record(self, future: Future[Run], job: Job, run_id: int) -> Run:
        run = future.result()
        run = replace(run, id=run_id, job_id=job.id, environment={**run.environment, **self.found})
        self.store.finish_run(run)
        self.events.finished(job, run)
        return run
