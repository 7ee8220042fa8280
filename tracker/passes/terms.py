"""How texts name the components of a profile: their repositories, images, packages and files."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.pins.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.model import Component, Profile
    from tracker.registry import Registry
    from tracker.store import StoredRelease

_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?(?:[#?].*)?")
_STEM = re.compile(r"([A-Za-z][\w.-]*?)(?:[-_.](?:amd64|arm64|linux|windows|x86_64))*[-_.]v?\{(?:tag|version)\}")


def read_terms(
    profile: Profile, registry: Registry, releases: Iterable[StoredRelease]
) -> tuple[Mapping[str, Any], ...]:
    """Return the term of each component of the profile's factors as a document, in the profile's order."""
    versions: dict[str, set[str]] = {}
    for one in releases:
        names = {one.release.upstream_version, one.release.version}
        versions.setdefault(one.release.component, set()).update(names)
    return tuple(
        asdict(
            Term(
                name=name,
                factor=factor.name,
                repositories=tuple(dict.fromkeys(_repositories(registry.components[name]))),
                images=tuple(dict.fromkeys(_options(registry.components[name], "image"))),
                aliases=tuple(dict.fromkeys(one for one in _aliases(registry.components[name]) if one != name)),
                versions=tuple(sorted(versions.get(name, ()))),
            )
        )
        for factor in profile.factors
        for name in factor.components
    )


def _repositories(component: Component) -> Iterator[str]:
    yield from _options(component, "repository")
    if found := _GITHUB.fullmatch(component.homepage):
        yield found[1]


def _options(component: Component, name: str) -> Iterator[str]:
    # What is watched for its branches alone is a fork: its tags are no versions of the component.
    places = [component.options, *(watch.options for watch in component.watches if watch.options.get("tells") is None)]
    yield from (options[name] for options in places if name in options)


def _aliases(component: Component) -> Iterator[str]:
    yield from component.aliases
    yield from _options(component, "package")
    yield from (found[1] for rule in component.assets if (found := _STEM.match(rule.pattern)))
