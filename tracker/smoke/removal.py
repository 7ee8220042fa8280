"""Removes and renames directories, also where Windows holds on to a file for a moment.

A scanner or an indexer opens what was just written, and a program that has ended lets go of its files a little later;
for that time Windows refuses to remove or rename them. What is read-only it refuses to remove at all.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 15.0 if sys.platform == "win32" else 0.0
"""Seconds; elsewhere a refusal stays one."""
_FIRST_PAUSE_SECONDS = 0.05


def remove_tree(path: Path, *, patience_seconds: float = _PATIENCE) -> list[str]:
    """Remove ``path`` with all that is in it, and return what could not be removed; links are not followed.

    Args:
        path: absolute; no error when it is not there.
        patience_seconds: how long a refusal may be repeated before it counts.
    """
    try:
        patiently(lambda: _remove(path), patience_seconds=patience_seconds)
    except FileNotFoundError:
        return []
    except OSError as error:
        return [f"directory {path}: {error.strerror or error} ({error.filename})"]
    return []


def patiently(action: Callable[[], object], *, patience_seconds: float = _PATIENCE) -> None:
    """Do ``action``, again and again while the system refuses it with ``PermissionError``.

    Raises:
        OSError: what it raised last.
    """
    until = time.monotonic() + patience_seconds
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            action()
        except PermissionError:
            if time.monotonic() + pause > until:
                raise
        else:
            return
        time.sleep(pause)
        pause *= 2


def extended(path: PureWindowsPath) -> str:
    r"""Return the form of an absolute path in which Windows takes more than 260 characters (``\\?\C:\...``). Pure."""
    text = str(path)
    if text.startswith("\\\\?\\"):
        return text
    return f"\\\\?\\UNC\\{text[2:]}" if text.startswith("\\\\") else f"\\\\?\\{text}"


def _remove(path: Path) -> None:
    place = extended(PureWindowsPath(path)) if sys.platform == "win32" else str(path)
    shutil.rmtree(place, onerror=_once_more)


def _once_more(function: Callable[[str], object], place: str, failure: object) -> None:
    """Try again without the mark that a file is read-only; whoever took it away meanwhile has done our work."""
    error = failure[1] if isinstance(failure, tuple) else failure
    if isinstance(error, FileNotFoundError) and Path(place).parent.exists():
        return
    if not isinstance(error, PermissionError) or function not in {os.unlink, os.rmdir, os.remove}:
        raise error  # type: ignore[misc]
    os.chmod(place, stat.S_IWRITE)  # noqa: PTH101 - a path in Windows' extended form
    function(place)
