"""From a suite's stanzas to releases with assets."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.api import Asset, AssetRole, Release, VerificationError

from .libraries import libraries_of
from .scheme import DebianScheme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.api import Component

    from .libraries import Shelves

_PRERELEASE = re.compile(r"[~.+-](?:a|alpha|b|beta|pre|rc)[.]?[0-9]*$")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ReleaseMaker:
    """Makes the releases of one suite.

    Args:
        line: the line that the suite belongs to.
        channel: the suite, as the configuration names it.
        uris: addresses of the archives behind ``shelves``, in the same order.
        shelves: the suite's own index, then those that it builds upon.
    """

    def __init__(self, *, line: str, channel: str, uris: tuple[str, ...], shelves: Shelves) -> None:
        self._line = line
        self._channel = channel
        self._uris = uris
        self._shelves = shelves

    def releases(self, component: Component) -> Iterator[Release]:
        """Yield each version that the suite itself carries, in the index's order; none is no error.

        Raises:
            VerificationError: the index does not say how to verify a file.
        """
        _, index = next(iter(self._shelves))
        scheme = DebianScheme()
        for stanza in index.named(component.options.get("package", component.name)):
            upstream = scheme.upstream(stanza["Version"])
            yield Release(
                component=component.name,
                version=stanza["Version"],
                upstream_version=upstream,
                line=self._line,
                channel=self._channel,
                assets=(self._asset(stanza, self._uris[0], AssetRole.MAIN), *self._libraries(stanza)),
                is_prerelease=bool(_PRERELEASE.search(upstream)),
            )

    def _libraries(self, stanza: Mapping[str, str]) -> Iterator[Asset]:
        needed = libraries_of(stanza, self._shelves)
        for one in needed.found:
            yield self._asset(one.stanza, self._uris[one.shelf], AssetRole.LIBRARY)
        for dependency in needed.missing:
            # Nobody can fetch it, so that an installation stops here and names it.
            name = f"{dependency}, which {self._channel} does not offer"
            yield Asset(name=name, url=self._uris[0], role=AssetRole.LIBRARY)

    def _asset(self, stanza: Mapping[str, str], uri: str, role: AssetRole) -> Asset:
        where = f"{self._channel}: package {stanza['Package']} {stanza['Version']}"
        path = PurePosixPath(stanza.get("Filename", ""))
        if not path.name or path.is_absolute() or ".." in path.parts:
            message = f"{where}: lies at {str(path)!r}, which is no place in an archive"
            raise VerificationError(message)
        size, digest = stanza.get("Size", ""), stanza.get("SHA256", "")
        if not size.isdecimal() or not _SHA256.fullmatch(digest):
            message = f"{where}: its index tells no size and SHA256"
            raise VerificationError(message)
        return Asset(
            name=path.name,
            url=f"{uri}/{quote(str(path), safe='/~+:=@,')}",
            size=int(size),
            digest=f"sha256:{digest}",
            role=role,
        )
