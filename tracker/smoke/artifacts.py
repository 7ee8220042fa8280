"""The content-addressed cache of downloaded files; nothing in it is used before its bytes were hashed again."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from typing import TYPE_CHECKING

import psutil

from tracker.durable import make_directory, put_in_place
from tracker.errors import SmokeError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tracker.model import Asset
    from tracker.protocols import HttpClient

_SHA256 = re.compile(r"(sha256):([0-9a-f]{64})")
_SHA512 = re.compile(r"(sha512):([0-9a-f]{128})")
_PART = re.compile(r"[0-9a-f]+\.([0-9]{1,9})(?:\..*)?")
_CHECKED = frozenset({"sha1", "sha256", "sha384", "sha512"})
_CHUNK = 1 << 20


class ArtifactCache:
    """Files by their digest, below ``directory/sha256/ab/...``; by SHA-512 where that alone was published.

    A file that no longer has its digest is set aside as ``*.corrupt`` and fetched again. Several threads and
    processes may use one cache.

    Args:
        directory: ``home/cache``.
        http: what fetches.
    """

    def __init__(self, directory: Path, http: HttpClient) -> None:
        self._directory = directory
        self.http = http
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def fetch(self, asset: Asset) -> Path:
        """Return the path of the verified file of ``asset``, downloading it when needed; blocks.

        Its bytes have every digest that was published for it, those of files which were in the cache before too.

        Raises:
            VerificationError: the asset is distrusted, or its bytes lack one of its digests.
            SmokeError: the asset has no digest to verify it by, or the file cannot be kept.
            SourceError: it could not be fetched, or what came has another size or digest.
        """
        if asset.distrust:
            message = f"{asset.name}: is not run: {asset.distrust}"
            raise VerificationError(message, hint="Ask the upstream which bytes are theirs; nothing was downloaded.")
        path = self._path_of(asset)
        with self._guard:
            lock = self._locks.setdefault(path.name, threading.Lock())
        with lock:
            try:
                self._provide(asset, path)
            except OSError as error:
                message = f"{path}: cannot be kept in the cache: {error.strerror or error}"
                raise SmokeError(message) from error
        return path

    def sweep(self) -> list[str]:
        """Remove the parts of files that processes which are no more were downloading; return what stays.

        Files that are being downloaded are left alone, by whichever process.
        """
        problems = []
        for path in self._directory.glob("sha*/??/*.*"):
            owner = _PART.fullmatch(path.name)
            if owner is None or int(owner[1]) == os.getpid() or psutil.pid_exists(int(owner[1])):
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                problems.append(f"file {path}: {error.strerror or error}")
        return problems

    def _provide(self, asset: Asset, path: Path) -> None:
        own = path.parent.parent.name
        algorithms = {own, *(one.partition(":")[0] for one in asset.further_digests)} & _CHECKED
        if path.is_file():
            found = _hash_by(path, algorithms)
            if found[own] == path.name:
                return _check_further(asset, found)
            path.replace(path.with_suffix(".corrupt"))
        make_directory(path.parent)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        self.http.download(asset.url, part, size=asset.size, digest=asset.digest)
        try:
            found = _hash_by(part, algorithms)
            if found[own] != path.name:
                message = f"{asset.url}: does not have the digest {own}:{path.name} after the download"
                raise VerificationError(message)
            _check_further(asset, found)
            put_in_place(part, path)
        finally:
            part.unlink(missing_ok=True)

    def _path_of(self, asset: Asset) -> Path:
        match = _SHA256.fullmatch(asset.digest or "")
        if match is None and asset.digest is None:
            match = next(filter(None, map(_SHA512.fullmatch, asset.further_digests)), None)
        if match is None:
            message = f"{asset.name}: has no sha256 digest to verify it by (digest: {asset.digest})"
            raise SmokeError(message, hint="What cannot be verified is not run.")
        algorithm, digest = match.groups()
        return self._directory / algorithm / digest[:2] / digest


def _hash_by(path: Path, algorithms: Iterable[str]) -> Mapping[str, str]:
    # Only ever compared with what was published: SHA-1 is one more witness here, never the only one.
    digests = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            for digest in digests.values():
                digest.update(chunk)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _check_further(asset: Asset, found: Mapping[str, str]) -> None:
    for told in asset.further_digests:
        algorithm, _, value = told.partition(":")
        if algorithm not in found:
            message = f"{asset.name}: the published digest {told} is of a kind that is not known here"
            raise VerificationError(message, hint="What cannot be verified is not run.")
        if found[algorithm] != value.lower():
            message = (
                f"{asset.name}: its bytes have the {algorithm} digest {found[algorithm]}, not the published {value}"
            )
            raise VerificationError(message, hint="Two published digests are of different bytes: ask the upstream.")
