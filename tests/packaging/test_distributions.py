"""The wheel, an editable installation and a bare checkout all hold and run the same."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

import tracker

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (
    *("init", "up", "poll", "plan", "smoke", "matrix", "releases", "changes", "runs", "why"),
    *("check", "recipe", "site", "status", "doctor", "daemon"),
)
LOOK_AROUND = """
import json
from importlib.metadata import version
import tracker
from tracker.bundle import migrations_dir, site_dir
from tracker.registry import build_registry
registry = build_registry()
print(json.dumps({
    "version": version("tracker"),
    "package": tracker.__file__,
    "plugins": registry.plugins,
    "problems": [f"{one.plugin}: {one.reason}" for one in registry.problems],
    "migrations": (migrations_dir() / "env.py").is_file(),
    "site": any(path.is_file() for path in site_dir().rglob("*")),
}))
"""


def _run(*argv: str | Path, cwd: Path) -> str:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(params=["wheel", "editable"])
def programs(request: pytest.FixtureRequest) -> Path:
    """Return the programs of each kind of installation."""
    directory: Path = request.getfixturevalue(f"{request.param}_programs")
    return directory


def _files(root: Path, *tops: str) -> set[str]:
    paths = (path for top in tops for path in (root / top).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix() for path in paths if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file_of_the_product_and_nothing_else(
    distributions: tuple[Path, Path], clean_copy: Path
) -> None:
    inside = {f"tracker/{name}" for name in _files(clean_copy, "plugins", "migrations", "site")}

    with zipfile.ZipFile(distributions[1]) as wheel:
        shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert shipped == _files(clean_copy, "tracker") | inside
    assert "tracker/py.typed" in shipped
    assert "tracker/migrations/env.py" in shipped


def test_the_wheel_says_under_which_licence_it_is_and_brings_its_text(distributions: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(distributions[1]) as wheel:
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        text = wheel.read(metadata).decode()
        licences = [name for name in wheel.namelist() if name.endswith("/licenses/LICENSE")]

    assert "License-Expression: Apache-2.0\n" in text
    assert len(licences) == 1


def test_the_sdist_holds_what_the_wheel_is_built_from(distributions: tuple[Path, Path], clean_copy: Path) -> None:
    with tarfile.open(distributions[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}

    assert _files(clean_copy, "tracker", "plugins", "migrations", "site") <= names
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_an_installation_tells_its_version_and_its_commands(programs: Path, tmp_path: Path) -> None:
    said = _run(programs / "tracker", "--help", cwd=tmp_path)

    assert _run(programs / "tracker", "--version", cwd=tmp_path) == f"tracker {tracker.__version__}\n"
    assert [command for command in COMMANDS if f" {command} " not in said] == []


@pytest.mark.parametrize("place", ["elsewhere", "in the checkout"])
def test_an_installation_finds_plugins_migrations_and_site(
    programs: Path, place: str, clean_copy: Path, tmp_path: Path
) -> None:
    cwd = clean_copy if place == "in the checkout" else tmp_path

    found = json.loads(_run(programs / "python", "-c", LOOK_AROUND, cwd=cwd))

    assert found["version"] == tracker.__version__
    assert found["problems"] == []
    assert {name.partition(".")[0] for name in found["plugins"]} == {
        "archives",
        "debian",
        "git",
        "github",
        "linux_containers",
        "oci",
        "python_packages",
        "url",
        "versions",
        "windows_containers",
        "wine",
    }
    assert found["migrations"]
    assert found["site"]


def test_elsewhere_the_wheel_needs_no_checkout(wheel_programs: Path, clean_copy: Path, tmp_path: Path) -> None:
    found = json.loads(_run(wheel_programs / "python", "-c", LOOK_AROUND, cwd=tmp_path))

    assert not found["package"].startswith(str(clean_copy))


def test_a_bare_checkout_runs_without_any_installation(clean_copy: Path) -> None:
    said = _run(sys.executable, "-m", "tracker", "--version", cwd=clean_copy)

    assert said == f"tracker {tracker.__version__}\n"


def test_a_new_plugin_in_an_editable_installation_needs_no_reinstallation(
    editable_programs: Path, clean_copy: Path, tmp_path: Path
) -> None:
    new = clean_copy / "plugins" / "zz_new"
    new.mkdir()
    try:
        (new / "__init__.py").write_text(
            "from tracker.api import hookimpl\n@hookimpl\ndef tracker_sources():\n    return []\n", encoding="utf-8"
        )

        found = json.loads(_run(editable_programs / "python", "-c", LOOK_AROUND, cwd=tmp_path))
    finally:
        for path in (*new.rglob("*.pyc"), new / "__init__.py"):
            path.unlink()
        for directory in (*new.iterdir(), new):
            directory.rmdir()

    assert "zz_new" in found["plugins"]


def test_no_top_level_package_but_tracker_is_installed(programs: Path, tmp_path: Path) -> None:
    code = "import importlib.util as u; print([n for n in ('plugins', 'migrations', 'tests') if u.find_spec(n)])"

    assert _run(programs / "python", "-c", code, cwd=tmp_path) == "[]\n"
