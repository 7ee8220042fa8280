"""From the store to live values and verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.evidence.closures import latest_closures
from tracker.evidence.judge import judge
from tracker.model import Outcome
from tracker.passes.declaring import collect_declared
from tracker.passes.provenance import known_trials
from tracker.smoke.runner import ISOLATION
from tracker.watch import live_axes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tracker.evidence.judgement import Judgement
    from tracker.model import Axis, Release, Trial, Value
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.store import Store, StoredRelease

SELF_TEST = "self-test"
"""The fact of a run's environment that tells how the test bed's own test ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known at one moment.

    Attributes:
        releases: every stored release of the profile's components.
        installable: the release of each value that is a version.
        tools: the release of each tool that runs use.
        axes: live values by factor.
        trials: all evidence of this host, current and old.
        judgement: verdicts.
        planning: what the plan is made from: as ``judgement``, less the runs that could do less than this process.
    """

    releases: tuple[StoredRelease, ...]
    installable: Mapping[Value, Release]
    tools: Mapping[str, Release]
    axes: tuple[Axis, ...]
    trials: tuple[Trial, ...]
    judgement: Judgement
    planning: Judgement


def judge_store(place: Workplace, store: Store, runner: Runner, *, now: datetime) -> Judged:
    """Judge all evidence of this host in the store."""
    names = set(place.profile.component_names)
    releases = tuple(one for one in store.releases() if one.release.component in names)
    installable = installable_values(place, releases)
    trials = known_trials(place, store, runner.host_key)
    self_test_passed = _self_test_passed(place, store, runner.host_key)
    runner.closures = latest_closures(trials)
    axes = live_axes(
        place.profile,
        place.registry,
        releases,
        place.config.pins,
        declarations=collect_declared(place, releases, store.sightings()).declarations,
        now=now,
        minimum_age=timedelta(days=place.config.minimum_age_days),
    )

    revocations = store.blamed(profile=place.profile.name, host_key=runner.host_key).revocations()

    def judged(evidence: Sequence[Trial]) -> Judgement:
        return judge(
            place.profile,
            evidence,
            lambda combination: runner.key_for(combination, installable),
            now=now,
            max_age=timedelta(days=place.config.max_age_days),
            self_test_passed=self_test_passed,
            axes=axes,
            exclusions=place.profile.exclusions,
            revocations=revocations,
        )

    judgement = judged(trials)
    able = _made_with_all_rights(place, store, runner, trials)
    return Judged(
        releases=releases,
        installable=installable,
        tools=oldest_tools(place, releases),
        axes=axes,
        trials=trials,
        judgement=judgement,
        planning=judgement if able == trials else judged(able),
    )


def installable_values(place: Workplace, releases: tuple[StoredRelease, ...]) -> dict[Value, Release]:
    """Return the release behind each value that is a version of a component, with the files that are installed."""
    found: dict[Value, Release] = {}
    platform = _platform(place)
    for factor in place.profile.factors:
        for one in releases:
            if one.release.component in factor.components:
                found[factor.value(one.release.version, one.release.component)] = _files_of(
                    place, one.release, platform
                )
    return found


def oldest_tools(place: Workplace, releases: tuple[StoredRelease, ...]) -> dict[str, Release]:
    """Return the release of each tool that runs use: the oldest version that is still offered.

    A tool is no subject of a test: the oldest one asks least of the host, and changes most seldom.
    """
    tools: dict[str, Release] = {}
    for name in place.profile.tools:
        scheme = place.registry.version_schemes[place.registry.components[name].scheme]
        offered = [
            _files_of(place, one.release, _platform(place))
            for one in releases
            if one.release.component == name and one.offers
        ]
        if offered:
            tools[name] = min(offered, key=lambda release: scheme.key(release.version))
    return tools


def _files_of(place: Workplace, release: Release, platform: str) -> Release:
    """Return the release with what an installation takes; a builder of environments chooses among all files itself."""
    component = place.registry.components[release.component]
    builds = component.installer in place.registry.environment_builders
    return release if builds else release.to_install(platform)


def _platform(place: Workplace) -> str:
    return place.profile.asset_platforms[0] if place.profile.asset_platforms else ""


def _made_with_all_rights(
    place: Workplace, store: Store, runner: Runner, trials: tuple[Trial, ...]
) -> tuple[Trial, ...]:
    """Leave out runs that skipped steps for want of a right that this process has: they are to be made again."""
    skipped = {run_id for trial in trials if trial.outcome is Outcome.SKIP for run_id in trial.run_ids}
    if not skipped or not runner.ability.can_isolate:
        return trials
    present = runner.host_facts()[ISOLATION]
    runs = store.runs(profile=place.profile.name)
    lesser = frozenset(run.id for run in runs if run.id in skipped and run.environment.get(ISOLATION) != present)
    return tuple(left for trial in trials if (left := trial.without(lesser)) is not None) if lesser else trials


def _self_test_passed(place: Workplace, store: Store, host_key: str) -> bool:
    """Whether the test bed itself was shown to work when this host last ran anything."""
    for run in store.runs(profile=place.profile.name, limit=50):
        if run.key.host_key == host_key and not run.origin and SELF_TEST in run.environment:
            return run.environment[SELF_TEST] == Outcome.PASS
    return False
