"""Files of a home that are damaged on the disk: told, kept aside, and made good by the next pass."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.conftest import Box

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")


def _finished(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id, outcome, finished_at FROM runs WHERE state = 'finished'").fetchall()


def _overwrite_the_middle(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb+") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (size - 8192))


def _cut_in_half(path: Path) -> None:
    with path.open("rb+") as stream:
        stream.truncate(path.stat().st_size // 2 + 100)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_overwrite_the_middle, id="overwritten"),
        pytest.param(_cut_in_half, id="cut off"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.write_bytes(b"no database at all" * 1000), id="replaced by a text"),
        pytest.param(lambda path: path.unlink(), id="gone"),
    ],
)
def test_a_damaged_store_is_kept_aside_and_the_last_copy_takes_its_place(
    box: Box, damage: Callable[[Path], object]
) -> None:
    runs, was = _finished(box.store), box.store.exists()
    damage(box.store)
    is_there = box.store.exists()

    mended = box("up")
    again = box("up")

    assert was
    assert mended.code == 3, mended.said
    assert "was damaged" in mended.said
    assert "took its place" in mended.said
    assert _finished(box.store) == runs
    assert bool(list(box.home.glob("damaged-*/tracker.sqlite"))) == is_there
    assert again.code == 0, again.said
    assert "runs: none needed" in again.said


def test_what_a_damaged_store_held_beyond_its_last_copy_is_told(box: Box) -> None:
    assert box("smoke", "greet=2.0", "language=de").code == 0
    with closing(sqlite3.connect(box.store)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'step_logs'").fetchone()
        (page,) = connection.execute("PRAGMA page_size").fetchone()
    with box.store.open("rb+") as stream:
        stream.seek((root - 1) * page)
        stream.write(b"\xff" * page)

    mended = box("up")

    assert mended.code == 3
    assert "1 finished runs" in mended.said, mended.said


def test_commands_that_only_read_say_how_a_damaged_store_is_mended(box: Box) -> None:
    _overwrite_the_middle(box.store)

    read = box("runs")

    assert read.code == 3
    assert "`tracker up` keeps it aside" in read.said


def test_a_damaged_copy_is_passed_over_for_an_older_one(box: Box) -> None:
    assert box("smoke", "greet=2.0", "language=de").code == 0
    assert box("up").code == 0
    first, second = sorted((box.home / "backups").iterdir())
    _overwrite_the_middle(second)
    _overwrite_the_middle(box.store)

    assert box("up").code == 3

    assert len(_finished(box.store)) == len(_finished(first))


def test_copies_are_few_and_made_only_where_something_changed(box: Box) -> None:
    assert box("up").code == 0
    assert len(list((box.home / "backups").iterdir())) == 1

    for _ in range(3):
        assert box("smoke", "greet=2.0", "language=de").code == 0
        assert box("up").code == 0

    assert [one.name[:6] for one in sorted((box.home / "backups").iterdir())] == ["000002", "000003", "000004"]


@pytest.mark.parametrize("damage", [_overwrite_the_middle, _cut_in_half, lambda path: path.write_bytes(b"x" * 9000)])
def test_damaged_verdicts_are_told_and_made_anew(box: Box, damage: Callable[[Path], object]) -> None:
    verdicts = box.home / "verdicts.sqlite"
    whole = verdicts.read_bytes()
    damage(verdicts)

    asked = box("check", "greet=2.0", "language=de")
    assert box("up").code == 0

    assert asked.code == 3, asked.said
    assert verdicts.read_bytes() == whole
    assert box("check", "greet=2.0", "language=de").code == 0


def test_a_damaged_cache_of_answers_is_started_anew(box: Box) -> None:
    cache = box.home / "cache" / "http.sqlite"
    _overwrite_the_middle(cache)

    assert box("up").code == 0

    with closing(sqlite3.connect(cache)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_damaged_downloads_and_programs_are_fetched_and_installed_again(box: Box) -> None:
    for path in (box.home / "cache" / "sha256").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-100])
    for path in (box.home / "prefixes").rglob("greet"):
        if path.is_file():
            path.write_bytes(b"#!/bin/sh\n")

    again = box("smoke", "greet=2.0", "language=de")

    assert again.code == 0, again.said


def test_a_bad_byte_within_a_text_is_damage_too(box: Box) -> None:
    with closing(sqlite3.connect(box.store)) as connection, connection:
        connection.execute("UPDATE steps SET reason = CAST(X'67FF67' AS TEXT)")

    mended = box("up")

    assert mended.code == 3
    assert "took its place" in mended.said
    assert box("up").code == 0
