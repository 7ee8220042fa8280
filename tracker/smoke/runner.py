"""Runs a profile's scenario on combinations: installs, isolates, steps, tidies up, and tells what was seen."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tracker.errors import SmokeError, TrackerError
from tracker.evidence.closures import with_closure
from tracker.model import Combination, EvidenceKey, Outcome, Run, RunState
from tracker.protocols import StepSaid
from tracker.registry import find
from tracker.smoke.assembly import Assembled
from tracker.smoke.digests import artifact_digest, host_key, scenario_digest
from tracker.smoke.environment import proxy_environment
from tracker.smoke.equipment import Equipment
from tracker.smoke.facts import gather_facts
from tracker.smoke.isolation import Launching, probe_ability
from tracker.smoke.limits import RunLimits
from tracker.smoke.steps import run_steps, unreached
from tracker.smoke.surroundings import Surroundings
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tracker.config import Config
    from tracker.model import Job, Profile, Release, StepResult, Value
    from tracker.protocols import EnvironmentBuilder, HttpClient, Installer, Scenario
    from tracker.registry import Registry
    from tracker.smoke.bench import Installed
    from tracker.smoke.isolation import Ability

ISOLATION = "isolation"
"""The fact of a run's environment that tells what it could have for itself: namespaces, or nothing without root."""

_LOG = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _Seen:
    """What a run has shown so far."""

    steps: tuple[StepResult, ...] = ()
    logs: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    assembled: Assembled = field(default_factory=Assembled)


