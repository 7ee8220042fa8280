"""bootstrap.py beside a small project that builds itself, with a folder of wheels and no package index."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
BACKEND = Path(__file__).parent / "small_project" / "backend.py"
IS_WINDOWS = sys.platform == "win32"
WHEELS = ("needed=needed", "pytest=pytest", "ruff=ruff", "mypy=mypy", "import-linter=lint-imports")
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tracker"
dependencies = ["needed>=1; python_version > '3'"]

[dependency-groups]
test = ["pytest"]
lint = ["ruff", "mypy", "import-linter"]
"""


class Checkout:
    """A small project with bootstrap.py in it."""

    def __init__(self, root: Path, wheels: Path) -> None:
        self.root = root
        self.wheels = wheels
        self.venv = root / ".venv"
        self.programs = self.venv / ("Scripts" if IS_WINDOWS else "bin")
        self.stamp = self.venv / "bootstrap-stamp.json"

    def call(
        self, *arguments: str | Path, python: str = sys.executable, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Call bootstrap.py from another directory; pip can reach nothing but what it is told."""
        closed = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, **environment}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        return subprocess.run(
            [python, self.root / "bootstrap.py", *arguments],
            cwd=self.root.parent,
            env={**kept, **closed},
            capture_output=True,
            text=True,
            check=False,
        )

    def set_up(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call it with the folder of wheels."""
        return self.call("--wheels", self.wheels, *(arguments or ("up",)))


def said(done: subprocess.CompletedProcess[str]) -> Any:  # noqa: ANN401 - whatever the program told
    """Return what the program that was run told of how it was called."""
    return json.loads(done.stdout)


def new_checkout(directory: Path) -> Checkout:
    """Return a checkout in which nothing is set up."""
    root, wheels = directory / "check out", directory / "wheels"
    root.mkdir()
    wheels.mkdir()
    shutil.copy(ROOT / "bootstrap.py", root)
    shutil.copy(BACKEND, root)
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "constraints.txt").write_text("needed==1.0\n", encoding="utf-8")
    subprocess.run([sys.executable, BACKEND, wheels, *WHEELS], check=True)
    return Checkout(root, wheels)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a checkout in which nothing is set up."""
    return new_checkout(tmp_path)


@pytest.fixture(scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return new_checkout(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def ready(_shared: Checkout) -> Checkout:
    """Return a checkout in which everything is set up, whatever the test before did to it."""
    for command in ("lint", "test"):
        assert _shared.set_up(command).returncode == 0
    return _shared


def test_the_first_call_sets_up_and_runs_the_tracker_with_its_arguments_and_exit_code(checkout: Checkout) -> None:
    done = checkout.set_up("check", "containerd=1.7.24", "--json")

    assert said(done) == ["tracker", str(checkout.root.parent), "check", "containerd=1.7.24", "--json"]
    assert done.returncode == 7
    assert any(checkout.programs.glob("needed*"))
    assert not any(checkout.programs.glob("ruff*"))


def test_a_second_call_installs_nothing_and_needs_no_wheels(ready: Checkout) -> None:
    before = ready.stamp.stat().st_mtime_ns

    done = ready.call("up")

    assert done.stderr == ""
    assert said(done)[0] == "tracker"
    assert ready.stamp.stat().st_mtime_ns == before


def test_test_passes_its_arguments_to_pytest_in_the_checkout(ready: Checkout) -> None:
    done = ready.call("test", "-k", "some thing")

    assert said(done) == ["pytest", str(ready.root), "-k", "some thing"]
    assert done.returncode == 0


def test_lint_runs_all_four_checks_in_the_checkout(ready: Checkout) -> None:
    done = ready.call("lint")

    root = str(ready.root)
    assert [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")] == [
        ["ruff", root, "check", "."],
        ["ruff", root, "format", "--check", "."],
        ["mypy", root],
        ["lint-imports", root],
    ]
    assert done.stdout.endswith("lint: all clean\n")
    assert done.returncode == 0


def test_lint_goes_on_after_a_failure_and_tells_what_failed(checkout: Checkout) -> None:
    subprocess.run([sys.executable, BACKEND, checkout.wheels, "mypy=mypy=1"], check=True)

    done = checkout.set_up("lint")

    assert done.stdout.endswith("lint: failed: mypy\n")
    assert '["lint-imports"' in done.stdout
    assert done.returncode == 1


def test_the_folder_of_wheels_can_come_from_the_environment_beside_a_setting_that_pip_refuses_here(
    checkout: Checkout,
) -> None:
    done = checkout.call("up", TRACKER_WHEELS=str(checkout.wheels), PIP_USER="1")

    assert said(done)[0] == "tracker"


def test_pips_own_configuration_says_where_packages_come_from(checkout: Checkout) -> None:
    done = checkout.call("up", PIP_FIND_LINKS=str(checkout.wheels))

    assert said(done)[0] == "tracker"


def test_a_new_dependency_is_installed_at_the_next_call_and_the_tools_stay(ready: Checkout) -> None:
    subprocess.run([sys.executable, BACKEND, ready.wheels, "added=added"], check=True)
    changed = PYPROJECT.replace("dependencies = [", 'dependencies = ["added", ')
    (ready.root / "pyproject.toml").write_text(changed, encoding="utf-8")

    done = ready.set_up()

    assert "making .venv" not in done.stderr
    assert said(done)[0] == "tracker"
    assert any(ready.programs.glob("added*"))
    assert ready.call("test").stderr == ""


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda one: one.stamp.unlink(), id="killed before it was finished"),
        pytest.param(lambda one: shutil.copy(one.root / "pyproject.toml", one.stamp), id="another stamp"),
        pytest.param(lambda one: shutil.rmtree(one.programs), id="programs gone"),
        pytest.param(lambda one: shutil.rmtree(next(one.venv.rglob("needed-*.dist-info"))), id="package gone"),
    ],
)
def test_a_damaged_environment_is_made_anew(ready: Checkout, damage: Callable[[Checkout], object]) -> None:
    damage(ready)

    done = ready.set_up()

    assert "making .venv" in done.stderr
    assert said(done)[0] == "tracker"
    assert ready.call("up").stderr == ""


@pytest.mark.skipif(IS_WINDOWS, reason="on Windows a running interpreter cannot be deleted")
def test_the_environments_own_interpreter_can_make_it_anew(ready: Checkout) -> None:
    ready.stamp.unlink()

    done = ready.call("--wheels", ready.wheels, "up", python=str(ready.programs / "python"))

    assert said(done)[0] == "tracker"


@pytest.mark.skipif(IS_WINDOWS, reason="only POSIX keeps two calls apart")
def test_two_first_calls_at_once_both_succeed(checkout: Checkout) -> None:
    command: list[str | Path] = [sys.executable, checkout.root / "bootstrap.py", "--wheels", checkout.wheels, "up"]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [child.communicate() for child in both]

    assert [json.loads(out)[0] for out, _ in ended] == ["tracker", "tracker"]
    assert sorted(bool(err) for _, err in ended) == [False, True]


def test_a_failing_pip_is_shown_with_a_hint_and_no_traceback_and_the_next_call_starts_anew(checkout: Checkout) -> None:
    (checkout.wheels / "needed-1.0-py3-none-any.whl").unlink()

    failed = checkout.set_up()

    assert failed.returncode == 3
    assert "The user requested needed>=1" in failed.stderr
    assert f"{checkout.wheels} may lack a wheel" in failed.stderr
    assert "Traceback" not in failed.stderr
    subprocess.run([sys.executable, BACKEND, checkout.wheels, *WHEELS], check=True)
    assert said(checkout.set_up())[0] == "tracker"


def test_without_an_index_the_hint_names_the_folder_of_wheels(checkout: Checkout) -> None:
    failed = checkout.call("up")

    assert failed.returncode == 3
    assert "pip config list" in failed.stderr
    assert "--help" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--wheels"], "--wheels needs a folder", id="no folder named"),
        pytest.param(["--wheels", "nowhere", "up"], "no such folder", id="no such folder"),
        pytest.param(["lint", "tracker"], "lint takes no arguments", id="argument for lint"),
        pytest.param([], "python3 bootstrap.py up", id="nothing asked"),
    ],
)
def test_a_wrong_call_is_explained_and_sets_nothing_up(checkout: Checkout, arguments: list[str], message: str) -> None:
    done = checkout.call(*arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert not checkout.venv.exists()


def test_help_is_the_files_own_text(checkout: Checkout) -> None:
    done = checkout.call("--help")

    assert done.returncode == 0
    assert "python3 bootstrap.py test [ARGUMENTS]" in done.stdout


@pytest.mark.parametrize(
    ("before", "message", "exit_code"),
    [
        pytest.param("sys.version_info = (3, 9, 2)", "Python 3.11 or newer is needed", 2, id="old Python"),
        pytest.param("sys.modules['ensurepip'] = None", "apt-get install python3-venv", 3, id="no ensurepip"),
        pytest.param("sys.modules['venv'] = None", "lacks the module venv", 3, id="no venv"),
    ],
)
def test_an_unfit_python_is_told_what_it_lacks(checkout: Checkout, before: str, message: str, exit_code: int) -> None:
    path = checkout.root / "bootstrap.py"
    run = f"sys.argv = ['bootstrap.py', 'up']; runpy.run_path({str(path)!r}, None, '__main__')"
    code = f"import runpy, sys; {before}; {run}"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == exit_code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
