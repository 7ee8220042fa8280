"""A suite's list of packages: fetched, verified, and searched without reading all of its 60,000 stanzas.

Formats as in the Debian wiki's RepositoryFormat, read 2026-11-23.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import zlib
from functools import cached_property
from typing import TYPE_CHECKING

from debian.deb822 import Deb822, PkgRelation
from filelock import FileLock

from tracker.api import SourceError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.api import HttpClient

    from .inrelease import InRelease

_NAME = re.compile(rb"^Package: (\S+)$", re.MULTILINE)
_PROVIDES = re.compile(rb"^Provides: (.+)$", re.MULTILINE)
_ENDINGS = (".xz", ".gz", "")
_LARGEST = 1 << 30
_MEMORY_LIMIT = 256 << 20
_GZIP_WINDOW = 31


class PackagesIndex:
    """The stanzas of one suite, component and architecture."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def named(self, package: str) -> tuple[Mapping[str, str], ...]:
        """Return the stanzas of ``package``, one for each version, in the index's order."""
        return tuple(self._stanza(offset) for offset in self._offsets.get(package.encode(), ()))

    def providing(self, package: str) -> tuple[tuple[Mapping[str, str], str], ...]:
        """Return the stanzas of the packages that provide ``package``, each with the version provided or ``""``."""
        stanzas = [self._stanza(offset) for offset in self._providers.get(package, ())]
        relations = [
            (stanza, one["version"])
            for stanza in stanzas
            for group in PkgRelation.parse_relations(stanza.get("Provides", ""))
            for one in group
            if one["name"] == package
        ]
        return tuple((stanza, version[1] if version else "") for stanza, version in relations)

    @cached_property
    def _offsets(self) -> dict[bytes, list[int]]:
        offsets: dict[bytes, list[int]] = {}
        for match in _NAME.finditer(self._text):
            offsets.setdefault(match[1], []).append(match.start())
        return offsets

    @cached_property
    def _providers(self) -> dict[str, list[int]]:
        providers: dict[str, list[int]] = {}
        for match in _PROVIDES.finditer(self._text):
            for one in match[1].decode(errors="replace").split(","):
                name = one.split("(")[0].strip().partition(":")[0]
                providers.setdefault(name, []).append(match.start())
        return providers

    def _stanza(self, offset: int) -> Mapping[str, str]:
        start = self._text.rfind(b"\n\n", 0, offset) + 1
        end = self._text.find(b"\n\n", offset)
        stanza = self._text[start : end if end >= 0 else None].decode("utf-8", "replace").strip("\n")
        return dict(Deb822(stanza.splitlines(keepends=True)))


def fetch_index(http: HttpClient, suite_url: str, release: InRelease, part: str, cache_dir: Path) -> PackagesIndex:
    """Return the index of a component and architecture; fetched once for each digest, then read from the cache.

    Args:
        http: the host's client.
        suite_url: address of the suite's directory.
        release: the suite's verified head.
        part: component and architecture as a path (``main/binary-amd64``).
        cache_dir: where fetched files are kept.

    Raises:
        SourceError: the suite has no such index, or it does not answer.
        VerificationError: size or digest are not what the signed head says.
    """
    path = next((f"{part}/Packages{end}" for end in _ENDINGS if f"{part}/Packages{end}" in release.files), None)
    if path is None:
        message = f"{suite_url}/InRelease: lists no index {part}/Packages"
        raise SourceError(message, hint="Does this suite serve the architecture? See sources.debian.architecture.")
    file = release.files[path]
    algorithm, _, hexadecimal = file.digest.partition(":")
    by_hash = f"{part}/by-hash/{algorithm.upper()}/{hexadecimal}"
    cached = cache_dir / hexadecimal
    cache_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_dir / f"{hexadecimal}.lock"):
        if not _holds(cached, file.digest):
            url = f"{suite_url}/{by_hash if release.by_hash else path}"
            http.download(url, cached, size=file.size, digest=file.digest)
        cached.touch()
    whole = release.files.get(f"{part}/Packages")
    text = _unpacked(cached.read_bytes(), path, whole.size if whole else _LARGEST, f"{suite_url}/{path}")
    if whole is not None and f"sha256:{hashlib.sha256(text).hexdigest()}" != whole.digest:
        message = f"{suite_url}/{path}: unpacks to something else than InRelease says"
        raise VerificationError(message)
    return PackagesIndex(text)


def _holds(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}" == digest


def _unpacked(data: bytes, path: str, size: int, address: str) -> bytes:
    try:
        if path.endswith(".xz"):
            text = lzma.LZMADecompressor(memlimit=_MEMORY_LIMIT).decompress(data, max_length=size + 1)
        elif path.endswith(".gz"):
            text = zlib.decompressobj(_GZIP_WINDOW).decompress(data, size + 1)
        else:
            text = data
    except (lzma.LZMAError, zlib.error) as error:
        message = f"{address}: cannot be unpacked: {error}"
        raise VerificationError(message) from error
    if len(text) > size:
        message = f"{address}: unpacks to more than {size} bytes"
        raise VerificationError(message)
    return text
