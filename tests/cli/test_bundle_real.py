"""Real runtimes on a machine that has no network at all: an empty home, a bundle, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Box

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.machine, pytest.mark.archive]

_NO_NETWORK = ("unshare", "--net")


def test_plan_smoke_and_up_work_without_any_network(box: Box, tmp_path: Path) -> None:
    bundle = tmp_path / "box.tar"
    made = box.tracker("bundle", str(bundle), "--as", "box-a")
    assert made.exit_code == 0, made.stderr
    cut = Box(tmp_path / "cut")
    cut.directory.mkdir()
    (cut.directory / "tracker.toml").write_text("[network]\noffline = true\n[smoke]\nbudget_jobs = 6\n")

    taken = cut.tracker("import", str(bundle), "--unsigned", prefix=_NO_NETWORK)
    assert taken.exit_code == 0, taken.stderr
    assert "0 known before" in taken.stdout

    # What a stranger says decides nothing, so that all is still to be run here.
    planned = cut.tracker("plan", "--json", prefix=_NO_NETWORK)
    assert planned.exit_code == 0, planned.stderr
    assert planned.json["jobs"]
    done = cut.tracker("up", "--json", prefix=_NO_NETWORK)
    assert done.exit_code == 0, done.stderr
    assert len(done.json["runs"]) == 6
    assert {run["outcome"] for run in done.json["runs"]} <= {"PASS", "FAIL"}
    assert {look["result"] for look in done.json["looks"]} == {"not asked: offline"}
    set_ = [f"{name}={value}" for name, value in done.json["newest_working"]["networks"].items()]
    smoked = cut.tracker("smoke", *set_, "--json", prefix=_NO_NETWORK)
    assert smoked.exit_code == 0, smoked.stderr
    assert smoked.json["outcome"] == "PASS"
