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
from tracker.model import Combination, EvidenceKey, Outcome, Run, RunState
from tracker.protocols import Selective, StepSaid
from tracker.registry import find
from tracker.smoke.artifacts import ArtifactCache
from tracker.smoke.bench import Installed
from tracker.smoke.digests import artifact_digest, host_key, scenario_digest
from tracker.smoke.environment import proxy_environment
from tracker.smoke.facts import gather_facts
from tracker.smoke.isolation import Launching, probe_ability
from tracker.smoke.limits import RunLimits
from tracker.smoke.prefixes import Prefixes, PrefixPlan
from tracker.smoke.steps import run_steps
from tracker.smoke.surroundings import Surroundings
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tracker.config import Config
    from tracker.model import Job, Profile, Release, StepResult, Value
    from tracker.protocols import HttpClient, Scenario
    from tracker.registry import Registry
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
        self.artifacts = ArtifactCache(config.home / "cache", http)
        self._prefixes = Prefixes(config.home / "prefixes", self.artifacts)
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
        installers = [self._registry.installers[name] for name in self.scenario.installers]
        return scenario_digest(self.scenario, installers)

    def host_facts(self) -> Mapping[str, str]:
        """Return all facts of this host, by name."""
        return dict(self._facts)

    @property
    def host_key(self) -> str:
        """The facts that the profile names, as they stand in evidence keys."""
        return host_key(self._profile.host_key, self._facts)

    def key_for(self, combination: Combination, releases: Mapping[Value, Release]) -> EvidenceKey:
        """Return the key under which a run of ``combination`` stands here and now.

        Args:
            combination: what would be run.
            releases: at least the releases of its values.
        """
        return EvidenceKey(
            scenario_digest=self._scenario_digest,
            artifact_digest=artifact_digest(self.taken(releases[value]) for value in combination if value in releases),
            host_key=self.host_key,
        )

    def prepare(self, releases: Iterable[Release]) -> None:
        """Fetch and install ``releases``, so that later runs need no network; blocks.

        Raises:
            TrackerError: one of them could not be fetched or installed.
        """
        for release in releases:
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
        used = [*(self.taken(releases[value]) for value in job.combination if value in releases), *tools.values()]
        return Run(
            job_id=job.id,
            combination=job.combination,
            key=self.key_for(job.combination, releases),
            started_at=started_at,
            finished_at=self.now(),
            state=RunState.FINISHED,
            outcome=Outcome.ERROR if seen.problems else next(iter(outcomes), Outcome.PASS),
            steps=seen.steps,
            environment=self.host_facts(),
            artifacts={f"{one.component}/{asset.name}": asset.digest or "" for one in used for asset in one.assets},
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
        if seen.problems:
            return StepSaid.error("; ".join(seen.problems))
        return said[0]

    def _run(self, job: Job, releases: Mapping[Value, Release], tools: Mapping[str, Release], seen: _Seen) -> None:
        installed = {name: self.install(release) for name, release in tools.items()}
        for value in job.combination:
            if value.component and not value.is_absent:
                if value not in releases:
                    message = f"{value}: its release is not known"
                    raise SmokeError(message)
                release = self.taken(releases[value])
                if release.assets or not releases[value].assets:
                    installed[value.factor] = self.install(release)
        surroundings = self._open(job.combination, installed)
        try:
            seen.steps = run_steps(
                self.scenario,
                surroundings.bench,
                surroundings.isolation,
                limit_factor=job.limit_factor,
                no_root_reason=self.ability.reason,
                reached=surroundings.reached,
            )
            self.scenario.finish(surroundings.bench)
        finally:
            self._close(surroundings, seen)

    def _self_test(self, tools: Mapping[str, Release], seen: _Seen, said: list[StepSaid]) -> None:
        if not self.ability.can_isolate:
            said.append(StepSaid.skipped(self.ability.reason))
            return
        installed = {name: self.install(release) for name, release in tools.items()}
        surroundings = self._open(Combination.of([]), installed)
        try:
            surroundings.bench.begin_step(60.0)
            said.append(self.scenario.self_test(surroundings.bench))
        finally:
            self._close(surroundings, seen)

    def taken(self, release: Release) -> Release:
        """Return ``release`` with the assets that this host takes of several that fit its platform."""
        component = self._registry.components.get(release.component)
        installer: object = self._registry.installers.get(component.installer) if component else None
        return installer.select(release, self._facts) if isinstance(installer, Selective) else release

    def install(self, release: Release) -> Installed:
        """Return where ``release`` is installed, fetching and installing it when needed; blocks.

        Raises:
            TrackerError: it could not be fetched or installed.
        """
        component = find("component", self._registry.components, release.component, self._registry.problems)
        installer = find("installer", self._registry.installers, component.installer, self._registry.problems)
        plan = PrefixPlan(component=component, release=release, installer=installer)
        return Installed(component=component, prefix=self._prefixes.ensure(plan))

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
