"""A third party's distribution, built and installed as its author would, without any package index."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

# Its tests are the author's: they run in the environment that it is installed into.
collect_ignore = ["kettles"]
KETTLES = Path(__file__).parent / "kettles"
KETTLE = """#!/bin/sh
case "$1" in
  --version) echo "kettle {version}" ;;
  {waters}) echo "boiled $1 water" ;;
  *) echo "kettle: scale from $1 water" >&2; exit 1 ;;
esac
"""
WATERS = {"1.0.0": "soft", "2.0.0": "hard|soft"}


@dataclass(frozen=True)
class Installed:
    """An environment with the tracker and the distribution, and the source tree that it was built from."""

    python: Path
    source: Path

    def run(self, *argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        # -P: what is installed counts, and not what lies in the working directory.
        words = [str(self.python), "-P", "-m", *argv]
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
        return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False, env=environ)


@pytest.fixture(scope="session")
def installed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return where it is installed; what it depends on is borrowed from the tests' own environment."""
    source = tmp_path_factory.mktemp("author") / "kettles"
    shutil.copytree(KETTLES, source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    venv = tmp_path_factory.mktemp("venv")
    _run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", venv / "dist", source, cwd=source)
    (wheel,) = (venv / "dist").glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv)
    python = venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python)
    _run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=venv)
    purelib = sysconfig.get_path("purelib", vars={"base": str(venv)})
    Path(purelib, "borrowed.pth").write_text(f"{repository}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return Installed(python=python, source=source)


@pytest.fixture
def shelf(httpserver: HTTPServer) -> str:
    """Return the address of a shelf with two kettles, of which the older one does not bear hard water."""
    told = []
    for version, waters in WATERS.items():
        content = _archive(KETTLE.format(version=version, waters=waters).encode())
        name = f"kettle-{version}.tar.gz"
        told.append({"version": version, "file": name, "sha256": hashlib.sha256(content).hexdigest()})
        httpserver.expect_request(f"/{name}").respond_with_data(content)
    httpserver.expect_request("/shelf.json").respond_with_json({"kettles": told})
    return httpserver.url_for("/shelf.json")


def _archive(program: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("bin/kettle")
        info.size, info.mode = len(program), 0o755
        archive.addfile(info, io.BytesIO(program))
    return out.getvalue()


def _run(*argv: str | Path, cwd: Path) -> None:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
