"""Manifests that were fetched before, and what to ask the registry so that it need not send them again.

A token is another one at each look, and what it lets one see is the same: so what is kept here goes by the address
alone. That is safe for tokens that anybody gets, and no others are used.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

    from .blobs import BlobCache


class Kept(msgspec.Struct, frozen=True):
    """An answer that came before.

    Attributes:
        url: that was asked.
        validator: its entity tag, as the registry wrote it.
        content_type: as its header says.
        digest: of the body, which is kept as a blob.
    """

    url: str
    validator: str
    content_type: str
    digest: str


class KeptManifests:
    """Remembers answers by address, across restarts; each body is checked again when it is used."""

    def __init__(self, directory: Path, blobs: BlobCache) -> None:
        self._directory = directory
        self._blobs = blobs

    def recall(self, url: str) -> tuple[Kept, bytes] | None:
        """Return what ``url`` answered, or ``None`` when that is not known whole."""
        path = self._path(url)
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=Kept)
            os.utime(path)
        except (OSError, msgspec.DecodeError):
            return None
        body = self._blobs.read(kept.digest) if kept.url == url else None
        return None if body is None else (kept, body)

    def keep(self, kept: Kept, body: bytes) -> None:
        """Remember an answer; a cache that cannot be written costs one more answer at the next look."""
        with suppress(OSError):
            self._blobs.write(kept.digest, body)
            self._directory.mkdir(parents=True, exist_ok=True)
            path = self._path(kept.url)
            part = path.with_name(f"{path.name}.{os.getpid()}.{id(kept)}.part")
            part.write_bytes(msgspec.json.encode(kept))
            part.replace(path)

    def _path(self, url: str) -> Path:
        return self._directory / f"{hashlib.sha256(url.encode()).hexdigest()}.json"
