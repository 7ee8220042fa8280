"""What a pass could not do, each in a sentence: the reasons for exit code 3."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.model import Outcome
from tracker.store import LookResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.evidence.incidents import Incident
    from tracker.model import Run
    from tracker.registry import PluginProblem
    from tracker.store import Look


def plugin_problems(problems: Iterable[PluginProblem]) -> list[str]:
    """Return one sentence for each plugin that was set aside."""
    return [f"plugin {one.plugin} is set aside: {one.reason}" for one in problems]


def look_problems(looks: Iterable[Look]) -> list[str]:
    """Return one sentence for each upstream of one pass that was asked and could not be looked at."""
    words = {LookResult.COULD_NOT_LOOK: "could not look", LookResult.LOOKED_IN_PART: "saw a part"}
    seen = [(words[one.result], one) for one in looks if one.result in words]
    return [
        f"{word} {'of' if one.result is LookResult.LOOKED_IN_PART else 'at'} {one.title}: {one.message}"
        for word, one in seen
    ]


def run_problems(runs: Sequence[Run]) -> list[str]:
    """Return one sentence for each reason for which runs ended in ERROR or SKIP, with how many did."""
    reasons: Counter[str] = Counter()
    for run in runs:
        if run.outcome in {Outcome.ERROR, Outcome.SKIP}:
            said = next((step.reason for step in run.steps if step.outcome is run.outcome), "")
            reasons[f"{run.outcome}: {run.reason or said}"] += 1
    return [f"{count} of {len(runs)} runs ended in {reason}" for reason, count in reasons.items()]


def incident_problems(incidents: Iterable[Incident]) -> list[str]:
    """Return one sentence for each host incident that lasts: nothing is held against any version meanwhile."""
    return [
        f"host incident since {one.started_at:%Y-%m-%d %H:%M} UTC: {one.capability} fails for "
        f"{len(one.failed_good)} of {one.good_count} combinations that were known to be good, "
        "so failures are held against no version until one of them passes"
        for one in incidents
        if one.is_open
    ]
