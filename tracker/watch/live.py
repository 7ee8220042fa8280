"""Which values are live: what the lines offer now, and what a person has pinned. Pure."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.local_files import is_local
from tracker.model import ABSENT, Axis, Value
from tracker.naming import KnownValue, find_pinned
from tracker.watch.lines import LinePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tracker.model import Declaration, Factor, Profile
    from tracker.protocols.ordering import Comparable
    from tracker.registry import Registry
    from tracker.store import StoredRelease


def live_axes(  # noqa: PLR0913 - all that decides
    profile: Profile,
    registry: Registry,
    store_releases: Sequence[StoredRelease],
    pins: Mapping[str, str],
    *,
    declarations: Sequence[Declaration] = (),
    now: datetime | None = None,
    minimum_age: timedelta = timedelta(0),
) -> tuple[Axis, ...]:
    """Return each factor of the profile with its live values.

    The live versions of a component are the newest of each of its live lines that is offered now and can be tried, and
    a pinned one that was ever seen. They are ordered newest first by the component's scheme; alternatives follow each
    other in the order of the factor's components, and absence comes last where the factor may be absent, or is all that
    there is while no version is known, for a factor that says so. Variants stay as the profile has them.

    Args:
        profile: what is combined.
        registry: where components and their schemes are found.
        store_releases: every release that was ever seen.
        pins: what a person uses, by factor or component, as they write it. What cannot be told from it is left out.
        declarations: what is declared; a line whose support has ended is left out, unless all lines' has.
        now: aware UTC time; ``None`` when neither ages nor ends of support count.
        minimum_age: how long ago a release must have been published, or else been seen first, to be live.
    """
    own = set(profile.component_names)
    policy = LinePolicy(
        platform=profile.asset_platforms[0] if profile.asset_platforms else "",
        declarations=tuple(declarations),
        now=now,
        minimum_age=minimum_age,
    )
    offered = _Offered(registry, [one for one in store_releases if one.release.component in own], policy)
    pinned = offered.pinned(profile, pins)
    return tuple(
        Axis(factor=factor, values=offered.values(factor, [one for one in pinned if one.factor == factor.name]))
        for factor in profile.factors
    )


class _Offered:
    def __init__(self, registry: Registry, known: Sequence[StoredRelease], policy: LinePolicy) -> None:
        self._registry = registry
        self._known: dict[str, list[StoredRelease]] = {}
        for one in known:
            self._known.setdefault(one.release.component, []).append(one)
        self._live = {
            name: policy.newest_of_lines(registry.components[name], _published(releases), partial(self._key, name))
            for name, releases in self._known.items()
        }

    def values(self, factor: Factor, pinned: Sequence[Value]) -> tuple[Value, ...]:
        """Return the factor's live values, newest first."""
        if factor.components:
            found = [value for name in factor.components for value in self._versions(factor, name, pinned)]
        else:
            found = [factor.value(variant) for variant in factor.variants]
        if factor.may_be_absent or (factor.absent_while_unknown and not found):
            found.append(Value(factor.name, ABSENT))
        return tuple(found)

    def _versions(self, factor: Factor, name: str, pinned: Sequence[Value]) -> list[Value]:
        versions = {value.version for value in pinned if value.component == name}
        versions |= set(self._live.get(name, ()))
        ordered = sorted(versions, key=lambda version: self._key(name, version), reverse=True)
        return [factor.value(version, name) for version in ordered]

    def pinned(self, profile: Profile, pins: Mapping[str, str]) -> list[Value]:
        """Return the values that pins mean; one that nobody has seen yet is no value to run."""
        choices = [
            KnownValue(
                value=factor.value(one.release.version, name),
                upstream=one.release.upstream_version,
                is_live=one.release.version in self._live[name],
            )
            for factor in profile.factors
            for name in factor.components
            for one in self._known.get(name, ())
        ]
        found = []
        for name, text in pins.items():
            try:
                found.append(find_pinned(name, text, profile.factors, choices))
            except UsageError:
                # Commands that are asked about such a pin say what is wrong with it.
                continue
        return [value for value in found if not value.is_absent]

    def _key(self, component: str, version: str) -> Comparable:
        return self._registry.version_schemes[self._registry.components[component].scheme].key(version)


def _published(releases: Sequence[StoredRelease]) -> list[StoredRelease]:
    """A file of this machine is live only where a pin names it."""
    return [one for one in releases if not is_local(one.release.version)]
