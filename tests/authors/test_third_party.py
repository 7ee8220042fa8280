"""A distribution of somebody else: built, installed, tested, used and switched off as its author and users would."""

from __future__ import annotations

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


@pytest.mark.skipif(sys.platform == "win32", reason="the kettle is a shell script")
def test_what_it_adds_is_watched_run_and_published_and_gone_when_it_is_switched_off(
    installed: Installed, shelf: str, tmp_path: Path
) -> None:
    settings = SETTINGS.format(url=shelf)
    (tmp_path / "tracker.toml").write_text(settings, encoding="utf-8")

    def tracker(*words: str) -> tuple[int, str]:
        done = installed.run("tracker", *words, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    code, said = tracker("up")
    assert code == 0, said
    page = tmp_path / "tracker-data" / "site" / "all-kettles.html"
    assert "2.0.0" in page.read_text(encoding="utf-8")
    assert tracker("check", "kettle=2.0.0", "water=hard")[0] == 0
    code, said = tracker("check", "kettle=1.0.0", "water=hard")
    assert code == 1
    assert "does not bear hard water" in said
    assert "plugin kettles  tracker-kettles 1.2.3, made for plugin API 1.0" in re.sub(
        r"  +", "  ", tracker("doctor")[1]
    )

    (tmp_path / "tracker.toml").write_text(f'{settings}[plugins]\ndisabled = ["kettle"]\n', encoding="utf-8")
    code, said = tracker("status")
    assert code == 2
    assert "plugins.disabled[0] = 'kettle'" in said
    assert "did you mean 'kettles'?" in said

    (tmp_path / "tracker.toml").write_text(f'{settings}[plugins]\ndisabled = ["kettles"]\n', encoding="utf-8")
    code, said = tracker("up")
    assert code == 2
    assert "unknown name 'kettles'" in said
    other = tmp_path / "other"
    assert tracker("init", "--profile", "linux-containers", str(other))[0] == 0
    told = (other / "tracker.schema.json").read_text(encoding="utf-8")
    assert '"kettles"' in told
    off = other / "tracker.toml"
    off.write_text('profile = "linux-containers"\n[plugins]\ndisabled = ["kettles"]\n', encoding="utf-8")
    assert installed.run("tracker", "init", "--schema", str(other), cwd=tmp_path).returncode == 0
    left = (other / "tracker.schema.json").read_text(encoding="utf-8")
    assert [word for word in ('"shelf"', '"kettle"') if word in left] == []

    (tmp_path / "tracker.toml").write_text(settings, encoding="utf-8")
    assert tracker("check", "kettle=1.0.0", "water=hard")[0] == 1
