"""Persons correct what the machine believes: a run that was our own fault, a failure that is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.test_main_job import a_row, pins

if TYPE_CHECKING:
    from tests.cli.conftest import Box

pytestmark = pytest.mark.archive


def test_a_waiver_is_shown_beside_the_verdict_and_changes_no_exit_code(box: Box) -> None:
    row = a_row(box, "networks", "broken")
    words = [*pins(row), "--reason", "nobody uses it", "--url", "https://example.org/1", "--until", "2999-12-31"]
    given = box.tracker("waive", *words)
    assert given.exit_code == 0, given.stderr

    answered = box.tracker("check", *pins(row))
    assert answered.exit_code == 1
    assert "Accepted until 2999-12-31: nobody uses it https://example.org/1" in answered.stdout

    (listed,) = box.tracker("waive", "--json").json["waivers"]
    assert box.tracker("waive", "--close", str(listed["id"])).exit_code == 0
    assert "nobody uses it" not in box.tracker("check", *pins(row)).stdout


def test_a_waiver_that_has_expired_is_not_shown(box: Box) -> None:
    row = a_row(box, "networks", "broken")
    box.tracker("waive", *pins(row), "--reason", "long ago", "--until", "2001-01-01")

    assert "long ago" not in box.tracker("check", *pins(row)).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cni-spec=1.0.0",), "a waiver needs a reason and an end"),
        (("cni-spec=1.0.0", "--reason", "x", "--until", "soon"), "--until soon: is no day"),
        (("cni-spec=9.9", "--reason", "x", "--until", "2999-01-01"), "cni-spec=9.9 is not known here"),
        (("cni-spec=1.0.0", "--reason", "x", "--until", "2999-01-01", "--capability", "flies"), "no capability"),
        (("--close", "999"), "there is no open waiver 999"),
    ],
)
def test_a_waiver_that_says_too_little_is_refused(box: Box, words: tuple[str, ...], told: str) -> None:
    answered = box.tracker("waive", *words)

    assert answered.exit_code in {2, 3}
    assert told in answered.stderr


def test_what_rested_on_a_retracted_run_is_judged_anew(box: Box) -> None:
    row = a_row(box, "networks", "works")
    runs = box.tracker("check", *pins(row), "--json").json["evidence"]["runs"]
    for run_id in runs:
        taken_back = box.tracker("retract", str(run_id), "--reason", "the disk was full")
        assert taken_back.exit_code == 0, taken_back.stderr

    listed = {one["id"]: one["retracted"] for one in box.tracker("runs", "--json").json["runs"]}
    assert {listed[run_id] for run_id in runs} == {"the disk was full"}
    assert "retracted: the disk was full" in box.tracker("runs", str(runs[0])).stdout
    answered = box.tracker("check", *pins(row))
    assert answered.exit_code == 4
    told = [line for line in answered.stdout.splitlines() if "was taken back on" in line]
    assert [line.split(" was ")[0] for line in told] == [f"Run {run_id}" for run_id in sorted(runs)]
    assert all(line.endswith(": the disk was full") for line in told)
    again = box.tracker("retract", str(runs[0]), "--reason", "once more")
    assert again.exit_code == 3
    assert "was retracted before: the disk was full" in again.stderr
    assert box.tracker("up").exit_code == 0


def test_a_waiver_of_a_version_that_nobody_knows_is_told_and_loses_nothing(box: Box) -> None:
    settings = box.directory / "waived.toml"
    settings.write_text(
        '[[waivers]]\npins = { containerd = "0.0.1" }\nreason = "gone"\nuntil = 2999-12-31\n', encoding="utf-8"
    )
    answered = box.tracker("--config", str(settings), "site")

    assert answered.exit_code == 3
    assert "containerd=0.0.1 is not known here" in answered.stderr
    assert answered.stdout.startswith("site: ")
