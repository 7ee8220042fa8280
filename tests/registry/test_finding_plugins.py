from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.errors import PluginError
from tracker.registry import PluginProblem, build_registry, find

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Install = Callable[..., None]


COMPONENT = """
from tracker.api import Component, hookimpl

@hookimpl
def tracker_components():
    return [Component(name="{0}", title="{0}", source="s", scheme="v", installer="i")]
"""


def test_every_bundled_plugin_loads_without_a_problem() -> None:
    registry = build_registry()

    assert registry.problems == ()
    assert {name.partition(".")[0] for name in registry.plugins} >= {"debian", "linux_containers"}


def test_every_profile_names_only_what_is_registered() -> None:
    registry = build_registry()

    for profile in registry.profiles.values():
        assert not profile.scenario or profile.scenario in registry.scenarios
        assert set(profile.component_names) <= set(registry.components)
        assert set(profile.required) <= set(profile.capabilities)
        for name in profile.component_names:
            component = registry.components[name]
            assert component.source in registry.sources
            assert component.scheme in registry.version_schemes
            is_run = profile.scenario and name not in profile.informs
            assert not is_run or component.installer in registry.installers


def test_a_new_file_is_enough_for_a_bundled_plugin(bundle: Path) -> None:
    (bundle / "alone.py").write_text(COMPONENT.format("alone"), encoding="utf-8")
    (bundle / "package" / "inner").mkdir(parents=True)
    (bundle / "package" / "__init__.py").touch()
    (bundle / "package" / "part.py").write_text(COMPONENT.format("part"), encoding="utf-8")
    (bundle / "package" / "helper.py").write_text("VALUE = 1\n", encoding="utf-8")
    (bundle / "package" / "inner" / "__init__.py").write_text(COMPONENT.format("inner"), encoding="utf-8")

    registry = build_registry()

    assert registry.plugins == ("alone", "package.inner", "package.part")
    assert list(registry.components) == ["alone", "inner", "part"]


def test_a_bundled_module_that_imports_a_hook_is_no_plugin_for_that(bundle: Path) -> None:
    (bundle / "owner.py").write_text(COMPONENT.format("owned"), encoding="utf-8")
    (bundle / "user.py").write_text("from .owner import tracker_components\n", encoding="utf-8")

    registry = build_registry()

    assert registry.plugins == ("owner",)
    assert registry.problems == ()


def test_a_broken_bundled_package_is_named_once_and_its_neighbours_load(bundle: Path) -> None:
    (bundle / "broken").mkdir()
    (bundle / "broken" / "__init__.py").write_text("import no_such_module_at_all\n", encoding="utf-8")
    (bundle / "broken" / "part.py").write_text(COMPONENT.format("part"), encoding="utf-8")
    (bundle / "whole.py").write_text(COMPONENT.format("whole"), encoding="utf-8")

    registry = build_registry()

    assert registry.plugins == ("whole",)
    (problem,) = registry.problems
    assert problem.plugin == "broken"
    assert "no_such_module_at_all" in problem.reason


def test_a_bundled_package_that_is_switched_off_is_not_even_imported(bundle: Path) -> None:
    (bundle / "off").mkdir()
    (bundle / "off" / "__init__.py").write_text("1 / 0\n", encoding="utf-8")
    (bundle / "off" / "part.py").write_text(COMPONENT.format("part"), encoding="utf-8")
    (bundle / "on.py").write_text(COMPONENT.format("on"), encoding="utf-8")

    registry = build_registry({"off"})

    assert registry.plugins == ("on",)
    assert registry.problems == ()


def test_one_module_of_a_bundled_package_can_be_switched_off(bundle: Path) -> None:
    (bundle / "package").mkdir()
    (bundle / "package" / "__init__.py").touch()
    (bundle / "package" / "one.py").write_text(COMPONENT.format("one"), encoding="utf-8")
    (bundle / "package" / "two.py").write_text(COMPONENT.format("two"), encoding="utf-8")

    assert build_registry({"package.one"}).plugins == ("package.two",)


def test_a_third_partys_plugin_is_found_by_its_entry_point(install: Install) -> None:
    install("zz_third", COMPONENT.format("third"), "zz-plugin = zz_third")

    registry = build_registry()

    assert "zz-plugin" in registry.plugins
    assert registry.components["third"].title == "third"


def test_a_third_partys_plugin_can_be_an_object(install: Install) -> None:
    source = """
class Plugin:
    @hookimpl
    def tracker_components(self):
        return [Component(name="object", title="Object", source="s", scheme="v", installer="i")]

plugin = Plugin()
"""
    install("zz_object", source, "zz-object = zz_object:plugin")

    assert "object" in build_registry().components


def test_a_third_partys_plugin_that_is_switched_off_is_not_even_imported(install: Install) -> None:
    install("zz_off", "1 / 0", "zz-off = zz_off")

    registry = build_registry({"zz-off"})

    assert "zz-off" not in registry.plugins
    assert registry.problems == ()


def test_mappings_are_sorted_by_name_whatever_the_plugins_order(install: Install) -> None:
    install("zz_a", COMPONENT.format("zzz"))
    install("zz_b", COMPONENT.format("aaa"))

    names = list(build_registry().components)

    assert names == sorted(names)


def test_a_name_that_nobody_registered_lists_what_there_is() -> None:
    with pytest.raises(PluginError) as caught:
        find("source", {"debian": 1, "apt": 2}, "debain", [PluginProblem(plugin="mine", reason="broke")])

    assert caught.value.message == "no plugin provides the source 'debain' (known: apt, debian)"
    assert caught.value.hint == "Plugins that were set aside: mine: broke"


def test_a_name_is_found_or_the_lack_of_any_is_said() -> None:
    assert find("source", {"debian": 1}, "debian") == 1
    with pytest.raises(PluginError, match="known: none"):
        find("source", {}, "debian")
