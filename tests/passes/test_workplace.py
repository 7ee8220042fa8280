from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.config import Config, ConfiguredWaiver
from tracker.errors import ConfigError, PluginError
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


@pytest.mark.parametrize(
    ("pins", "capability", "told"),
    [
        (
            {"container": "1"},
            "",
            "waivers[0].pins.container = '1': unknown key 'waivers[0].pins.container' (did you mean 'containerd'?)",
        ),
        (
            {"containerd": "1"},
            "network",
            "waivers[0].capability = 'network': must be one of installs, speaks, configures",
        ),
    ],
)
def test_a_waiver_of_something_that_is_not_in_the_profile_is_an_error(
    tmp_path: Path, pins: dict[str, str], capability: str, told: str
) -> None:
    waiver = ConfiguredWaiver(
        pins=pins, capability=capability, reason="known", url="", until=date(2026, 12, 31), closes_after=3
    )
    config = Config(home=tmp_path, site_dir=tmp_path / "site", profile="windows-containers", waivers=(waiver,))

    with pytest.raises(ConfigError) as caught:
        open_workplace(config)
    assert told in str(caught.value)
