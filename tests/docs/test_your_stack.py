"""The file in docs/your-stack.md is a stack that works: it is run as it stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.config import read_config
from tracker.declared_stack import reading
from tracker.declared_stack.command_tables import CAUSE_KEYS, KEYS, STEP_KEYS
from tracker.declared_stack.component_tables import COMPONENT_KEYS
from tracker.declared_stack.places import HOST_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "your-stack.md").read_text(encoding="utf-8")
(FILE,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def _tracker(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments], cwd=directory, capture_output=True, text=True, check=False
    )


@pytest.mark.archive
@pytest.mark.machine
def test_the_stack_on_the_page_is_tracked_and_shows_what_the_page_promises(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text(FILE, encoding="utf-8")
    looked = _tracker(tmp_path, "poll")
    unreached = [line for line in looked.stdout.splitlines() if "could not look" in line and "package-index" in line]
    if unreached:
        pytest.skip(f"the package index that pip is configured for does not answer: {unreached[0]}")

    whole = _tracker(tmp_path, "up")

    assert whole.returncode == 0, whole.stdout + whole.stderr
    runs: list[Any] = json.loads(_tracker(tmp_path, "runs", "--json").stdout)["runs"]
    assert any(run["outcome"] == "PASS" for run in runs)
    conflicts = [run for run in runs if run["outcome"] == "FAIL" and "client=2.0.0" in str(run["combination"])]
    told = json.dumps(conflicts) if conflicts else json.dumps(runs)
    assert "paho-mqtt" in told
    assert (tmp_path / "tracker-data" / "site" / "index.html").is_file()


def test_the_page_is_read_without_a_complaint(tmp_path: Path) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text(FILE, encoding="utf-8")

    stack = read_config(path).stack

    assert stack is not None
    assert [factor.name for factor in stack.profile.factors] == ["broker", "client", "wrapper"]
    assert stack.profile.required == ("installs", "starts", "delivers")
    assert tomllib.loads(FILE)["profile"] == stack.scenario.name


@pytest.mark.parametrize("keys", [COMPONENT_KEYS, reading.FACTOR_KEYS, HOST_KEYS, KEYS, STEP_KEYS, CAUSE_KEYS])
def test_the_page_tells_of_every_key(keys: Iterable[str]) -> None:
    assert [key for key in keys if not re.search(rf"\b{key}\b", PAGE)] == []
