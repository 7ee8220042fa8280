"""The real project installs from a folder of wheels, filled as bootstrap.py and the README say, without any index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def _another_python() -> str:
    """Return the distribution's own interpreter where the tests run in a newer one, else this one."""
    return "/usr/bin/python3.11" if Path("/usr/bin/python3.11").exists() else sys.executable


@pytest.mark.timeout(600)
def test_the_real_project_installs_from_a_folder_of_wheels_without_any_index(clean_copy: Path, tmp_path: Path) -> None:
    root, wheels = tmp_path / "checkout", tmp_path / "wheels"
    shutil.copytree(clean_copy, root)
    python = _another_python()
    fetch: list[str | Path] = [
        python,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--wheel-dir",
        wheels,
        "--requirement",
        "constraints.txt",
    ]
    fetched = subprocess.run(fetch, cwd=root, capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"no package index is reachable: {fetched.stderr.strip().splitlines()[-1]}")
    closed = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull}
    command: list[str | Path] = [python, root / "bootstrap.py", "--wheels", wheels]

    first = subprocess.run([*command, "--version"], env=closed, capture_output=True, text=True, check=False)
    tests = subprocess.run([*command, "test", "--version"], env=closed, capture_output=True, text=True, check=False)
    again = subprocess.run([*command, "--version"], env=closed, capture_output=True, text=True, check=False)

    assert first.stdout.startswith("tracker "), first.stderr
    assert tests.stdout.startswith("pytest "), tests.stderr
    assert again.stdout == first.stdout
    assert again.stderr == ""
