"""Where components are watched. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.model import Component


def watched_places(components: Iterable[Component]) -> Mapping[str, Sequence[Component]]:
    """Return, by source in order of names, each component as that source is to look at it.

    A further place of a component is the component itself, with that place's options.
    """
    found: defaultdict[str, list[Component]] = defaultdict(list)
    for component in components:
        found[component.source].append(component)
        for watch in component.watches:
            found[watch.source].append(replace(component, source=watch.source, options=watch.options))
    return {name: tuple(found[name]) for name in sorted(found)}


def option_words(component: Component) -> frozenset[str]:
    """Return all words of the options that say where the component is watched."""
    places = (component.options, *(watch.options for watch in component.watches))
    return frozenset(word for options in places for text in options.values() for word in text.split())
