"""What the pages claim about commands, exit codes and each other holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tracker import __version__
from tracker.cli.app import COMMANDS
from tracker.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_of_the_project_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"`((?:tracker|plugins|migrations|site|tests|docs|\.ci)/[\w./]*)`", page.read_text("utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_lists_every_command_in_the_programs_order() -> None:
    assert tuple(re.findall(r"^\| `([a-z]+)` \|", README, flags=re.MULTILINE)) == COMMANDS


def test_the_readme_lists_every_exit_code_of_check() -> None:
    codes = [int(code) for code in re.findall(r"^\| (\d) \|", README, flags=re.MULTILINE)]

    assert codes == [int(code) for code in ExitCode]


def test_the_command_that_fills_a_folder_of_wheels_is_the_same_everywhere() -> None:
    command = r"python3 -m pip wheel --wheel-dir \S+ --requirement constraints\.txt"

    assert re.search(command, README)
    assert re.search(command, (ROOT / "bootstrap.py").read_text(encoding="utf-8"))


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.findall(r"^## (\S+)", changelog, flags=re.MULTILINE)[0] == __version__


def test_the_layers_in_the_architecture_page_are_those_that_lint_keeps() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(one["layers"] for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    rooms = {name for layer in layers for name in re.findall(r"tracker\.(\w+)", layer)}
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    described = set(re.findall(r"tracker/(\w+)", page))
    assert rooms - described <= {"bundle", "errors", "toml_table"}
