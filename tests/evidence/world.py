"""Simulated worlds with hidden faults: they run combinations and say what the store would."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.evidence.judge import judge
from tracker.evidence.plan import plan
from tracker.model import Axis, Combination, EvidenceKey, Factor, Outcome, Profile, Trial, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Exclusion, Job

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAX_AGE = timedelta(days=90)
RETRY_AFTER = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Combinations that hold all ``values`` fail at ``capability``; the step exercises what the capability does."""

    capability: str
    values: frozenset[Value]
    is_deterministic: bool = False
    exercises: frozenset[str] | None = None
    cause: str = "hidden cause"


@dataclass(slots=True, kw_only=True)
class World:
    """A host with a hidden truth, its clock, and all trials made on it so far.

    Attributes:
        exercises: names of the factors that each capability exercises, in order of the chain.
        faults: the hidden truth.
        errors: values whose runs end in ERROR.
        exclusions: values that never meet.
        flake_rate: share of runs that fail at a random capability for no reason.
        is_host_broken: everything fails at the first capability.
    """

    axes: tuple[Axis, ...]
    exercises: Mapping[str, frozenset[str]]
    faults: Sequence[Fault] = ()
    errors: Collection[Value] = ()
    exclusions: Sequence[Exclusion] = ()
    flake_rate: float = 0.0
    seed: int = 0
    is_host_broken: bool = False
    artifacts: str = "a"
    scenario: str = "s"
    self_test_passed: bool = True
    now: datetime = START
    trials: list[Trial] = field(default_factory=list)
    recent_errors: dict[str, datetime] = field(default_factory=dict)
    run_count: int = 0

    @property
    def profile(self) -> Profile:
        return Profile(
            name="world",
            title="A simulated world",
            factors=tuple(axis.factor for axis in self.axes),
            scenario="scenario",
            capabilities=tuple(self.exercises),
            required=tuple(self.exercises),
            host_key=("host",),
        )

    def key(self, combination: Combination) -> EvidenceKey:
        return EvidenceKey(
            scenario_digest=self.scenario, artifact_digest=f"{self.artifacts} {combination.key}", host_key="h"
        )

    def run(self, combination: Combination, limit_factor: float = 1.0) -> dict[str, Outcome]:
        """Run ``combination``, keep its trials and return the outcome of each capability."""
        started_at = self.now + SECOND
        self.now = started_at + SECOND
        self.run_count += 1
        chance = random.Random(f"{self.seed} {self.run_count}")  # noqa: S311 # a seeded world, no secret
        flaky_at = chance.choice(list(self.exercises)) if chance.random() < self.flake_rate else ""
        said: dict[str, Outcome] = {}
        is_over = False
        for capability in self.exercises:
            outcome, fault = (Outcome.NOT_REACHED, None) if is_over else self._say(combination, capability, flaky_at)
            is_over = is_over or outcome is not Outcome.PASS
            said[capability] = outcome
            names = self.exercises[capability]
            if fault is not None and fault.exercises is not None:
                names = fault.exercises
            self.trials.append(
                Trial(
                    run_id=self.run_count,
                    combination=combination,
                    capability=capability,
                    outcome=outcome,
                    exercised=frozenset(value for value in combination if value.factor in names and not value.is_absent)
                    if outcome in {Outcome.PASS, Outcome.FAIL}
                    else frozenset(),
                    key=self.key(combination),
                    started_at=started_at,
                    finished_at=self.now,
                    cause=fault.cause if fault else "",
                    is_deterministic=bool(fault and fault.is_deterministic),
                    limit_factor=limit_factor,
                )
            )
        if Outcome.ERROR in said.values():
            self.recent_errors[combination.key] = self.now
        else:
            self.recent_errors.pop(combination.key, None)
        return said

    def _say(self, combination: Combination, capability: str, flaky_at: str) -> tuple[Outcome, Fault | None]:
        if self.is_host_broken:
            return Outcome.FAIL, None
        if any(value in self.errors for value in combination):
            return Outcome.ERROR, None
        for fault in self.faults:
            if fault.capability == capability and fault.values <= set(combination):
                return Outcome.FAIL, fault
        return (Outcome.FAIL if capability == flaky_at else Outcome.PASS), None

    def works(self, combination: Combination) -> bool:
        """Whether the hidden truth lets ``combination`` pass everything."""
        return not any(fault.values <= set(combination) for fault in self.faults)

    def judge(self, trials: Sequence[Trial] | None = None, *, now: datetime | None = None) -> Judgement:
        return judge(
            self.profile,
            self.trials if trials is None else trials,
            self.key,
            now=now or self.now,
            max_age=MAX_AGE,
            self_test_passed=self.self_test_passed,
            axes=self.axes,
            exclusions=self.exclusions,
        )

    def plan(
        self, budget_jobs: int = 200, pins: Collection[Value] = (), judgement: Judgement | None = None
    ) -> tuple[Job, ...]:
        return plan(
            self.axes,
            judgement or self.judge(),
            budget_jobs=budget_jobs,
            recent_errors=self.recent_errors,
            retry_after=RETRY_AFTER,
            pins=pins,
            exclusions=self.exclusions,
        )

    def settle(self, *, most_jobs: int, budget_jobs: int = 200, seen: Callable[[Job], None] | None = None) -> int:
        """Run plans until one is empty and return how many jobs that took."""
        jobs = 0
        while planned := self.plan(budget_jobs):
            for job in planned:
                jobs += 1
                if jobs > most_jobs:
                    message = f"no end after {most_jobs} jobs; the last was {job}"
                    raise AssertionError(message)
                if seen is not None:
                    seen(job)
                self.run(job.combination, job.limit_factor)
        return jobs


def axis(name: str, *versions: str, components: tuple[str, ...] = ()) -> Axis:
    """Return an axis; ``component@version`` where it has alternatives."""
    if not components:
        factor = Factor(name=name, title=name, variants=versions)
        return Axis(factor=factor, values=tuple(factor.value(version) for version in versions))
    factor = Factor(name=name, title=name, components=components)
    split = [version.partition("@") for version in versions]
    return Axis(factor=factor, values=tuple(factor.value(version, component) for component, _, version in split))


def pick(axes: Sequence[Axis], **versions: str) -> Combination:
    """Return the combination of the values that are written like ``versions``; the newest where none is given."""
    chosen = []
    for one in axes:
        wanted = versions.get(one.name.replace("-", "_"), one.values[0].text)
        chosen.append(next(value for value in one.values if value.text == wanted))
    return Combination.of(chosen)
