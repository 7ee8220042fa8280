"""The stories of pull requests that the profile or the settings ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import Outcome
from tracker.watch.story import Observations, tell_story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tracker.model import Run, Sighting, Story, StoryRequest
    from tracker.passes.workplace import Workplace
    from tracker.store import StoredRelease


def tell_stories(
    place: Workplace, sightings: Sequence[Sighting], releases: Sequence[StoredRelease], runs: Iterable[Run]
) -> tuple[Story, ...]:
    """Return a story for each request, in the profile's order.

    Args:
        place: settings, plugins, profile.
        sightings: the last state of everything that was seen.
        releases: every stored release.
        runs: of the profile; logs are not needed.
    """
    made = tuple(runs)
    return tuple(_story(place, request, sightings, releases, made) for request in _requests(place))


def _requests(place: Workplace) -> list[StoryRequest]:
    """Return the profile's requests, each with what the settings declare of its succession."""
    found = []
    for request in place.profile.stories:
        own = [
            one.succession
            for one in place.config.superseded
            if (one.repository, one.number) == (request.repository, request.number)
        ]
        found.append(replace(request, succession=(*own, *request.succession)))
    return found


def _story(
    place: Workplace,
    request: StoryRequest,
    sightings: Sequence[Sighting],
    releases: Sequence[StoredRelease],
    runs: Sequence[Run],
) -> Story:
    scheme = place.registry.version_schemes[place.registry.components[request.component].scheme]
    platforms = place.profile.asset_platforms
    return tell_story(
        request,
        Observations(
            sightings=sightings,
            releases=[one.release for one in releases if one.release.component == request.component],
            order=scheme.key,
            platform=platforms[0] if platforms else "",
            passes=_first_passes(request.component, runs),
        ),
    )


def _first_passes(component: str, runs: Iterable[Run]) -> dict[str, tuple[int, datetime]]:
    first: dict[str, tuple[int, datetime]] = {}
    for run in runs:
        if run.outcome is not Outcome.PASS or run.finished_at is None:
            continue
        for value in run.combination:
            if value.component == component:
                earlier = first.get(value.version)
                if earlier is None or run.finished_at < earlier[1]:
                    first[value.version] = (run.id, run.finished_at)
    return first
