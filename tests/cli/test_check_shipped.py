"""The hook for pre-commit and the action for GitHub do what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Box
from tests.snapshot.small_world import small_world
from tracker.snapshot import write_snapshot

ROOT = Path(__file__).resolve().parents[2]
STEPS = re.compile(r"- name: (?P<name>.+)\n(?:.*\n)*?      run: \|\n(?P<script>(?:        .*\n)+)")


@pytest.fixture
def box(tmp_path: Path) -> Box:
    write_snapshot(tmp_path / "tracker-data" / "verdicts.sqlite", small_world(now=datetime.now(UTC)))
    (tmp_path / "engine.env").write_text("ENGINE_VERSION=2.0\n")
    (tmp_path / "driver.env").write_text("DRIVER_VERSION=1.0\n")
    return Box(tmp_path)


def run_action(box: Box, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's own script, with this program in the place of the one that it would install."""
    programs = box.directory / "runner temp" / "tracker-check" / "bin"
    programs.mkdir(parents=True)
    program = programs / "tracker"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tracker "$@"\n')
    program.chmod(0o755)
    scripts = {one["name"]: textwrap.dedent(one["script"]) for one in STEPS.finditer((ROOT / "action.yml").read_text())}
    given = {"FILES": "", "FROM": "tracker-data/verdicts.sqlite", "NEED": "", "BASE": "", "FAIL_ON": "broken"}
    given |= {"KEY": "", "UNSIGNED": "true"}
    environment = {**os.environ, "RUNNER_TEMP": str(box.directory / "runner temp"), "MAX_AGE": "", **given, **inputs}
    # As GitHub runs `shell: bash`.
    argv = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", scripts["Check"]]
    return subprocess.run(argv, cwd=box.directory, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("files", ["engine.env driver.env", "engine.env\ndriver.env\n", "engine.env driver=1.0"])
def test_the_action_asks_about_all_files_at_once(box: Box, files: str) -> None:
    done = run_action(box, FILES=files)

    assert done.returncode == 1, done.stderr
    assert "::error file=engine.env,line=1,title=broken" in done.stdout


def test_the_action_hands_on_its_settings(box: Box) -> None:
    assert run_action(box, FILES="engine.env", NEED="flies").returncode == 2


def test_the_action_takes_no_option_for_a_file(box: Box) -> None:
    done = run_action(box, FILES="--fail-on=none engine.env driver.env")

    assert done.returncode == 2
    assert "there is no factor '--fail-on'" in done.stderr


def test_verdicts_that_nobody_signed_stop_the_job_whatever_it_fails_on(box: Box) -> None:
    done = run_action(box, FILES="engine.env", UNSIGNED="false")

    assert done.returncode == 3
    assert "is not signed" in done.stderr


def test_an_age_that_is_given_counts(box: Box) -> None:
    done = run_action(box, FILES="engine.env driver=2.0", MAX_AGE="0.5", FAIL_ON="stale")

    assert done.returncode == 5, done.stderr


def test_the_hook_asks_about_the_whole_set_and_not_about_the_changed_files_alone(box: Box) -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    pattern = next(line.split(": ", 1)[1] for line in hook.splitlines() if line.strip().startswith("files: "))
    entry = next(line.split(": ", 1)[1] for line in hook.splitlines() if line.strip().startswith("entry: "))

    assert "pass_filenames: false" in hook
    assert shlex.split(entry)[:2] == ["tracker", "check"]
    assert all(re.search(pattern, name) for name in ("Dockerfile", "a/install.ps1", "tracker.toml", "pins.env"))
    assert not any(re.search(pattern, name) for name in ("README.md", "picture.png", "a/CHANGELOG"))
    assert box.tracker(*shlex.split(entry)[1:], "engine.env", "driver.env").exit_code == 1
