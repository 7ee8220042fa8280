"""Directories are removed with all that is in them, and with patience where somebody still holds a file."""

from __future__ import annotations

import shutil
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from tracker.smoke import sweep
from tracker.smoke.removal import extended, remove_tree
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Callable


def _tree(directory: Path) -> Path:
    inner = directory / "tree" / "ä b" / ("x" * 200)
    inner.mkdir(parents=True)
    (inner / "file").write_text("content", encoding="utf-8")
    (inner / "read-only").write_text("content", encoding="utf-8")
    (inner / "read-only").chmod(0o400)
    return directory / "tree"


def test_all_of_a_tree_is_removed_and_links_are_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    tree = _tree(tmp_path)
    (tree / "link").symlink_to(kept)

    assert remove_tree(tree) == []
    assert not tree.exists()
    assert (kept / "file").exists()


def test_what_is_not_there_is_removed_already(tmp_path: Path) -> None:
    assert remove_tree(tmp_path / "nothing") == []


def _held(monkeypatch: pytest.MonkeyPatch, refusals: int) -> list[str]:
    """Let the system refuse to remove files so many times, as Windows does while a scanner holds them."""
    tries: list[str] = []
    real: Callable[..., None] = shutil.rmtree

    def refuse(place: str, **options: object) -> None:
        tries.append(place)
        if len(tries) <= refusals:
            raise PermissionError(13, "held by another program", place)
        real(place, **options)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    return tries


def test_a_file_that_is_held_for_a_moment_is_removed_after_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    tries = _held(monkeypatch, 3)

    assert remove_tree(tree, patience_seconds=30) == []
    assert len(tries) == 4
    assert not tree.exists()


def test_a_file_that_stays_held_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    _held(monkeypatch, 1000)

    (problem,) = remove_tree(tree, patience_seconds=0.2)

    assert "held by another program" in problem
    assert str(tree) in problem


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (r"C:\runs\1", "\\\\?\\C:\\runs\\1"),
        (r"\\server\share\runs", "\\\\?\\UNC\\server\\share\\runs"),
        ("\\\\?\\C:\\runs", "\\\\?\\C:\\runs"),
    ],
)
def test_paths_are_named_so_that_windows_takes_long_ones(path: str, form: str) -> None:
    assert extended(PureWindowsPath(path)) == form


def test_of_a_run_its_lock_goes_last_and_is_open_nowhere_then(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    runs = RunDirs(tmp_path / "runs")
    run = runs.create()
    (run.workspace / "file").touch()
    path = run.workspace.parent
    seen: list[tuple[Path, bool]] = []

    def look(place: Path) -> list[str]:
        held = [link for link in Path("/proc/self/fd").iterdir() if _target(link) == str(path / "lock")]
        seen.append((place, bool(held)))
        return remove_tree(place)

    monkeypatch.setattr(sweep, "remove_tree", look)

    assert run.remove() == ()
    assert seen == [(path / "work", True), (path, False)]
    assert not path.exists()


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # the descriptor by which the directory is read
        return ""
