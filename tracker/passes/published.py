"""Keeps the memory of who was blamed in public, so that what a pass takes back twice is not proved a third time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import CulpritStanding, Outcome, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tracker.model import Combination, EvidenceKey, Trial
    from tracker.passes.judging import Judged
    from tracker.store import Blamed


def remember(
    blamed: Blamed, judged: Judged, current: Callable[[Combination], EvidenceKey | None], *, now: datetime
) -> None:
    """Write which culprits were published and which ended since this was last done.

    Args:
        blamed: the memory of this profile and host.
        judged: what is known now.
        current: the present key of a combination.
        now: aware UTC.
    """
    found = {one.key: one for one in judged.judgement.culprits if one.standing is not CulpritStanding.FLAKY}
    before = blamed.standing()
    present = [trial for trial in judged.trials if trial.is_trusted and trial.key == current(trial.combination)]
    ended = {key: revoking_run(key, present, since=since) for key, since in before.items() if key not in found}
    published = [one for key, one in found.items() if key not in before]
    if published or ended:
        blamed.record(published, ended, now=now)


def revoking_run(key: str, present: Sequence[Trial], *, since: datetime) -> int | None:
    """Return the first run that passed with a culprit after it was published; ``None`` where it ended otherwise.

    It ended otherwise where its failures are no evidence any more: their files or the test changed, or they were
    retracted. A pass of other bytes takes nothing back.

    Args:
        key: of the culprit.
        present: trials on the present keys of their combinations.
        since: aware UTC time at which the culprit was published.
    """
    holding = [trial for trial in present if _holds(trial, key)]
    if not any(trial.outcome is Outcome.FAIL for trial in holding):
        return None
    after = to_microseconds(since)
    passed = [trial for trial in holding if trial.outcome is Outcome.PASS]
    return min((run_id for trial in passed for ended, _, run_id in trial.moments if ended > after), default=None)


def _holds(trial: Trial, key: str) -> bool:
    """Whether the trial exercised all that ``key`` names (``networks: cni-plugins=1.1.1 cni-spec=1.1.0``)."""
    capability, _, names = key.partition(": ")
    return trial.capability == capability and set(names.split(" ")) <= set(map(str, trial.exercised))
