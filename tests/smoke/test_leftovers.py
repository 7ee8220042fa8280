"""What a killed process left in a home goes; what a living one is using stays."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tracker.smoke.artifacts import ArtifactCache
from tracker.smoke.leftovers import owner, scratch_directory, tidy_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.http import Client
    from tracker.model import Asset


@pytest.fixture
def gone() -> int:
    """Return the id of a process that is not there any more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_directories_and_parts_of_processes_that_are_gone_are_removed(tmp_path: Path, gone: int) -> None:
    digest = "a" * 64
    left = [
        tmp_path / "prefixes" / "tool" / f".staging-{gone}-1-abc",
        tmp_path / "prefixes" / "tool" / ".broken-old",
        tmp_path / "scratch" / f"{gone}-1",
        tmp_path / "prefixes" / "tool" / f".staging-{psutil.Process().pid}-1-abc",  # another one that had our id
    ]
    kept = [tmp_path / "prefixes" / "tool" / f".staging-{owner()}-abc", tmp_path / "prefixes" / "tool" / "1.0-abc"]
    for path in (*left, *kept):
        (path / "inside").mkdir(parents=True)
    cache = tmp_path / "cache" / "sha256" / "aa"
    cache.mkdir(parents=True)
    left += [cache / f"{digest}.{gone}", cache / f"blob.{gone}.17.part", tmp_path / ".verdicts.sqlite.new"]
    kept += [cache / digest, cache / f"{digest}.{psutil.Process().pid}", cache / f"{digest}.{gone}.part"]
    for path in (*left[4:], *kept[2:]):
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


def test_a_download_of_a_process_that_is_gone_goes_on(
    tmp_path: Path, http: Client, asset_of: Callable[..., Asset], gone: int
) -> None:
    whole = tmp_path / "tool"
    whole.write_bytes(b"0123456789" * 1000)
    asset = asset_of(whole)
    cache = ArtifactCache(tmp_path / "cache", http)
    digest = str(asset.digest).removeprefix("sha256:")
    place = tmp_path / "cache" / "sha256" / digest[:2] / digest
    place.parent.mkdir(parents=True)
    place.with_name(f"{digest}.{gone}.part").write_bytes(whole.read_bytes()[:4000])

    assert cache.fetch(asset).read_bytes() == whole.read_bytes()
    assert [one.name for one in place.parent.iterdir()] == [digest]
