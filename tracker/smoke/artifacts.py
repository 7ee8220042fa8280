"""The content-addressed cache of downloaded files; nothing in it is used before its bytes were hashed again."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from typing import TYPE_CHECKING

from tracker.errors import SmokeError

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model import Asset
    from tracker.protocols import HttpClient

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


class ArtifactCache:
    """Files by their SHA-256, below ``directory/sha256/ab/...``.

    A file that no longer has its digest is set aside as ``*.corrupt`` and fetched again. Several threads and
    processes may use one cache.

    Args:
        directory: ``home/cache``.
        http: what fetches.
    """

    def __init__(self, directory: Path, http: HttpClient) -> None:
        self._directory = directory
        self._http = http
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def fetch(self, asset: Asset) -> Path:
        """Return the path of the verified file of ``asset``, downloading it when needed; blocks.

        Raises:
            SmokeError: the asset has no digest to verify it by, or the file cannot be kept.
            SourceError: it could not be fetched, or what came has another size or digest.
        """
        path = self._path_of(asset)
        with self._guard:
            lock = self._locks.setdefault(path.name, threading.Lock())
        with lock:
            try:
                if path.is_file() and not self._is_whole(path):
                    path.replace(path.with_suffix(".corrupt"))
                if not path.is_file():
                    self._download(asset, path)
            except OSError as error:
                message = f"{path}: cannot be kept in the cache: {error.strerror or error}"
                raise SmokeError(message) from error
        return path

    def _path_of(self, asset: Asset) -> Path:
        match = _DIGEST.fullmatch(asset.digest or "")
        if match is None:
            message = f"{asset.name}: has no sha256 digest to verify it by (digest: {asset.digest})"
            raise SmokeError(message, hint="What cannot be verified is not run.")
        digest = match[1]
        return self._directory / "sha256" / digest[:2] / digest

    def _download(self, asset: Asset, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        self._http.download(asset.url, part, size=asset.size, digest=asset.digest)
        if hash_file(part) != path.name:
            part.unlink()
            message = f"{asset.url}: does not have the digest {asset.digest} after the download"
            raise SmokeError(message)
        part.replace(path)

    @staticmethod
    def _is_whole(path: Path) -> bool:
        return hash_file(path) == path.name


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
