"""Days on which the host fails: a clear exit, nothing held against the software, and all is well once it is over."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import Box

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")

_READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
_SMALL_DISK = """
set -eu
mkfs.ext4 -q -F "$1" && mount -o loop "$1" "$2" && shift 2
exec "$@"
"""
_FULL_AND_FREE = """
import pathlib, subprocess, sys

disk, words = pathlib.Path(sys.argv[1]), [sys.executable, "-m", "tracker"]

def up():
    done = subprocess.run([*words, "up"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(f"exit {done.returncode}", done.stdout, sep="\\n", flush=True)

def fill(leave):
    with open(disk / "filler", "wb") as file:
        try:
            while True:
                file.write(b"x" * (1 << 20))
                file.flush()
        except OSError:
            file.truncate(max(0, file.tell() - leave))

for leave in (0, 8 << 20):
    fill(leave)
    up()
(disk / "filler").unlink()
up()
up()
"""


def _outcomes(store: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute("SELECT state, outcome FROM runs ORDER BY id").fetchall()


@pytest.mark.machine
def test_a_full_disk_is_told_and_the_pass_is_made_once_there_is_room(box: Box, tmp_path: Path) -> None:
    image, disk = tmp_path / "disk.img", tmp_path / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(128 << 20)
    settings = box.directory / "tracker.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'{before}\n[paths]\nhome = "{disk}/home"\n', encoding="utf-8")
    namespace = ("unshare", "--mount", "--propagation", "private", "sh", "-c", _SMALL_DISK, "sh", image, disk)
    try:
        done = subprocess.run(
            [*namespace, sys.executable, "-c", _FULL_AND_FREE, disk],
            cwd=box.directory,
            env=dict(box.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=250,
        )
    finally:
        settings.write_text(before, encoding="utf-8")

    assert "Traceback" not in done.stdout, done.stdout
    full, tight, whole, again = done.stdout.split("exit ")[1:]
    assert full.startswith("3"), done.stdout
    assert "is full" in full or "Make room" in full, full
    assert tight.startswith("3"), tight
    assert "a pass needs" in tight
    assert whole.startswith("0"), whole
    assert "ERROR" not in whole
    assert again.startswith("0")
    assert "none needed" in again
    assert not [
        line for line in subprocess.check_output(["losetup", "-a"], text=True).splitlines() if str(image) in line
    ]


@pytest.mark.machine
def test_a_home_that_cannot_be_written_is_told_and_can_still_be_asked(box: Box) -> None:
    namespace = ("unshare", "--mount", "--propagation", "private", "sh", "-c", _READ_ONLY, "sh", str(box.home))

    refused = box.under(namespace, "up")
    asked = box.under(namespace, "check", "greet=2.0", "language=de")

    assert refused.code == 3, refused.said
    assert "cannot be written" in refused.said
    assert asked.code == 0, asked.said
    assert box("up").code == 0


def test_a_locked_store_is_told_and_nothing_is_repeated_afterwards(box: Box) -> None:
    before = _outcomes(box.store)
    with closing(sqlite3.connect(box.store, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").close()
        connection.execute("BEGIN EXCLUSIVE").close()
        connection.execute("UPDATE alembic_version SET version_num = version_num").close()
        locked = box("up")

    assert locked.code == 3, locked.said
    assert "locked by another process" in locked.said
    assert box("up").code == 0
    assert _outcomes(box.store) == before


def test_of_two_passes_at_once_one_works_and_the_other_says_so(box: Box) -> None:
    shutil.rmtree(box.home)
    command = [sys.executable, "-m", "tracker", "up"]
    both = [
        subprocess.Popen(
            command,
            cwd=box.directory,
            env=dict(box.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]

    said = [one.communicate(timeout=200)[0] for one in both]

    codes = sorted(one.returncode for one in both)
    assert codes in ([0, 3], [0, 0]), said  # the second may come when the first one is done
    assert codes == [0, 0] or any("another tracker is at work" in one for one in said)
    assert {state for state, _ in _outcomes(box.store)} == {"finished"}
    assert box("up").code == 0


@pytest.mark.parametrize("days", [-4000, 400], ids=["years back", "a year ahead"])
def test_a_clock_that_jumps_and_is_set_right_again_harms_nothing(box: Box, days: int) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    then = datetime.now(UTC) + timedelta(days=days)
    before = _outcomes(box.store)

    wrong = box.under(("env", "TZ=UTC", "faketime", "-f", f"@{then:%Y-%m-%d %H:%M:%S}"), "up")
    right = box("up")
    again = box("up")

    assert wrong.code in {0, 3}, wrong.said
    assert (right.code, again.code) == (0, 0), right.said + again.said
    assert "none needed" in again.said
    assert {outcome for _, outcome in _outcomes(box.store)} == {outcome for _, outcome in before}
    assert box("check", "greet=2.0", "language=de").code == 0


def test_an_error_that_a_wrong_clock_dated_years_ahead_is_tried_again(box: Box) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3000)
    with closing(sqlite3.connect(box.store)) as connection, connection:
        (newest,) = connection.execute("SELECT max(id) FROM runs WHERE outcome = 'PASS'").fetchone()
        connection.execute(
            "UPDATE runs SET outcome = 'ERROR', finished_at = ?, combination_id = "
            "(SELECT combination_id FROM runs WHERE id = ?) WHERE combination_id = "
            "(SELECT combination_id FROM runs WHERE id = ?)",
            [f"{ahead:%Y-%m-%d %H:%M:%S.%f}", newest, newest],
        )

    retried = box("up")

    assert "retry" in retried.said, retried.said
