"""The bundled scenarios and readers of declarations pass the suites that the tracker ships."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.model import Release
from tracker.registry import build_registry
from tracker.testing import DeclaredEvidenceContract, ScenarioContract, View

_REGISTRY = build_registry()
_NOTES = "## Compatible versions\n- containerd v2.1.4\n- CNI plugins v1.7.1\n"
_VIEW = View(
    releases=(
        Release(
            component="nerdctl",
            version="2.1.3",
            upstream_version="2.1.3",
            line="2.1",
            channel="releases",
            notes=_NOTES,
            published_at=datetime(2025, 7, 1, tzinfo=UTC),
        ),
    )
)


class TestLinuxContainers(ScenarioContract):
    scenario = _REGISTRY.scenarios["linux-containers"]
    profile = _REGISTRY.profiles["linux-containers"]


class TestWindowsContainers(ScenarioContract):
    scenario = _REGISTRY.scenarios["windows-containers"]
    profile = _REGISTRY.profiles["windows-containers"]


def test_every_bundled_scenario_is_held_against_the_suite() -> None:
    assert {suite.scenario.name for suite in ScenarioContract.__subclasses__()} == set(_REGISTRY.scenarios)


@pytest.mark.parametrize("name", _REGISTRY.declared_evidence)
class TestDeclared(DeclaredEvidenceContract):
    @pytest.fixture(autouse=True)
    def _one(self, name: str) -> None:
        type(self).reader = _REGISTRY.declared_evidence[name]

    @pytest.fixture
    def view(self) -> View:
        return _VIEW
