"""What a killed process leaves in a home beside its runs: staging and scratch directories, parts of files.

Each tells by its name or its lock whose it is, so that a process that is alive keeps its own.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psutil

from tracker.smoke.stagings import STAGING, Stagings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRATCH = "scratch"
_OWNED = re.compile(r"(\d+)-(\d+)")
_PART = re.compile(r".+\.(\d+)\.\d+\.part")
_FETCHED = re.compile(r"[0-9a-f]{64,128}\.(\d+)(\.part(\.etag)?)?")


def owner() -> str:
    """Return the name of this process, which no other process ever had or will have on this machine."""
    return f"{os.getpid()}-{int(psutil.Process().create_time())}"


@contextmanager
def scratch_directory(home: Path) -> Iterator[None]:
    """Let temporary files of this process lie in its home for the time of the block, where they are found again."""
    directory = home / SCRATCH / owner()
    before = tempfile.tempdir
    directory.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(directory)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(directory, ignore_errors=True)


def tidy_home(home: Path) -> None:
    """Remove what processes that are gone left in ``home`` but their runs; what cannot be removed stays."""
    with suppress(OSError):  # whoever installs next says why it cannot be removed
        Stagings(home / "prefixes" / STAGING).sweep()
    for path in home.glob(f"{SCRATCH}/*"):
        if _is_orphan(path.name):
            shutil.rmtree(path, ignore_errors=True)
    for path in (*home.glob("cache/**/*.part"), *home.glob("cache/sha*/*/*.*")):
        match = _PART.fullmatch(path.name) or _FETCHED.fullmatch(path.name)
        if match and not psutil.pid_exists(int(match[1])):
            path.unlink(missing_ok=True)
    for path in home.glob(".*.new"):
        path.unlink(missing_ok=True)


def _is_orphan(name: str) -> bool:
    match = _OWNED.fullmatch(name)
    try:
        return match is None or int(psutil.Process(int(match[1])).create_time()) != int(match[2])
    except psutil.Error:
        return True
