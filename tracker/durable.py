"""Files and names that survive a power cut: contents reach the disk before any name leads to them.

The order is always the same: write beside the place, sync the file, rename it over the place, sync the directory. A
file is then either the old one or the whole new one, and a name that was told to somebody is still there afterwards.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def sync_file(path: Path) -> None:
    """Have the file's bytes on the disk before this returns."""
    # Windows flushes only what can be written.
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Have the names in a directory on the disk; Windows has no such call, and keeps names in its journal."""
    if os.name != "nt":
        sync_file(path)


def sync_directories(paths: Iterable[Path]) -> None:
    """Have the names in several directories on the disk, each once."""
    for path in sorted(set(paths)):
        sync_directory(path)


def put_in_place(part: Path, path: Path) -> None:
    """Give a file that is written its final name, in the place of what has it; both lie in the same directory."""
    sync_file(part)
    part.replace(path)
    sync_directory(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of the file at ``path``; whatever happens, it is the old file or the new one.

    Raises:
        OSError: it cannot be written; the old file stays, and nothing is left beside it.
    """
    part = path.with_name(f".{path.name}.new")
    try:
        part.write_bytes(data)
        put_in_place(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def make_directory(path: Path) -> None:
    """Make a directory with all that lead to it, each of which is on the disk afterwards; none when it is there."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    path.mkdir(parents=True, exist_ok=True)
    sync_directories(one.parent for one in missing)
