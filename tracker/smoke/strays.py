"""Processes that work in a run's directory, found without any isolation's help, and their end."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

_END_SECONDS = 5.0
_PAUSE_SECONDS = 0.01
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Windows knows no other end than SIGTERM, which is as hard there."""


def processes_in(path: Path) -> list[psutil.Process]:
    """Return every process that has its working directory, or by its environment its home, below ``path``."""
    return [process for process in psutil.process_iter() if _works_in(process, path)]


def end_processes_in(path: Path) -> list[str]:
    """End every process that works below ``path``, those that it starts meanwhile too; return what does not end."""
    ended = kill_processes_in(path)
    _, alive = psutil.wait_procs(ended, timeout=_END_SECONDS)
    left = {process.pid for process in (*alive, *processes_in(path))}
    return [f"process {pid}: does not end" for pid in sorted(left)]


def kill_processes_in(path: Path) -> list[psutil.Process]:
    """Kill every process that works below ``path`` and return them; those that are our children are not reaped."""
    until = time.monotonic() + _END_SECONDS
    killed: list[psutil.Process] = []
    while (found := processes_in(path)) and time.monotonic() < until:
        # What forks without end would be ahead of its killer for ever: all of it stands still first.
        if sys.platform != "win32":
            _send(found, signal.SIGSTOP)
            found += [one for one in processes_in(path) if one not in found]
        _send(found, _KILL)
        killed += [one for one in found if one not in killed]
        time.sleep(_PAUSE_SECONDS)
    return killed


def _works_in(process: psutil.Process, path: Path) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return Path(process.cwd()).is_relative_to(path) or Path(_home_of(process)).is_relative_to(path)
    except (psutil.Error, OSError):
        return False  # it ended, or belongs to somebody else


def _home_of(process: psutil.Process) -> str:
    """Return the home that a process was given: servers leave the directory in which they were started."""
    try:
        return process.environ().get("HOME", "")
    except (psutil.Error, OSError):
        return ""


def _send(processes: Iterable[psutil.Process], number: int) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.Error:
            continue
