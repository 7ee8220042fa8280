"""What the plugin declares, and how versions are ordered where only their numbers matter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.evidence.declared import Expectations
from tracker.model import Combination
from tracker.registry import Registry, build_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.model import Declaration, Profile, Release, Sighting, Value
    from tracker.protocols.ordering import Comparable

TODAY = date(2026, 11, 23)


@dataclass
class View:
    """What was observed."""

    releases: tuple[Release, ...] = ()
    sightings: tuple[Sighting, ...] = ()


@dataclass
class Known:
    """All that is declared."""

    registry: Registry
    profile: Profile
    declarations: tuple[Declaration, ...] = field(default_factory=tuple)

    def combination(self, **versions: str) -> Combination:
        """Return a combination; names have ``_`` for ``-``, and alternatives are written ``component@version``."""
        return Combination.of(self._value(name.replace("_", "-"), text) for name, text in versions.items())

    def expectations(self, today: date = TODAY) -> Expectations:
        return Expectations(
            self.declarations,
            order=self._key,
            line_of=lambda _, version: ".".join(version.split(".")[:2]),
            capabilities=self.profile.capabilities,
            today=today,
        )

    def _key(self, component: str, version: str) -> Comparable:
        return self.registry.version_schemes[self.registry.components[component].scheme].key(version)

    def _value(self, name: str, text: str) -> Value:
        component, _, version = text.rpartition("@")
        return self.profile.factor(name).value(version, component)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return build_registry()


@pytest.fixture(scope="session")
def declare(registry: Registry) -> Callable[..., tuple[Declaration, ...]]:
    """Return what one reader declares, or all, of a view."""

    def declared(reader: str = "", view: View | None = None) -> tuple[Declaration, ...]:
        readers = [registry.declared_evidence[reader]] if reader else registry.declared_evidence.values()
        return tuple(one for each in readers for one in each.declare(view or View()))

    return declared


@pytest.fixture(scope="session")
def known(registry: Registry, declare: Callable[..., tuple[Declaration, ...]]) -> Known:
    return Known(registry=registry, profile=registry.profiles["windows-containers"], declarations=declare())


def is_version(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?", text))
