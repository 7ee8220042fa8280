"""The workflows are what GitHub accepts, and what they run exists."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tracker.cli.app import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WINDOWS = ROOT / ".github" / "workflows" / "windows.yml"
_RUN = re.compile(
    r"^(?P<indent> +)(?:- )?run: (?:\|\n(?P<block>(?:(?P=indent) {2,}.*\n|\n)+)|(?P<line>.+)\n)", re.MULTILINE
)

by_name = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)


def _scripts(workflow: Path) -> list[str]:
    found = _RUN.finditer(workflow.read_text(encoding="utf-8"))
    return [textwrap.dedent(one["block"]) if one["block"] else one["line"] for one in found]


def _program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    program = str(beside) if beside.exists() else shutil.which(name)
    if program is None:
        pytest.skip(f"not installed: {name}")
    return program


def test_every_step_that_runs_something_is_read() -> None:
    written = sum(len(re.findall(r"^ +(?:- )?run: ", one.read_text("utf-8"), re.MULTILINE)) for one in WORKFLOWS)

    assert sum(len(_scripts(one)) for one in WORKFLOWS) == written
    assert written > 8


@by_name
def test_github_would_accept_the_workflow(workflow: Path) -> None:
    argv = [_program("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(workflow)]

    done = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@by_name
def test_the_workflow_gives_nobody_more_rights_than_it_needs(workflow: Path) -> None:
    argv = [_program("zizmor"), "--offline", "--no-progress", "--no-config", str(workflow)]

    done = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@by_name
def test_every_action_is_pinned_to_a_commit_and_says_which_release_that_is(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text(encoding="utf-8"))

    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_both_workflows_pin_an_action_to_one_commit() -> None:
    used = {one for path in WORKFLOWS for one in re.findall(r"uses: (\S+)@(\S+)", path.read_text(encoding="utf-8"))}

    assert len({name for name, _ in used}) == len(used)


@by_name
def test_every_command_of_the_tracker_that_a_workflow_runs_is_one(workflow: Path) -> None:
    lines = [line.strip() for script in _scripts(workflow) for line in script.splitlines()]
    commands = [line.split()[1] for line in lines if line.startswith("tracker ")]

    assert [one for one in commands if one not in COMMANDS] == []
    assert workflow != WINDOWS or {"init", "doctor", "up"} <= set(commands)


@by_name
def test_every_path_of_the_project_that_a_workflow_names_is_there(workflow: Path) -> None:
    named = re.findall(r"\"(tests/[\w./]+)\"|(\.ci/\w+|constraints\.txt)", "\n".join(_scripts(workflow)))

    assert [path for path in (one or other for one, other in named) if not (ROOT / path).exists()] == []
    assert named


def test_the_settings_that_the_workflow_changes_are_as_init_writes_them(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tracker", "init", "--profile", "windows-containers", str(tmp_path)]
    subprocess.run(argv, cwd=ROOT, check=True, capture_output=True)
    (pattern,) = re.findall(r'-replace "(.+?)", "budget_jobs = 4"', WINDOWS.read_text(encoding="utf-8"))

    written, count = re.subn(pattern, "budget_jobs = 4", (tmp_path / "tracker.toml").read_text(encoding="utf-8"))

    assert count == 1
    assert "[smoke]" in written


def test_every_script_for_powershell_can_be_parsed() -> None:
    grammars = pytest.importorskip("tree_sitter_language_pack", reason="not installed: tree-sitter-language-pack")
    try:
        parser = grammars.get_parser("powershell")
    except Exception as error:  # noqa: BLE001 - versions that fetch grammars raise errors of their own
        pytest.skip(f"this tree-sitter-language-pack brings no grammar of PowerShell: {error}")
    scripts = _scripts(WINDOWS)

    # Of what PowerShell accepts the grammar lacks a little: a list of arguments with commas, for one.
    assert parser.parse(b"if ($x { }").root_node.has_error
    assert [one for one in scripts if parser.parse(one.encode()).root_node.has_error] == []


def test_github_would_accept_the_action_and_it_quotes_what_it_is_given() -> None:
    argv = [_program("check-jsonschema"), "--builtin-schema", "vendor.github-actions", str(ROOT / "action.yml")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr

    argv = [_program("zizmor"), "--offline", "--no-progress", "--no-config", str(ROOT / "action.yml")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hook_for_pre_commit_runs_a_command_that_is_there() -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")

    assert re.search(r"^  entry: tracker check --fail-on broken$", hook, re.MULTILINE)
    assert re.search(r"^  language: python$", hook, re.MULTILINE)
