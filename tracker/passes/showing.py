"""The reproduction of each misfit, told by the scenario: what fails beside what passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import TrackerError
from tracker.passes.recipes import recipe_files
from tracker.protocols.scenario import Reproducing

if TYPE_CHECKING:
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace


def reproductions(place: Workplace, judged: Judged) -> dict[str, str]:
    """Return by the key of each culprit the fewest commands that show its failure beside the nearest pass.

    Nothing where the scenario knows of no shorter way than its recipes, or where a file is missing or unverified.
    """
    scenario = place.registry.scenarios[place.profile.scenario] if place.profile.scenario else None
    if not isinstance(scenario, Reproducing):
        return {}
    found = {}
    for culprit in judged.judgement.culprits:
        failing = culprit.failure.combination
        twin = culprit.twin.combination if culprit.twin else None
        values = {*failing, *(twin or ())}
        try:
            files = {value: recipe_files(judged.installable[value]) for value in values if value in judged.installable}
            found[culprit.key] = scenario.reproduction(failing, culprit.capability, twin, files)
        except TrackerError:
            # `tracker recipe` says why; the page shows the runs all the same.
            continue
    return found
