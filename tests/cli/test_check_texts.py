"""`tracker check` put in front of an upgrade: pins out of files, published sites, changes, policies."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Answered, Box
from tests.evidence.world import axis
from tests.snapshot.small_world import world_snapshot
from tracker.model import Axis, Factor
from tracker.snapshot import VerdictSnapshot, write_snapshot
from tracker.snapshot import to_document as to_matrix

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer


def _axis(name: str, *versions: str) -> Axis:
    factor = Factor(name=name, title=name, components=(name,))
    return Axis(factor=factor, values=tuple(factor.value(version) for version in versions))


AXES = (_axis("containerd", "2.0.0", "1.7.14"), _axis("nerdctl", "2.0.0", "1.7.4"), axis("spec", "1.0.0", "0.4.0"))


def snapshot() -> VerdictSnapshot:
    """Return a world in which containerd 2.0.0 and nerdctl 1.7.4 do not fit, as it was tested yesterday."""
    misfit = frozenset({AXES[0].values[0], AXES[1].values[1]})
    remarks = {"1.7.14": "It was withdrawn."}
    return world_snapshot(AXES, misfit, makers="containerd", now=datetime.now(UTC), remarks=remarks)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    write_snapshot(tmp_path / "tracker-data" / "verdicts.sqlite", snapshot())
    (tmp_path / "bad.ps1").write_text(
        "$Version = '2.0.0'\n"
        "curl.exe -LO https://github.com/containerd/containerd/releases/download/v$Version/containerd.tgz\n"
        "curl.exe -LO https://github.com/containerd/nerdctl/releases/download/v1.7.4/nerdctl.tgz\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM debian\nARG CONTAINERD_VERSION=2.0.0\nARG NERDCTL_VERSION=v2.0.0\n")
    return Box(tmp_path)


def check(box: Box, *words: str) -> Answered:
    return box.tracker("check", *words)


def test_a_script_with_versions_that_do_not_fit_is_broken_at_its_lines(box: Box) -> None:
    answered = check(box, "bad.ps1", "--json")

    assert answered.exit_code == 1
    assert answered.json["verdict"] == "broken"
    assert [(one["factor"], one["value"], one["path"], one["line"]) for one in answered.json["places"]] == [
        ("containerd", "2.0.0", "bad.ps1", 2),
        ("nerdctl", "1.7.4", "bad.ps1", 3),
    ]
    assert [one["values"] for one in answered.json["culprits"]] == [{"containerd": "2.0.0", "nerdctl": "1.7.4"}]
    assert answered.json["nearest_good"]


def test_the_smallest_change_is_told_to_people(box: Box) -> None:
    said = check(box, "bad.ps1").stdout

    assert "does not work with" in said
    assert "Smallest change: nerdctl=1.7.4 -> 2.0.0" in said or "Smallest change: containerd=2.0.0 -> 1.7.14" in said
    assert "bad.ps1:3: nerdctl=1.7.4" in said


def test_a_dockerfile_with_versions_that_fit_works(box: Box) -> None:
    assert check(box, "Dockerfile").exit_code == 0


def test_several_files_are_one_question(box: Box) -> None:
    (box.directory / "a.env").write_text("CONTAINERD_VERSION=2.0.0\n")
    (box.directory / "b.env").write_text("NERDCTL_VERSION=1.7.4\n")

    assert check(box, "a.env", "b.env").exit_code == 1


def test_files_that_disagree_are_told_with_both_places(box: Box) -> None:
    answered = check(box, "bad.ps1", "Dockerfile")

    assert answered.exit_code == 2
    assert "two values for nerdctl" in answered.stderr
    assert "bad.ps1:3" in answered.stderr
    assert "Dockerfile:3" in answered.stderr


def test_a_pin_that_cannot_be_resolved_is_listed(box: Box) -> None:
    (box.directory / "x.sh").write_text("CONTAINERD_VERSION=$LATEST\nNERDCTL_VERSION=2.0.0\n")
    answered = check(box, "x.sh", "--json")

    assert [(one["name"], one["line"]) for one in answered.json["unresolved"]] == [("containerd", 1)]


def test_a_file_without_pins_is_no_answer(box: Box) -> None:
    (box.directory / "empty.txt").write_text("nothing\n")

    answered = check(box, "empty.txt")
    assert answered.exit_code == 2
    assert "no pins in empty.txt" in answered.stderr


def test_an_unknown_version_in_a_file_is_told_with_its_line_and_the_nearest_one(box: Box) -> None:
    (box.directory / "x.sh").write_text("\nCONTAINERD_VERSION=1.7.15\n")
    answered = check(box, "x.sh")

    assert answered.exit_code == 2
    assert "x.sh:2: containerd=1.7.15 is not known here (the nearest is containerd=1.7.14)" in answered.stderr


def test_what_should_be_known_of_a_version_is_said(box: Box) -> None:
    assert "containerd=1.7.14: It was withdrawn." in check(box, "containerd=1.7.14").stdout


def test_an_upgrade_is_asked_about_from_the_present_set(box: Box) -> None:
    answered = check(box, "containerd=1.7.14", "nerdctl=1.7.4", "--upgrade", "containerd=2.0.0")

    assert answered.exit_code == 1
    assert answered.stdout.startswith("Before: WORKS: containerd=1.7.14 nerdctl=1.7.4\nBROKEN: containerd=2.0.0")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("bad.ps1", "--fail-on", "unknown,stale"), 0),
        (("bad.ps1", "--fail-on", "broken"), 1),
        (("Dockerfile", "--max-age", "0.5"), 5),
        (("Dockerfile", "--max-age", "0.5", "--fail-on", "broken"), 0),
        (("Dockerfile", "--max-age", "3"), 0),
        (("--from", "nowhere", "Dockerfile"), 3),
        (("--from", "nowhere", "Dockerfile", "--fail-on", "broken"), 0),
        (("Dockerfile", "--fail-on", "bad"), 2),
        (("Dockerfile", "--format", "xml"), 2),
        (("Dockerfile", "--host", "windows=1"), 2),
        (("Dockerfile", "--host", "host=h"), 0),
        (("Dockerfile", "--need", "flies"), 2),
        (("Dockerfile", "--from", ""), 2),
        (("Dockerfile", "--base", " "), 2),
        (("Dockerfile", "--at", ""), 2),
    ],
)
def test_the_policy_decides_what_ends_in_error(box: Box, words: tuple[str, ...], code: int) -> None:
    assert check(box, *words).exit_code == code


def test_a_workflow_on_github_is_annotated_at_the_line_at_fault(box: Box) -> None:
    answered = check(box, "bad.ps1", "--format", "github")

    assert answered.exit_code == 1
    lines = answered.stdout.splitlines()
    assert [line.partition(",title")[0] for line in lines] == [
        "::error file=bad.ps1,line=2",
        "::error file=bad.ps1,line=3",
    ]


def test_a_published_site_answers_as_its_own_home_does(
    box: Box, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpserver, "no_handler_status_code", 404)
    matrix = json.dumps(to_matrix(snapshot()), default=str)
    site = box.directory / "public"
    site.mkdir()
    (site / "matrix.json").write_text(matrix)
    httpserver.expect_request("/site/matrix.json").respond_with_data(matrix, content_type="application/json")

    for where in ("public", "public/matrix.json", "tracker-data/verdicts.sqlite", httpserver.url_for("/site/")):
        answered = check(box, "bad.ps1", "--from", where, "--unsigned", "--json")
        assert (answered.exit_code, answered.json["culprits"][0]["standing"]) == (1, "proved"), where


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": "matrix/99"}', '{"schema": "matrix/2"}', "<html>"])
def test_something_else_than_a_site_is_refused(box: Box, content: str) -> None:
    (box.directory / "matrix.json").write_text(content)
    answered = check(box, "bad.ps1", "--from", "matrix.json", "--unsigned")

    assert answered.exit_code == 3
    assert answered.stderr.startswith("error: matrix.json: ")


def test_only_what_a_change_made_worse_is_complained_about(box: Box) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
            cwd=box.directory,
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    git("add", "bad.ps1", "Dockerfile")
    git("commit", "-q", "-m", "before")
    assert check(box, "bad.ps1", "--base", "HEAD").exit_code == 0

    (box.directory / "Dockerfile").write_text("ARG CONTAINERD_VERSION=2.0.0\nARG NERDCTL_VERSION=1.7.4\n")
    assert check(box, "Dockerfile", "--base", "HEAD").exit_code == 1
    missing = check(box, "Dockerfile", "--base", "nothing")
    assert missing.exit_code == 2
    assert "no such commit" in missing.stderr


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("judgement", {"a": 1}),
        ("judgement", [1]),
        ("judgement", "x"),
        ("terms", [{}]),
        ("required", ["flies"]),
    ],
)
def test_verdicts_that_are_damaged_inside_are_told_without_a_traceback(box: Box, part: str, content: object) -> None:
    document = {**to_matrix(snapshot()), part: content}
    (box.directory / "matrix.json").write_text(json.dumps(document, default=str))

    answered = check(box, "bad.ps1", "--from", "matrix.json", "--unsigned")

    assert answered.exit_code == 3, answered.stdout + answered.stderr
    assert "error: " in answered.stderr
