"""What a killed process left in a home goes; what a living one is using stays."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tracker.smoke.leftovers import owner, scratch_directory, tidy_home


@pytest.fixture
def gone() -> int:
    """Return the id of a process that is not there any more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_directories_and_parts_of_processes_that_are_gone_are_removed(tmp_path: Path, gone: int) -> None:
    digest = "a" * 64
    staged = tmp_path / "prefixes" / ".staging"
    left = [
        staged / "abc",
        tmp_path / "scratch" / f"{gone}-1",
        tmp_path / "scratch" / f"{psutil.Process().pid}-1",  # of another one that had our id
    ]
    kept = [tmp_path / "scratch" / owner(), tmp_path / "prefixes" / "tool" / "1.0-abc"]
    for path in (*left, *kept):
        (path / "inside").mkdir(parents=True)
    cache = tmp_path / "cache" / "sha256" / "aa"
    cache.mkdir(parents=True)
    left += [cache / f"{digest}.{gone}", cache / f"{digest}.{gone}.part", cache / f"blob.{gone}.17.part"]
    left += [tmp_path / ".verdicts.sqlite.new"]
    kept += [cache / digest, cache / f"{digest}.{psutil.Process().pid}"]
    for path in (*left[3:], *kept[2:]):
        path.write_bytes(b"x")

    tidy_home(tmp_path)

    assert [path for path in left if path.exists()] == []
    assert [path for path in kept if not path.exists()] == []


def test_temporary_files_of_a_pass_lie_in_its_home_and_go_with_it(tmp_path: Path) -> None:
    before = tempfile.gettempdir()

    with scratch_directory(tmp_path), tempfile.NamedTemporaryFile() as file:
        assert Path(file.name).is_relative_to(tmp_path / "scratch" / owner())

    assert tempfile.gettempdir() == before
    assert list((tmp_path / "scratch").iterdir()) == []
