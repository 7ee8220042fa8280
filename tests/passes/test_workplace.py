from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.config import Config
from tracker.errors import PluginError
from tracker.model import Watch
from tracker.passes import workplace
from tracker.passes.workplace import open_workplace
from tracker.registry import build_registry

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tracker.registry import Registry


def test_a_person_may_switch_a_further_place_off(tmp_path: Path) -> None:
    config = Config(home=tmp_path, site_dir=tmp_path / "site", profile="windows-containers")

    place = open_workplace(replace(config, disabled_plugins=frozenset({"git"})))

    assert "git" not in place.registry.sources
    assert any(watch.source == "git" for one in place.registry.components.values() for watch in one.watches)


def test_a_further_place_that_no_plugin_knows_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(disabled: Collection[str]) -> Registry:
        registry = build_registry(disabled)
        name = registry.profiles["windows-containers"].component_names[0]
        watched = replace(registry.components[name], watches=(Watch(source="gti"),))
        return replace(registry, components={**registry.components, name: watched})

    monkeypatch.setattr(workplace, "build_registry", broken)

    with pytest.raises(PluginError, match="no plugin provides the source 'gti'"):
        open_workplace(Config(home=tmp_path, site_dir=tmp_path / "site", profile="windows-containers"))
