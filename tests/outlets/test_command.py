"""A command that takes the site somewhere: where it runs, when, and what is said when it does not succeed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tracker.configured import OutletConfig
from tracker.outlets import put_out
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from pathlib import Path

USUAL = NetworkSettings()
COPY = "import os, pathlib; open(os.environ['OUT'], 'a').write(os.getcwd() + ' ' + os.environ['TRACKER_SITE'] + '\\n')"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    where = tmp_path / "site"
    where.mkdir()
    (where / "index.html").write_text("one", encoding="utf-8")
    return where


def python(script: str, minutes: float = 1) -> OutletConfig:
    return OutletConfig(command=(sys.executable, "-c", script), minutes=minutes)


def test_it_runs_in_the_directory_of_the_site_and_again_only_when_the_site_has_changed(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    for _ in range(2):
        assert put_out(site, python(COPY), USUAL, home=tmp_path) == ()
    assert (tmp_path / "out").read_text(encoding="utf-8").splitlines() == [f"{site} {site}"]
    (site / "index.html").write_text("other", encoding="utf-8")

    put_out(site, python(COPY), USUAL, home=tmp_path)

    assert len((tmp_path / "out").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("outlet", "said"),
    [
        pytest.param(python("import sys; sys.exit('no room at https://u:pw@host/')"), "no room at https://***@host/"),
        pytest.param(python("raise SystemExit(7)"), "exit code 7"),
        pytest.param(python("while True: pass", minutes=0.01), "was ended after 0.6 seconds"),
        pytest.param(OutletConfig(command=("/nowhere/program",)), "/nowhere/program: cannot be started"),
    ],
    ids=["says why", "says nothing", "takes too long", "is missing"],
)
def test_a_failure_is_one_sentence_and_the_command_is_tried_again(
    site: Path, tmp_path: Path, outlet: OutletConfig, said: str
) -> None:
    for _ in range(2):
        (problem,) = put_out(site, outlet, USUAL, home=tmp_path)
        assert problem.startswith("the site was not published by command: ")
        assert said in problem


def test_arguments_are_not_kept_in_the_memory_of_what_was_done(site: Path, tmp_path: Path) -> None:
    outlet = OutletConfig(command=(sys.executable, "-c", "", "hunter2"))

    assert put_out(site, outlet, USUAL, home=tmp_path) == ()

    assert "hunter2" not in (tmp_path / "site-published.json").read_text(encoding="utf-8")
