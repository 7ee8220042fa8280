"""Built distributions and fresh virtual environments, all without any package index."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_IGNORED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "tracker-data", "node_modules")


def _run(*argv: str | Path, cwd: Path) -> str:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def clean_copy(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout without anything that building or testing left in it."""
    copy = tmp_path_factory.mktemp("clean") / "checkout"
    shutil.copytree(repository, copy, ignore=_IGNORED)
    return copy


@pytest.fixture(scope="session")
def distributions(clean_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the sdist, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, clean_copy, cwd=out)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="session")
def editable_wheel(clean_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that an editable installation of the clean copy consists of (PEP 660)."""
    out = tmp_path_factory.mktemp("editable")
    code = "import build, sys; print(build.ProjectBuilder(sys.argv[1]).build('editable', sys.argv[2]))"
    _run(sys.executable, "-c", code, clean_copy, out, cwd=out)
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def install_into_new_venv(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Return how to install one wheel into a new virtual environment; its directory of programs is returned.

    What the wheel depends on is borrowed from the tests' own environment, whose .pth files (an editable tracker
    among them) have no effect there.
    """

    def install(wheel: Path) -> Path:
        venv = tmp_path_factory.mktemp("venv")
        _run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv)
        programs = venv / ("Scripts" if sys.platform == "win32" else "bin")
        pip = (sys.executable, "-m", "pip", "--python", programs / "python")
        _run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=venv)
        purelib = sysconfig.get_path("purelib", vars={"base": str(venv)})
        Path(purelib, "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        return programs

    return install


@pytest.fixture(scope="session")
def wheel_programs(distributions: tuple[Path, Path], install_into_new_venv: Callable[[Path], Path]) -> Path:
    """Return the programs of a virtual environment with the wheel installed."""
    return install_into_new_venv(distributions[1])


@pytest.fixture(scope="session")
def editable_programs(editable_wheel: Path, install_into_new_venv: Callable[[Path], Path]) -> Path:
    """Return the programs of a virtual environment with the clean copy installed editable."""
    return install_into_new_venv(editable_wheel)
