"""Real tags and file names, and the rules with which they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.model import Asset, AssetRule, Component, TagRule
from tracker.registry import build_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.protocols import VersionScheme

FACTS = Path(__file__).parent / "facts"
RULE = TagRule(version=r"v?(?P<version>\d+\.\d+\.\d+(?:[-.+].*)?)", line=r"\d+\.\d+")


@pytest.fixture(scope="session")
def facts() -> Callable[[str], Any]:
    """Return what reads the facts of a name (``"tags_containerd__nerdctl"``)."""
    return lambda name: json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def components() -> Mapping[str, Component]:
    """Return the bundled components by the repository that they are watched in."""
    known = build_registry().components.values()
    return {one.options["repository"]: one for one in known if one.source == "github"}


@pytest.fixture(scope="session")
def semver() -> VersionScheme:
    return build_registry().version_schemes["semver"]


@pytest.fixture
def component() -> Callable[..., Component]:
    """Return what makes a component from what matters to a test; its tags are those of most repositories."""

    def make(
        *, tags: TagRule | None = RULE, assets: Mapping[str, str | tuple[str, ...]] | None = None, checksums: str = ""
    ) -> Component:
        patterns = {
            platform: (pattern,) if isinstance(pattern, str) else pattern
            for platform, pattern in (assets or {}).items()
        }
        return Component(
            name="thing",
            title="a thing",
            source="github",
            scheme="semver",
            installer="",
            tags=tags,
            assets=tuple(AssetRule(platform=at, pattern=one) for at, ones in patterns.items() for one in ones),
            checksums=tuple(checksums.split()),
        )

    return make


@pytest.fixture
def files() -> Callable[..., tuple[Asset, ...]]:
    """Return what makes files of a release from their names."""
    return lambda *names: tuple(Asset(name=name, url=f"https://upstream.invalid/{name}") for name in names)
