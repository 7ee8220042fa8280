"""A pass in two processes: one watches and publishes, the other runs, and neither waits for the other."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tracker.cli.log_file import log_file
from tracker.errors import LockedError
from tracker.passes.lock import Work, only_one

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """schema = 1
profile = "windows-containers"
[network]
offline = true
"""


def test_watching_and_running_do_not_lock_each_other_out(tmp_path: Path) -> None:
    with only_one(tmp_path, Work.WATCH), only_one(tmp_path, Work.SMOKE):
        pass


@pytest.mark.parametrize("work", list(Work))
def test_a_whole_pass_waits_for_neither(tmp_path: Path, work: Work) -> None:
    with only_one(tmp_path, work), pytest.raises(LockedError, match="another tracker is at work"), only_one(tmp_path):
        pass


def _daemon(directory: Path, part: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "tracker", "daemon", "--part", part, "--log-file", str(directory / f"{part}.log")]
    return subprocess.Popen(argv, cwd=directory, stderr=subprocess.DEVNULL, text=True, env={**os.environ})


def _said(path: Path, words: str) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if path.exists() and words in path.read_text(encoding="utf-8"):
            return True
        time.sleep(0.1)
    return False


def test_both_parts_work_on_one_home_and_only_who_watches_publishes(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text(SETTINGS, encoding="utf-8")
    smoke = _daemon(tmp_path, "smoke")
    assert _said(tmp_path / "smoke.log", "runs: none needed"), (tmp_path / "smoke.log").read_text(encoding="utf-8")
    published_by_smoke = (tmp_path / "tracker-data" / "site").exists()
    watch = _daemon(tmp_path, "watch")
    assert _said(tmp_path / "watch.log", "looked at"), (tmp_path / "watch.log").read_text(encoding="utf-8")

    for process in (smoke, watch):
        process.send_signal(signal.SIGTERM)
    codes = [process.wait(60) for process in (smoke, watch)]

    assert codes == [0, 0]
    assert not published_by_smoke
    assert (tmp_path / "tracker-data" / "site" / "index.html").exists()


def test_the_log_file_holds_what_was_said_and_is_turned_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.cli.log_file._BYTES", 2000)
    path = tmp_path / "logs" / "tracker-all.log"

    with log_file(path):
        for number in range(200):
            sys.stderr.write(f"line {number} of what a service says\n")
        logging.getLogger("tracker").warning("and what is logged")

    names = sorted(one.name for one in path.parent.iterdir())
    assert names == ["tracker-all.log", *(f"tracker-all.log.{number}" for number in range(1, 5))]
    assert "and what is logged" in path.read_text(encoding="utf-8")
    assert not any("line 0 of" in one.read_text(encoding="utf-8") for one in path.parent.iterdir())
