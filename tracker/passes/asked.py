"""What a person names on the command line, where values count that nobody has seen upstream yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import Combination
from tracker.naming import KnownValue, find_factor, find_pinned, split_pins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Factor, Value
    from tracker.passes.workplace import Workplace
    from tracker.store import StoredRelease


def asked_combination(
    place: Workplace, pins: Sequence[str], releases: Sequence[StoredRelease]
) -> tuple[Combination, tuple[Value, ...]]:
    """Return the values that ``pins`` name, and those among them that were never seen.

    A version that was never seen is taken as it is written when the component's scheme can read it: declarations
    speak of releases before anybody has looked for them.

    Raises:
        UsageError: a pin names no factor, no variant or several values, or two name one factor.
    """
    known = _known_values(place, releases)
    seen = {one.value for one in known}
    values = [_value(place, name, text, known) for name, text in split_pins(pins).items()]
    try:
        combination = Combination.of(values)
    except ValueError as error:
        raise UsageError(str(error), hint="Name each factor once.") from error
    return combination, tuple(value for value in combination if value not in seen and not value.is_absent)


def _known_values(place: Workplace, releases: Sequence[StoredRelease]) -> list[KnownValue]:
    known = [
        KnownValue(value=factor.value(one.release.version, name), upstream=one.release.upstream_version, is_live=False)
        for factor in place.profile.factors
        for name in factor.components
        for one in releases
        if one.release.component == name
    ]
    known += [
        KnownValue(value=factor.value(variant), upstream=variant, is_live=True)
        for factor in place.profile.factors
        for variant in factor.variants
    ]
    return known


def _value(place: Workplace, name: str, text: str, known: Sequence[KnownValue]) -> Value:
    try:
        return find_pinned(name, text, place.profile.factors, known)
    except UsageError:
        unseen = _unseen(place, name, text, known)
        if unseen is None:
            raise
        return unseen


def _unseen(place: Workplace, name: str, text: str, known: Sequence[KnownValue]) -> Value | None:
    factor, component = _place_of(place, name)
    if factor.has_alternatives and not component:
        component, _, text = text.rpartition("@")
    component = component or ("" if factor.has_alternatives else next(iter(factor.components), ""))
    if component not in factor.components:
        return None
    value = factor.value(text, component)
    if any(one.upstream == text and one.value.component == component for one in known):
        return None
    try:
        place.registry.version_schemes[place.registry.components[component].scheme].key(text)
    except ValueError:
        return None
    return value


def _place_of(place: Workplace, name: str) -> tuple[Factor, str]:
    """Return the factor that ``name`` means, and the component when the name is that of one."""
    for factor in place.profile.factors:
        if name != factor.name and name in factor.components:
            return factor, name
    return find_factor(name, place.profile.factors), ""
