"""What the store knows of other hosts: imported runs, and those that this machine made before it became another host.

Nothing clears or proves across hosts; each is judged by itself, under the scenario and the files of today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.evidence.closures import latest_closures
from tracker.evidence.judge import judge
from tracker.passes.provenance import known_trials
from tracker.passes.verdicts import host_title, host_verdicts

if TYPE_CHECKING:
    from tracker.evidence.judgement import Judgement
    from tracker.model import Combination, EvidenceKey, Trial
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.snapshot.content import HostVerdicts
    from tracker.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another host, its evidence and what follows from it."""

    host_key: str
    trials: tuple[Trial, ...]
    judgement: Judgement

    @property
    def title(self) -> str:
        """The host in words; of its system no more is known than its key tells."""
        return host_title(self.host_key, {})

    def verdicts(self, place: Workplace) -> HostVerdicts:
        """Return what ``check`` reads of it."""
        return host_verdicts(place.profile, self.trials, self.judgement, self.host_key, self.title)


def judge_elsewhere(place: Workplace, store: Store, runner: Runner, judged: Judged) -> tuple[Elsewhere, ...]:
    """Return what is known on each other host that the store has evidence of, by key.

    Args:
        place: plugins and profile.
        store: where the evidence is.
        runner: tells which test and files are in force.
        judged: what is known on this host; live values and the time are its.
    """
    hosts = store.host_keys(profile=place.profile.name)
    return tuple(_judged(place, store, runner, judged, key) for key in hosts if key != runner.host_key)


def _judged(place: Workplace, store: Store, runner: Runner, judged: Judged, host_key: str) -> Elsewhere:
    trials = known_trials(place, store, host_key)
    # That host's runs are all imported here, and what its environments came to is its own.
    closures = latest_closures([replace(trial, origin="") for trial in trials])

    def current(combination: Combination) -> EvidenceKey:
        key = runner.key_for(combination, judged.installable, closures.get(combination, ""))
        return replace(key, host_key=host_key)

    judgement = judge(
        place.profile,
        trials,
        current,
        now=judged.judgement.now,
        max_age=timedelta(days=place.config.max_age_days),
        # Whether that host's test bed works is its own to say.
        self_test_passed=False,
        axes=judged.axes,
        exclusions=place.profile.exclusions,
        revocations=store.blamed(profile=place.profile.name, host_key=host_key).revocations(),
    )
    return Elsewhere(host_key=host_key, trials=trials, judgement=judgement)
