"""Repositories served by git's own daemon on loopback."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.plugins.git.history import History, Look, wcn_like

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

_PATIENCE_SECONDS = 10
_TRIES = 5


@pytest.fixture
def history(tmp_path: Path) -> History:
    return wcn_like(tmp_path / "served" / "wcn.git")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address below which a git daemon serves ``tmp_path/served``."""
    base = tmp_path / "served"
    base.mkdir(exist_ok=True)
    daemon, port = _started(base)
    try:
        yield f"git://127.0.0.1:{port}"
    finally:
        daemon.terminate()
        daemon.wait()


@pytest.fixture
def look(served: str, history: History, tmp_path: Path) -> Look:
    return Look(f"{served}/{history.directory.name}", tmp_path / "cache")


def _started(base: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Return a daemon and its port; git finds no free port by itself, and one that was free may be taken since."""
    for _ in range(_TRIES):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [f"--port={port}", "--export-all", "--reuseaddr", f"--base-path={base}", str(base)]
        started = ["git", "daemon", "--listen=127.0.0.1", *words]
        daemon = subprocess.Popen(started, stderr=subprocess.DEVNULL, start_new_session=True)
        if _listens(daemon, port):
            return daemon, port
        daemon.kill()
        daemon.wait()
    message = "git daemon does not listen"
    raise RuntimeError(message)


def _listens(daemon: subprocess.Popen[bytes], port: int) -> bool:
    end = time.monotonic() + _PATIENCE_SECONDS
    while daemon.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return daemon.poll() is None
    return False
