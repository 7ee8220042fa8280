"""Plan, run and record until nothing is left to do, or the budget is spent."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from tracker.evidence.plan import plan
from tracker.evidence.remaining import remaining
from tracker.model import Outcome
from tracker.passes.judging import SELF_TEST, Judged, judge_store
from tracker.passes.recommending import never_recommended
from tracker.passes.verdicts import pinned_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.evidence.remaining import Remaining
    from tracker.model import Job, Run
    from tracker.passes.events import PassEvents
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.store import Store


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
    """

    place: Workplace
    store: Store
    runner: Runner
    events: PassEvents
    should_stop: Callable[[], bool]
    is_spare: bool = False
    found: dict[str, str] = field(default_factory=dict)

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
        return self.should_stop() or monotonic() >= ends_at

    def run(self, jobs: Sequence[Job], judged: Judged, *, ends_at: float = inf) -> list[Run]:
        """Run ``jobs`` on all lanes and record each as it ends."""
        self._test_the_bed(judged)
        queued = list(self.store.enqueue(jobs, profile=self.place.profile.name, now=datetime.now(UTC)))
        lanes = self.place.config.smoke.lanes or os.cpu_count() or 1
        under_way: dict[Future[Run], tuple[Job, int]] = {}
        made: list[Run] = []
        with ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="lane") as pool:
            while queued or under_way:
                while queued and len(under_way) < lanes and not self._is_over(ends_at):
                    job = queued.pop(0)
                    run_id = self._start(job, judged)
                    under_way[pool.submit(self.runner.run, job, judged.installable, judged.tools)] = (job, run_id)
                if not under_way:
                    break
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                made += [self._record(future, *under_way.pop(future)) for future in done]
        return made

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