class Runner:
    """Runs the scenario of one profile; safe to use from several threads.

    Args:
        registry: all plugins.
        profile: what is run.
        config: where things lie.
        http: what fetches.
        now: the clock; aware UTC.
        scenario_digest: of the test under which evidence stands; empty for that of the code as it is.

    Attributes:
        artifacts: the files of releases, each verified when it is fetched.
        closures: what each combination's environments last came to, as ``latest_closures`` tells it.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        profile: Profile,
        config: Config,
        http: HttpClient,
        now: Callable[[], datetime] = utc_now,
        scenario_digest: str = "",
    ) -> None:
        self._pinned_digest = scenario_digest
        self._registry = registry
        self._profile = profile
        launcher = registry.launchers.get(config.host.launcher)
        self._launching = Launching(launcher=launcher, cache_dir=config.home / "cache") if launcher else None
        self._network = config.network
        self._limits = RunLimits.of(config.smoke)
        self.now = now
        self._equipment = Equipment(registry, profile, config, http)
        self.artifacts = self._equipment.artifacts
        self.closures: Mapping[Combination, str] = {}
        self._runs = RunDirs(config.home / "runs")
        self._must_sweep = True
        self._guard = threading.Lock()

    @cached_property
    def scenario(self) -> Scenario:
        """The profile's scenario."""
        return find("scenario", self._registry.scenarios, self._profile.scenario, self._registry.problems)

    @cached_property
    def ability(self) -> Ability:
        """Whether this process can give runs namespaces of their own, and why not."""
        return probe_ability(self._launching.launcher if self._launching else None)

    @cached_property
    def _facts(self) -> dict[str, str]:
        facts = {**gather_facts(self._registry.host_facts), ISOLATION: self.ability.kind}
        return {**facts, **self._launching.launcher.state().facts} if self._launching else facts

    @cached_property
    def _scenario_digest(self) -> str:
        if self._pinned_digest:
            return self._pinned_digest
        known: Mapping[str, Installer | EnvironmentBuilder] = {
            **self._registry.installers,
            **self._registry.environment_builders,
        }
        installers = [known[name] for name in self.scenario.installers]
        return scenario_digest(self.scenario, installers)

    def host_facts(self) -> Mapping[str, str]:
        """Return all facts of this host, by name."""
        return dict(self._facts)

    @property
    def host_key(self) -> str:
        """The facts that the profile names, as they stand in evidence keys."""
        return host_key(self._profile.host_key, self._facts)

    def key_for(
        self, combination: Combination, releases: Mapping[Value, Release], closure: str | None = None
    ) -> EvidenceKey:
        """Return the key under which a run of ``combination`` stands here and now.

        Args:
            combination: what would be run.
            releases: at least the releases of its values.
            closure: digest of all that its environments come to; ``None`` for what ``closures`` says.
        """
        files = artifact_digest(self.taken(releases[value], combination) for value in combination if value in releases)
        known = self.closures.get(combination, "") if closure is None else closure
        return EvidenceKey(
            scenario_digest=self._scenario_digest,
            artifact_digest=with_closure(files, known),
            host_key=self.host_key,
        )

    def prepare(self, releases: Iterable[Release]) -> None:
        """Fetch and install ``releases``, so that later runs need no network; blocks.

        Raises:
            TrackerError: one of them could not be fetched or installed.
        """
        for release in releases:
            if not self._equipment.builder_of(release):
                self.install(release)

    def run(self, job: Job, releases: Mapping[Value, Release], tools: Mapping[str, Release]) -> Run:
        """Run the scenario on the job's combination; whatever goes wrong becomes a run with outcome ERROR.

        Args:
            job: what to run.
            releases: the release of every value that has a component.
            tools: the releases of the profile's tools, by component name.
        """
        started_at = self.now()
        seen = _Seen()
        self._guarded(seen, lambda: self._run(job, releases, tools, seen))
        outcomes = [step.outcome for step in seen.steps if step.outcome is not Outcome.PASS]
        taken = [self.taken(releases[value], job.combination) for value in job.combination if value in releases]
        assembled = seen.assembled
        return Run(
            job_id=job.id,
            combination=job.combination,
            key=self.key_for(job.combination, releases, assembled.closure if assembled.steps else None),
            started_at=started_at,
            finished_at=self.now(),
            state=RunState.FINISHED,
            outcome=Outcome.ERROR if seen.problems else next(iter(outcomes), Outcome.PASS),
            steps=seen.steps,
            environment={**self.host_facts(), **assembled.facts},
            artifacts=assembled.with_files_of((*taken, *tools.values())),
            limit_factor=job.limit_factor,
            reason="; ".join(seen.problems),
            logs=seen.logs,
        )

    def self_test(self, tools: Mapping[str, Release]) -> StepSaid:
        """Show that the test bed itself works, with nothing that is under test; PASS, SKIP or ERROR.

        Args:
            tools: the releases of the profile's tools, by component name.
        """
        said: list[StepSaid] = []
        seen = _Seen()
        self._guarded(seen, lambda: self._self_test(tools, seen, said))
        return StepSaid.error("; ".join(seen.problems)) if seen.problems else said[0]

    def _run(self, job: Job, releases: Mapping[Value, Release], tools: Mapping[str, Release], seen: _Seen) -> None:
        wanted = dict(tools)
        for value in job.combination:
            if value.component and not value.is_absent:
                if value not in releases:
                    message = f"{value}: its release is not known"
                    raise SmokeError(message)
                release = self.taken(releases[value], job.combination)
                if release.assets or not releases[value].assets or self._equipment.builder_of(release):
                    wanted[value.factor] = release
        equipped = self._equipment.have(wanted, job.combination)
        seen.assembled = equipped.assembled
        if (ended_by := equipped.assembled.ended_by) is not None:
            seen.steps = (*seen.assembled.steps, *(unreached(step, ended_by) for step in self.scenario.steps))
            return
        surroundings = self._open(job.combination, equipped.installed)
        try:
            steps = run_steps(
                self.scenario,
                surroundings.bench,
                surroundings.isolation,
                limit_factor=job.limit_factor,
                no_root_reason=self.ability.reason,
                reached=surroundings.reached,
            )
            seen.steps = (*seen.assembled.steps, *steps)
            self.scenario.finish(surroundings.bench)
        finally:
            self._close(surroundings, seen)

    def _self_test(self, tools: Mapping[str, Release], seen: _Seen, said: list[StepSaid]) -> None:
        if not self.ability.can_isolate and any(step.needs_root for step in self.scenario.steps):
            said.append(StepSaid.skipped(self.ability.reason))
            return
        equipped = self._equipment.have(tools, Combination.of([]))
        if (ended_by := equipped.assembled.ended_by) is not None:
            said.append(StepSaid.error(f"{ended_by.name}: {ended_by.reason}"))
            return
        surroundings = self._open(Combination.of([]), equipped.installed)
        try:
            surroundings.bench.begin_step(60.0)
            said.append(self.scenario.self_test(surroundings.bench))
        finally:
            self._close(surroundings, seen)

    def install(self, release: Release) -> Installed:
        """Return where ``release`` is installed, fetching and installing it when needed, as ``Equipment`` does."""
        return self._equipment.install(release)

    def taken(self, release: Release, combination: Combination) -> Release:
        """Return ``release`` with the assets that this host takes of several, in ``combination``."""
        return self._equipment.taken(release, combination, self._facts)

    def sweep(self) -> tuple[str, ...]:
        """Remove what earlier runs left on this machine, unless that was done; return what could not be removed."""
        with self._guard:
            if not self._must_sweep:
                return ()
            problems = self._runs.sweep(self._launching.launcher.clean if self._launching else None)
            self._must_sweep = bool(problems)
            return problems

    def _open(self, combination: Combination, installed: Mapping[str, Installed]) -> Surroundings:
        if problems := self.sweep():
            message = f"the machine is not clean: {'; '.join(problems)}"
            raise SmokeError(message, hint="Remove by hand what an earlier run left behind.")
        return Surroundings(
            self._runs,
            self.ability,
            self.scenario.isolation,
            combination=combination,
            installed=installed,
            facts=self._facts,
            proxy=proxy_environment(self._network.proxy, os.environ, direct=self._network.no_proxy),
            launching=self._launching,
            limits=self._limits,
        )

    def _close(self, surroundings: Surroundings, seen: _Seen) -> None:
        leftovers = surroundings.close()
        seen.logs = surroundings.bench.background_logs()
        if leftovers:
            seen.problems.append(f"the run left something behind: {'; '.join(leftovers)}")
            with self._guard:
                self._must_sweep = True

    @staticmethod
    def _guarded(seen: _Seen, work: Callable[[], None]) -> None:
        try:
            work()
        except TrackerError as error:
            seen.problems.insert(0, str(error))
        except Exception as error:  # noqa: BLE001 - one of the three places where anything may come; see its docstring
            _LOG.exception("a run failed by itself")
            seen.problems.insert(0, f"the tracker's own code failed: {type(error).__name__}: {error}")
