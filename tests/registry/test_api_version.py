from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tracker.api import API_VERSION
from tracker.compatibility import refusal
from tracker.registry import build_registry

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Install

MAJOR, MINOR = API_VERSION
PAGE = """
class Page:
    name = "greetings"
    title = "Greetings"
    def markdown(self, view):
        return ""

@hookimpl
def tracker_site_pages():
    return [Page()]
"""


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("", id="nothing is stated"),
        pytest.param(f"TRACKER_API = {MAJOR}", id="the major version"),
        pytest.param(f"TRACKER_API: tuple[int, int] = ({MAJOR}, {MINOR})", id="major and minor"),
    ],
)
def test_a_plugin_that_was_made_for_this_api_is_loaded(install: Install, statement: str) -> None:
    install("greetings", f"{statement}\n{PAGE}")

    registry = build_registry()

    assert "greetings" in registry.site_pages
    assert registry.problems == ()
    (outside,) = registry.outside
    assert (outside.name, outside.distribution) == ("greetings", "greetings 1.0")
    assert bool(outside.api) is bool(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"{MAJOR + 1}", ["update tracker", f"that is made for {MAJOR}"]),
        (f"({MAJOR}, {MINOR + 1})", [f"version {MAJOR}.{MINOR + 1} of the plugin API", "update tracker"]),
        (f"{MAJOR - 1}", ["update greetings 1.0 to a version"]),
        ("'one'", ["TRACKER_API = 'one' is no version", f"TRACKER_API = {MAJOR}"]),
        ("True", ["is no version"]),
        ("len('x')", ["is no version"]),
    ],
)
def test_a_plugin_that_was_made_for_another_api_is_refused_before_it_runs(
    install: Install, tmp_path: Path, statement: str, told: list[str]
) -> None:
    mark = tmp_path / "it ran"
    install("greetings", f"TRACKER_API = {statement}\nopen({str(mark)!r}, 'w').close()\n{PAGE}")

    registry = build_registry()

    assert "greetings" not in registry.site_pages
    assert "greetings" not in registry.plugins
    assert registry.outside == ()
    (problem,) = registry.problems
    assert problem.plugin == "greetings"
    assert [words for words in told if words not in problem.reason] == []
    assert not mark.exists()


def test_an_object_states_its_version_as_an_attribute(install: Install) -> None:
    install("greetings", "class Plugin:\n    TRACKER_API = 99\nplugin = Plugin()\n", "greetings = greetings:plugin")

    (problem,) = build_registry().problems

    assert re.search(r"made for version 99 of the plugin API, and this tracker has \d+\.\d+", problem.reason)


def test_without_a_statement_a_plugin_counts_as_made_for_the_first_version() -> None:
    assert (refusal(None) == "") is (MAJOR == 1)
