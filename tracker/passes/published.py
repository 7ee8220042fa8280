"""Keeps the memory of who was blamed in public, so that what a pass takes back twice is not proved a third time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import CulpritStanding, Outcome, culprit_key

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.evidence.judgement import Judgement
    from tracker.model import Suspect, Trial
    from tracker.passes.judging import Judged
    from tracker.store import Store


def remember(store: Store, judged: Judged, *, profile: str, host_key: str, now: datetime) -> None:
    """Write which culprits were published and which were revoked since this was last done."""
    blamed = store.blamed(profile=profile, host_key=host_key)
    found = {one.key: one for one in judged.judgement.culprits if one.standing is not CulpritStanding.FLAKY}
    before = set(blamed.standing())
    ended = {key: _revoking(key, judged.judgement, judged.trials) for key in sorted(before - found.keys())}
    published = [one for key, one in found.items() if key not in before]
    if published or ended:
        blamed.record(published, ended, now=now)


def _revoking(key: str, judgement: Judgement, trials: tuple[Trial, ...]) -> int | None:
    """Return the newest run that passed with what ``key`` names, if such passes are what cleared it."""
    for trial in reversed(trials):
        if trial.outcome is not Outcome.PASS or not key.startswith(f"{trial.capability}: "):
            continue
        clearings = judgement.clearings(trial.capability)
        values = sorted(trial.exercised)
        suspects: list[Suspect] = [(one,) for one in values]
        suspects += [(one, other) for place, one in enumerate(values) for other in values[place + 1 :]]
        for suspect in suspects:
            if culprit_key(trial.capability, suspect) == key and all(clearings.has_item(one) for one in suspect):
                return trial.run_id
    return None
