"""Holds an answer to the contract, so that whatever is stored can be ordered, told and read again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tracker.model import Release, Sighting
    from tracker.protocols import Observed, Target, VersionScheme
    from tracker.registry import Registry


def check_answer(observed: Observed, target: Target, registry: Registry) -> None:
    """Return when the answer keeps to the contract.

    Raises:
        ValueError: it does not.
        AttributeError: it is no answer at all.
    """
    schemes = {one.name: registry.version_schemes[one.scheme] for one in target.components}
    seen: set[tuple[str, ...]] = set()
    for release in observed.releases:
        _check_version(release.component, release.version, schemes)
        _check_once(seen, _place(release), f"{release.component} {release.version}")
        _check_times(_times_of(release))
    for one in observed.sightings:
        _check_version(one.component, getattr(one, "version", ""), schemes)
        _check_once(seen, one.place, " ".join(one.place))
        _check_times(_times_of(one))
    # Text that no encoding can hold would be refused by the store, which has no guard for one target alone.
    msgspec.json.encode([observed.releases, observed.sightings, observed.cursor])


def _place(release: Release) -> tuple[str, ...]:
    return "release", release.component, release.version, release.line, release.channel


def _check_version(component: str, version: str, schemes: dict[str, VersionScheme]) -> None:
    if component not in schemes:
        message = f"it tells of {component}, which it was not asked about"
        raise ValueError(message)
    if version:
        schemes[component].key(version)


def _check_once(seen: set[tuple[str, ...]], place: tuple[str, ...], name: str) -> None:
    if place in seen:
        message = f"it tells of {name} twice"
        raise ValueError(message)
    seen.add(place)


def _times_of(one: Release | Sighting) -> Iterator[datetime | None]:
    for name in ("published_at", "opened_at", "updated_at", "closed_at", "merged_at", "committed_at", "tagged_at"):
        yield getattr(one, name, None)


def _check_times(times: Iterator[datetime | None]) -> None:
    for at in times:
        if at is not None and at.tzinfo is None:
            message = f"it tells a time without a zone: {at.isoformat()}"
            raise ValueError(message)
