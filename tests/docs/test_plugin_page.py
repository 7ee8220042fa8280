"""docs/plugins.md names every hook as it is, and its example is a plugin that works."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.greetings import PAGE, Tracker, blocks
from tracker import hookspecs

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("tracker_")}


def test_every_hook_has_a_heading_with_its_exact_signature_in_the_order_of_the_specification() -> None:
    headings = re.findall(r"^### `(.*)`$", PAGE, flags=re.MULTILINE)

    assert headings == [f"{name}{inspect.signature(hook)}".replace("'", "") for name, hook in HOOKS.items()]


def test_every_hook_has_an_example_under_its_heading() -> None:
    sections = re.split(r"^### .*$", PAGE, flags=re.MULTILINE)[1:]

    for name, section in zip(HOOKS, sections, strict=True):
        (block,) = blocks("python", section)
        assert f"@hookimpl\ndef {name}():" in block


@pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
def test_the_example_is_watched_installed_run_judged_and_published(tracker: Tracker) -> None:
    done = tracker("up")

    assert done.returncode == 0, done.stderr
    assert "greets: greet=2.0 language=de" in done.stdout
    assert [tracker("check", f"greet={one}", "language=de").returncode for one in ("1.1", "2.0")] == [1, 0]
    assert tracker("check", "greet=1.1", "language=en").returncode == 0
    assert "unknown language 'de'" in tracker("check", "greet=1.1", "language=de").stdout
    assert (tracker.directory / "tracker-data" / "site" / "greet-versions.html").is_file()
    assert "greets: EXPECTED" in tracker("declared", "greet=2.0", "language=de").stdout
    assert "greet=2.1 was never seen upstream" in tracker("declared", "greet=2.1").stderr
    assert tracker.json("up")["runs"] == []


def test_what_the_example_declares_is_told_before_anything_was_looked_at(tracker: Tracker) -> None:
    told = tracker("declared", "greet=2.0", "language=de")
    early = tracker.json("declared", "greet=1.1", "language=de")

    assert told.returncode == 0, told.stderr
    assert "greet 2.0 and later greet in German" in told.stdout
    assert "installs: nothing that is declared" in told.stdout
    assert "greets: EXPECTED" in told.stdout
    assert (early["declarations"], early["expectations"]["greets"]) == ([], None)


@pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
def test_the_examples_recipe_redoes_a_combination_by_hand(passed: Tracker, httpserver: HTTPServer) -> None:
    script = passed("recipe", "greet=2.0", "language=de").stdout

    assert f"'{httpserver.url_for('/greet-2.0')}'" in script
    by_hand = passed.directory / "by hand"
    by_hand.mkdir()
    done = subprocess.run(["sh", "-eu", "-c", script], cwd=by_hand, capture_output=True, text=True, check=False)
    if done.returncode == 127:
        pytest.skip("curl is not installed")
    assert done.stdout.endswith("greetings in de\n")


def test_the_example_passes_the_suite_as_the_page_says(tracker: Tracker) -> None:
    (suite,) = blocks("py")
    (tracker.directory / "test_listing.py").write_text(suite, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_listing.py"],
        cwd=tracker.directory,
        env={**os.environ, "PYTHONPATH": str(tracker.directory / "packages")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


def test_the_page_names_the_entry_point_group_as_it_is() -> None:
    assert f"[project.entry-points.{hookspecs.PROJECT}]" in PAGE
