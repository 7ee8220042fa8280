"""Which values are live: what the lines offer now, and what a person has pinned. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import Axis
from tracker.naming import KnownValue, find_pinned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model import Factor, Profile, Value
    from tracker.protocols.ordering import Comparable
    from tracker.registry import Registry
    from tracker.store import StoredRelease


def live_axes(
    profile: Profile, registry: Registry, store_releases: Sequence[StoredRelease], pins: Mapping[str, str]
) -> tuple[Axis, ...]:
    """Return each factor of the profile with its live values.

    The live versions of a component are the newest of each line that is offered now, and a pinned one that was ever
    seen. They are ordered newest first by the component's scheme; alternatives follow each other in the order of the
    factor's components. Variants stay as the profile has them.

    Args:
        profile: what is combined.
        registry: where components and their schemes are found.
        store_releases: every release that was ever seen.
        pins: what a person uses, by factor or component, as they write it. What cannot be told from it is left out.
    """
    own = set(profile.component_names)
    known = [one for one in store_releases if one.release.component in own]
    pinned = _pinned(profile, registry, known, pins)
    return tuple(
        Axis(
            factor=factor, values=_values(factor, registry, known, [one for one in pinned if one.factor == factor.name])
        )
        for factor in profile.factors
    )


def _values(
    factor: Factor, registry: Registry, known: Sequence[StoredRelease], pinned: Sequence[Value]
) -> tuple[Value, ...]:
    if not factor.components:
        return tuple(factor.value(variant) for variant in factor.variants)
    found: list[Value] = []
    for name in factor.components:
        versions = {value.version for value in pinned if value.component == name}
        versions |= _newest_of_lines(name, registry, known)
        ordered = sorted(versions, key=lambda version: _key(registry, name, version), reverse=True)
        found += [factor.value(version, name) for version in ordered]
    return tuple(found)


def _newest_of_lines(name: str, registry: Registry, known: Sequence[StoredRelease]) -> set[str]:
    newest: dict[str, str] = {}
    for one in known:
        version = one.release.version
        for offer in one.offers if one.release.component == name else ():
            held = newest.get(offer.line)
            if held is None or _key(registry, name, held) < _key(registry, name, version):
                newest[offer.line] = version
    return set(newest.values())


def _pinned(
    profile: Profile, registry: Registry, known: Sequence[StoredRelease], pins: Mapping[str, str]
) -> list[Value]:
    choices = [
        KnownValue(
            value=factor.value(one.release.version, name),
            upstream=one.release.upstream_version,
            is_live=one.release.version in live,
        )
        for factor in profile.factors
        for name in factor.components
        for live in [_newest_of_lines(name, registry, known)]
        for one in known
        if one.release.component == name
    ]
    found = []
    for name, text in pins.items():
        try:
            found.append(find_pinned(name, text, profile.factors, choices))
        except UsageError:
            # A pin that nobody has seen yet is no value to run; commands that are asked about it say so.
            continue
    return [value for value in found if not value.is_absent]


def _key(registry: Registry, component: str, version: str) -> Comparable:
    return registry.version_schemes[registry.components[component].scheme].key(version)
