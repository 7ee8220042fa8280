"""A distribution of somebody else: built, installed, tested, used and switched off as its author and users would."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Installed

SETTINGS = """profile = "kettles"
[sources.shelf]
url = "{url}"
"""


def test_its_own_tests_hold_it_against_the_suites_that_the_tracker_ships(installed: Installed) -> None:
    done = installed.run("pytest", "-q", "tests", cwd=installed.source)

    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > 25
    assert "skipped" not in done.stdout


class Box:
    """A directory with settings, where the tracker is typed as a user of the distribution would."""

    def __init__(self, installed: Installed, directory: Path) -> None:
        self._installed = installed
        self.directory = directory

    def settings(self, text: str) -> None:
        (self.directory / "tracker.toml").write_text(text, encoding="utf-8")

    def tracker(self, *words: str) -> tuple[int, str]:
        done = self._installed.run("tracker", *words, cwd=self.directory)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def box(installed: Installed, tmp_path: Path) -> Box:
    return Box(installed, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="the kettle is a shell script")
def test_what_it_adds_is_watched_installed_run_judged_and_published(box: Box, shelf: str) -> None:
    box.settings(SETTINGS.format(url=shelf))

    code, said = box.tracker("up")

    assert code == 0, said
    page = box.directory / "tracker-data" / "site" / "all-kettles.html"
    assert "2.0.0" in page.read_text(encoding="utf-8")
    assert box.tracker("check", "kettle=2.0.0", "water=hard")[0] == 0
    code, said = box.tracker("check", "kettle=1.0.0", "water=hard")
    assert code == 1
    assert "does not bear hard water" in said


def test_the_doctor_tells_who_made_it_and_for_which_plugin_api(box: Box, shelf: str) -> None:
    box.settings(SETTINGS.format(url=shelf))

    said = re.sub(r"  +", "  ", box.tracker("doctor")[1])

    assert "plugin API  1.0" in said
    assert "plugin kettles  tracker-kettles 1.2.3, made for plugin API 1.0" in said


def test_a_misspelt_name_switches_nothing_off_silently(box: Box) -> None:
    box.settings(SETTINGS.format(url="https://kettles.example/shelf.json") + '[plugins]\ndisabled = ["kettle"]\n')

    code, said = box.tracker("status")

    assert code == 2
    assert "plugins.disabled[0] = 'kettle'" in said
    assert "did you mean 'kettles'?" in said


def test_switched_off_by_name_it_is_gone_from_everything(box: Box) -> None:
    off = '[plugins]\ndisabled = ["kettles"]\n'
    box.settings(f'profile = "linux-containers"\n{off}')
    assert box.tracker("init", "--schema")[0] == 0
    known = json.loads((box.directory / "tracker.schema.json").read_text(encoding="utf-8"))["properties"]

    assert "kettles" not in known["profile"]["enum"]
    assert "shelf" not in known["sources"]["properties"]
    assert "kettles" in known["plugins"]["properties"]["disabled"]["items"]["enum"]
    box.settings(f'profile = "kettles"\n{off}')
    code, said = box.tracker("status")
    assert code == 2
    assert "unknown name 'kettles'" in said
