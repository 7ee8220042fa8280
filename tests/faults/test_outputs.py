"""Outputs that end or take nothing: what a command does, and its exit code, do not depend on who reads it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.faults.conftest import Box

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")

_PIPED = ("bash", "-o", "pipefail", "-c")


def test_a_pass_whose_reader_goes_away_is_made_to_its_end(box: Box) -> None:
    shutil.rmtree(box.home)

    read = box.under((*_PIPED, '"$@" 2>&1 | head -n 1', "bash"), "up")

    assert read.code == 0, read.said
    assert len(read.said.splitlines()) == 1
    again = box("up")
    assert (again.code, "none needed" in again.said) == (0, True), again.said


def test_a_verdict_that_nobody_reads_keeps_its_exit_code(box: Box) -> None:
    unread = box.under((*_PIPED, '"$@" | true', "bash"), "check", "greet=2.0", "language=de")

    assert (unread.code, unread.said) == (0, "")


def test_an_answer_without_room_to_be_written_is_told(box: Box) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")

    unwritten = box.under(("sh", "-c", 'exec "$@" >/dev/full', "sh"), "matrix")

    assert unwritten.code == 3
    assert "the answer cannot be written: No space left on device" in unwritten.said


def test_a_command_that_is_started_without_outputs_works(box: Box) -> None:
    shutil.rmtree(box.home)

    assert box.under(("sh", "-c", 'exec "$@" >&- 2>&-', "sh"), "up").code == 0
    assert '"schema"' in box.under(("sh", "-c", 'exec "$@" 2>&-', "sh"), "matrix", "--json").said
