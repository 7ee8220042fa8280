"""Whatever one plugin does wrong, it is named, and the plugin beside it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.registry import build_registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Install = Callable[..., None]


GOOD = """
@hookimpl
def tracker_components():
    return [Component(name="good", title="Good", source="s", scheme="v", installer="i")]
"""
THING = "type('Thing', (), {{'name': {!r}}})()"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("import no_such_module_at_all", "No module named 'no_such_module_at_all'", id="missing import"),
        pytest.param("1 / 0", "ZeroDivisionError", id="error while it is imported"),
        pytest.param("raise SystemExit(1)", "SystemExit", id="exit while it is imported"),
        pytest.param("def broken(:", "SyntaxError", id="no Python"),
        pytest.param("@hookimpl\ndef tracker_components(colour): ...", "colour", id="unknown hook argument"),
        pytest.param("@hookimpl\ndef tracker_componets(): ...", "tracker_componets", id="misspelt hook"),
        pytest.param("@hookimpl\ndef tracker_sources(): 1 / 0", "tracker_sources failed: Zero", id="raising hook"),
        pytest.param("@hookimpl\ndef tracker_sources(): raise SystemExit", "SystemExit", id="hook that exits"),
        pytest.param("@hookimpl\ndef tracker_sources():\n yield 1 / 0", "ZeroDivisionError", id="raising generator"),
        pytest.param("@hookimpl\ndef tracker_sources(): ...", "'NoneType' object is not iterable", id="no list"),
        pytest.param("@hookimpl\ndef tracker_sources(): return [42]", "42 has no name", id="nameless object"),
        pytest.param(
            f"@hookimpl\ndef tracker_sources(): return [{THING.format(7)}]", "has no name", id="name that is no text"
        ),
    ],
)
def test_a_broken_plugin_is_named_and_set_aside(install: Install, source: str, reason: str) -> None:
    install("zz_broken", source)
    install("zz_good", GOOD)

    registry = build_registry()

    assert [(problem.plugin, reason in problem.reason) for problem in registry.problems] == [("zz_broken", True)]
    assert "good" in registry.components
    assert "zz_good" in registry.plugins


def test_a_generator_that_fails_half_way_registers_nothing(install: Install) -> None:
    install("zz_half", f"@hookimpl\ndef tracker_sources():\n yield {THING.format('early')}\n 1 / 0")

    registry = build_registry()

    assert "early" not in registry.sources
    assert [problem.plugin for problem in registry.problems] == ["zz_half"]


def test_a_plugin_with_one_wrong_hook_registers_nothing_by_its_other_hooks(install: Install) -> None:
    install("zz_mixed", f"{GOOD}\n@hookimpl\ndef tracker_no_such_hook(): ...")

    registry = build_registry()

    assert "good" not in registry.components
    assert "zz_mixed" not in registry.plugins


def test_one_failing_hook_leaves_the_plugins_other_hooks_alone(install: Install) -> None:
    install("zz_partly", f"{GOOD}\n@hookimpl\ndef tracker_sources(): 1 / 0")

    registry = build_registry()

    assert "good" in registry.components
    assert [problem.plugin for problem in registry.problems] == ["zz_partly"]


def test_of_two_objects_with_one_name_the_second_is_set_aside_and_both_plugins_named(install: Install) -> None:
    install("zz_first", f"@hookimpl\ndef tracker_sources(): return [{THING.format('twice')}]")
    install("zz_second", f"@hookimpl\ndef tracker_sources(): return [{THING.format('twice')}]")

    registry = build_registry()

    assert "twice" in registry.sources
    (problem,) = registry.problems
    assert problem.plugin == "zz_second"
    assert problem.reason == "registers 'twice' again, which zz_first has registered (sources)"


def test_a_third_party_never_replaces_what_a_bundled_plugin_registers(install: Install, bundle: Path) -> None:
    thing = f"from tracker.api import hookimpl\n@hookimpl\ndef tracker_sources(): return [{THING.format('mine')}]\n"
    (bundle / "zz_bundled.py").write_text(thing, encoding="utf-8")
    install("aa_third_party", f"@hookimpl\ndef tracker_sources(): return [{THING.format('mine')}]")

    registry = build_registry()

    assert type(registry.sources["mine"]).__module__ == "tracker.plugins.zz_bundled"
    assert [problem.plugin for problem in registry.problems] == ["aa_third_party"]


def test_one_plugin_under_two_entry_points_is_loaded_once(install: Install) -> None:
    install("zz_twin", GOOD, "zz_one = zz_twin", "zz_two = zz_twin")

    registry = build_registry()

    assert "good" in registry.components
    assert [(problem.plugin, problem.reason) for problem in registry.problems] == [
        ("zz_two", "is there twice: 'zz_one' has been loaded already")
    ]


def test_two_plugins_of_one_name_are_told_apart(install: Install) -> None:
    install("zz_a", GOOD, "zz_same = zz_a")
    install("zz_b", f"@hookimpl\ndef tracker_sources(): return [{THING.format('other')}]", "zz_same = zz_b")

    registry = build_registry()

    assert "good" in registry.components
    assert [problem.plugin for problem in registry.problems] == ["zz_same"]
