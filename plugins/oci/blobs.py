"""Small blobs that were fetched before: what a digest names never changes, so that it is fetched once."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tracker.api import VerificationError

from .manifest import digest_of

if TYPE_CHECKING:
    from pathlib import Path

_KEPT_SECONDS = 90 * 24 * 3600


class BlobCache:
    """Files named by their digest; each is checked again when it is read."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self, digest: str) -> bytes | None:
        """Return the blob, or ``None`` when it is not kept or is not what its name says."""
        path = self._path(digest)
        try:
            body = path.read_bytes()
            digest_of(body, digest, str(path))
            os.utime(path)
        except (OSError, VerificationError):
            return None
        return body

    def write(self, digest: str, body: bytes) -> None:
        """Keep a blob; several at once may keep the same one."""
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._path(digest)
        part = path.with_name(f"{path.name}.{os.getpid()}.{id(body)}.part")
        part.write_bytes(body)
        part.replace(path)

    def _path(self, digest: str) -> Path:
        # A colon cannot stand in a file's name on Windows.
        return self._directory / digest.replace(":", "-")


def prune(directory: Path, now: float) -> None:
    """Remove files that no look has used for 90 days; ``now`` in seconds since 1970."""
    for path in directory.iterdir() if directory.is_dir() else ():
        # Another look may remove the same file at the same time.
        with suppress(OSError):
            if path.stat().st_mtime < now - _KEPT_SECONDS:
                path.unlink()
