"""`tracker check` about a change, under a policy, and for the machines that read its answer."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Box
from tests.snapshot.small_world import small_world
from tracker.snapshot import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.snapshot import VerdictSnapshot

BAD = ("engine=2.0", "driver=1.0")


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return with_verdicts(tmp_path, replace(small_world(now=datetime.now(UTC)), host_title="A box (host h)"))


def with_verdicts(directory: Path, snapshot: VerdictSnapshot) -> Box:
    write_snapshot(directory / "tracker-data" / "verdicts.sqlite", snapshot)
    return Box(directory)


def git(box: Box, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=box.directory, check=True, capture_output=True)


def commit(box: Box, **files: str) -> None:
    if not (box.directory / ".git").exists():
        git(box, "init", "-q")
    for name, text in files.items():
        (box.directory / name.replace("_", ".")).write_text(text)
    git(box, "add", "-A")
    git(box, "commit", "-q", "-m", "a change")


def test_an_upgrade_of_what_a_file_pins_is_answered_with_what_was_before(box: Box) -> None:
    (box.directory / "pins.env").write_text("ENGINE_VERSION=1.0\nDRIVER_VERSION=1.0\n")

    answered = box.tracker("check", "pins.env", "--upgrade", "engine=2.0", "--json")

    assert answered.exit_code == 1
    assert answered.json["pins"] == {"engine": "2.0", "driver": "1.0"}
    assert (answered.json["before"]["verdict"], answered.json["is_worse"]) == ("works", True)
    assert answered.json["before"]["pins"] == {"engine": "1.0", "driver": "1.0"}
    assert [(one["factor"], one["place"]) for one in answered.json["places"]] == [
        ("driver", "pins.env:2"),
        ("engine", "--upgrade"),
    ]


def test_an_upgrade_out_of_trouble_works(box: Box) -> None:
    answered = box.tracker("check", *BAD, "--upgrade", "driver=2.0")

    assert answered.exit_code == 0
    assert answered.stdout.startswith("Before: BROKEN: engine=2.0 driver=1.0\nWORKS: engine=2.0 driver=2.0")


def test_an_upgrade_needs_no_present_set(box: Box) -> None:
    assert box.tracker("check", "--upgrade", "engine=2.0").exit_code == 0


def test_two_changes_at_once_are_two_questions(box: Box) -> None:
    assert box.tracker("check", *BAD, "--upgrade", "driver=2.0", "--base", "HEAD").exit_code == 2


def test_pins_of_the_configuration_are_compared_with_those_of_the_commit(box: Box) -> None:
    commit(box, tracker_toml='[pins]\nengine = "1.0"\ndriver = "1.0"\n')
    (box.directory / "tracker.toml").write_text('[pins]\nengine = "2.0"\ndriver = "1.0"\n')

    worse = box.tracker("check", "--base", "HEAD", "--json")

    assert (worse.exit_code, worse.json["before"]["verdict"]) == (1, "works")
    git(box, "commit", "-q", "-a", "-m", "as bad")
    same = box.tracker("check", "--base", "HEAD")
    assert same.exit_code == 0
    assert "That is no worse than before." in same.stdout


def test_a_file_that_pinned_nothing_before_is_judged_by_itself(box: Box) -> None:
    commit(box, pins_env="# nothing\n")
    (box.directory / "pins.env").write_text("ENGINE_VERSION=2.0\nDRIVER_VERSION=1.0\n")

    assert box.tracker("check", "pins.env", "--base", "HEAD").exit_code == 1


def test_a_file_of_another_directory_is_found_at_its_commit(box: Box) -> None:
    (box.directory / "deep").mkdir()
    (box.directory / "deep" / "pins.env").write_text("ENGINE_VERSION=2.0\nDRIVER_VERSION=1.0\n")
    commit(box)

    assert box.tracker("check", "deep/pins.env", "--base", "HEAD").exit_code == 0
    assert box.tracker("check", str(box.directory / "deep" / "pins.env"), "--base", "HEAD").exit_code == 0


def test_without_a_repository_there_is_no_base(box: Box) -> None:
    (box.directory / "pins.env").write_text("ENGINE_VERSION=2.0\n")

    answered = box.tracker("check", "pins.env", "--base", "HEAD")

    assert answered.exit_code == 2
    assert "no such commit" in answered.stderr


@pytest.mark.parametrize(
    ("fail_on", "code"), [("unresolved", 4), ("broken,unresolved", 4), ("broken,unknown,stale,unreachable", 0)]
)
def test_a_pin_without_a_version_fails_where_the_policy_says_so(box: Box, fail_on: str, code: int) -> None:
    (box.directory / "pins.env").write_text("ENGINE_VERSION=2.0\nDRIVER_VERSION=$LATEST\n")

    answered = box.tracker("check", "pins.env", "--fail-on", fail_on)

    assert answered.exit_code == code
    assert "pins.env:2: driver: no version can be told" in answered.stdout
    assert "1 pins have no version" in answered.stderr


def test_a_policy_of_nothing_fails_on_nothing(box: Box) -> None:
    assert box.tracker("check", *BAD, "--fail-on", "none").exit_code == 0


@pytest.mark.parametrize("host", ["host=h", "HOST=H", "A box (host h)"])
def test_the_host_is_named_by_its_key_or_title(box: Box, host: str) -> None:
    assert box.tracker("check", *BAD, f"host={host}").exit_code == 1


def test_an_unknown_host_is_told_with_the_known_one(box: Box) -> None:
    answered = box.tracker("check", *BAD, "host=windows=10.0.20348")

    assert answered.exit_code == 2
    assert "host=h (A box (host h))" in answered.stderr


def test_a_text_is_read_from_standard_input(box: Box) -> None:
    argv = [sys.executable, "-m", "tracker", "check", "-", "--json"]
    text = "ENGINE_VERSION=2.0\nDRIVER_VERSION=1.0\n"

    done = subprocess.run(argv, input=text, cwd=box.directory, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert '"place": "-:2"' in done.stdout


def test_a_line_that_ended_is_told_by_the_readers_calendar(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    ends = {"2.0": today - timedelta(days=1), "1.0": today}
    whole = small_world(now=datetime.now(UTC))
    values = tuple(replace(one, supported_until=ends.get(one.value.version)) for one in whole.values)
    box = with_verdicts(tmp_path, replace(whole, values=values))

    said = box.tracker("check", "engine=2.0", "driver=1.0").stdout

    assert f"engine=2.0: Upstream's support for its line ended on {ends['2.0']}." in said
    assert "driver=1.0: Upstream" not in said


def test_a_waiver_stands_beside_the_verdict_until_its_last_day(tmp_path: Path) -> None:
    waiver = {"id": 1, "values": {"engine": "2.0"}, "capability": "", "reason": "We know.", "url": ""}
    waivers = (
        {**waiver, "until": date.max.isoformat()},
        {**waiver, "until": "2020-01-01", "reason": "We knew."},
    )
    box = with_verdicts(tmp_path, replace(small_world(now=datetime.now(UTC)), waivers=waivers))

    answered = box.tracker("check", *BAD, "--json")

    assert answered.exit_code == 1
    assert [one["reason"] for one in answered.json["waivers"]] == ["We know."]


def test_what_a_strange_log_says_moves_no_terminal(tmp_path: Path) -> None:
    whole = small_world(now=datetime.now(UTC))
    rows = tuple(
        replace(row, verdicts={"runs": replace(row.verdicts["runs"], cause="\x1b[2Jgone\n::error::no")})
        for row in whole.rows
    )
    box = with_verdicts(tmp_path, replace(whole, rows=rows))

    said = box.tracker("check", *BAD).stdout

    assert "Cause:  [2Jgone ::error::no\n" in said


def test_a_job_on_github_gets_outputs_and_a_summary(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(box.directory / "output"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(box.directory / "summary"))

    answered = box.tracker("check", *BAD, "--format", "github")

    assert answered.stdout.startswith("::error title=broken%3A engine=2.0 driver=1.0::")
    assert "Smallest change: " in answered.stdout
    outputs = dict(line.split("=", 1) for line in (box.directory / "output").read_text().splitlines())
    assert (outputs["verdict"], outputs["exit-code"]) == ("broken", "1")
    summary = (box.directory / "summary").read_text()
    assert summary.startswith("```text\nBROKEN: engine=2.0 driver=1.0\n")
    assert summary.rstrip().endswith("```")


def test_somebody_elses_pre_release_is_not_what_is_proposed(tmp_path: Path) -> None:
    whole = small_world(now=datetime.now(UTC))
    values = tuple(replace(one, is_proposable=one.value.version != "2.0") for one in whole.values)
    box = with_verdicts(tmp_path, replace(whole, values=values))

    answered = box.tracker("check", *BAD, "--json")

    assert answered.json["nearest_good"]["engine"] == "1.0"
    assert answered.json["change"] == {"engine": {"from": "2.0", "to": "1.0"}}
    assert answered.json["newer_good"] == []


def test_a_workflow_on_github_is_shown_the_line_of_a_version_that_nobody_knows(box: Box) -> None:
    (box.directory / "pins.env").write_text("DRIVER_VERSION=2.0\nENGINE_VERSION=2.1\n")

    answered = box.tracker("check", "pins.env", "--format", "github")

    assert answered.exit_code == 2
    assert answered.stdout.startswith("::error file=pins.env,line=2::pins.env:2: engine=2.1 is not known here")
    assert box.tracker("check", "nothing.env", "--format", "github").stdout.startswith("::error::nothing.env: ")
