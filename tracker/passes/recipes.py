"""How combinations are installed by hand: what the scenario says of them, and the twin of one that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import TrackerError, UsageError
from tracker.model import AssetRole, VerdictKind
from tracker.protocols.scenario import RecipeFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tracker.model import Combination, Release, Value, Verdict
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace


def recipes(place: Workplace, judged: Judged, combinations: Collection[Combination]) -> dict[Combination, str]:
    """Return the recipe of each combination as Markdown; one of which a file is missing or unverified has none."""
    if not place.profile.scenario:
        return {}
    found = {}
    for combination in combinations:
        try:
            found[combination] = recipe(place, combination, judged.installable, judged.tools, form="markdown")
        except TrackerError:
            # `tracker recipe` says why; a page can be read without it.
            continue
    return found


def recipe(
    place: Workplace,
    combination: Combination,
    installable: Mapping[Value, Release],
    tools: Mapping[str, Release],
    *,
    form: str,
) -> str:
    """Return what the scenario tells of installing ``combination`` by hand.

    Args:
        place: plugins and profile.
        combination: what to install.
        installable: the release of each value.
        tools: the release of each tool, by component name.
        form: ``"script"`` or ``"markdown"``.

    Raises:
        UsageError: a file of it has no digest to check.
        SmokeError: a file of it is not known.
    """
    files = {
        value.factor: recipe_files(taken(place, installable[value], combination))
        for value in combination
        if value in installable
    }
    files |= {name: recipe_files(release) for name, release in tools.items()}
    return place.registry.scenarios[place.require_scenario()].recipe(combination, files, form=form)


def taken(place: Workplace, release: Release, combination: Combination) -> Release:
    """Return the release with the files that an environment of ``combination`` takes of it.

    Raises:
        SmokeError: that cannot be told here.
    """
    component = place.registry.components.get(release.component)
    builder = place.registry.environment_builders.get(component.installer) if component else None
    if builder is None:
        return release
    return builder.select(release, combination, place.config.environments.get(builder.name, {}))


def recipe_files(release: Release) -> tuple[RecipeFile, ...]:
    """Return the files of a release as a recipe fetches them.

    Raises:
        UsageError: one has no published digest.
    """
    files = []
    for asset in release.assets:
        if asset.digest is None:
            message = f"{release.component} {release.version}: {asset.name} has no published digest to check"
            raise UsageError(message, hint="What cannot be verified is in no recipe.")
        is_library = asset.role is AssetRole.LIBRARY
        files.append(RecipeFile(name=asset.name, url=asset.url, digest=asset.digest, is_library=is_library))
    return tuple(files)


def first_failure(verdicts: Mapping[str, Verdict], capabilities: Iterable[str]) -> str:
    """Return the earliest capability that is broken; empty when none is."""
    return next((one for one in capabilities if one in verdicts and verdicts[one].kind is VerdictKind.BROKEN), "")


def passing_twin(
    failing: Combination, capability: str, rows: Iterable[tuple[Combination, Mapping[str, Verdict]]]
) -> Combination | None:
    """Return the combination that passes ``capability`` and differs from ``failing`` in fewest values.

    Only what was observed counts. Of several the first in order of their keys is taken.
    """
    passing = [
        combination
        for combination, verdicts in rows
        if capability in verdicts and verdicts[capability].kind is VerdictKind.WORKS
    ]
    return min(passing, key=lambda one: (len(difference(failing, one)), one.key), default=None)


def difference(failing: Combination, twin: Combination) -> list[tuple[Value, Value]]:
    """Return the values in which two combinations differ, in order of the factors."""
    return [(value, twin[value.factor]) for value in failing if twin[value.factor] != value]
