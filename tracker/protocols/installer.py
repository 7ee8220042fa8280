"""Code that puts one asset into a prefix of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tracker.model.component import Component
    from tracker.model.release import Asset, Release
    from tracker.protocols.http import HttpClient


class Unpacker(Protocol):
    """The host's bounded reader of archives: nothing is written outside the prefix, nothing grows without bound."""

    def ar_members(self, archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
        """Yield name and content of each member of an ``ar`` archive in its order; each is read before the next."""

    def tar(self, stream: IO[bytes], *, compression: str, posix_names: bool = False) -> tuple[str, ...]:
        """Unpack a tar stream into the prefix and return the paths written, relative to it, in archive order.

        Args:
            stream: read once, from its present place.
            compression: ``""``, ``"gz"``, ``"xz"``, ``"bz2"``, ``"zst"`` or ``"lzma"``.
            posix_names: what is unpacked is for POSIX systems alone, so that names which only Windows takes for
                something else (``Foo::Bar``, ``aux.h``, two that differ in case alone) are allowed where this is none.

        Raises:
            UnpackError: a member breaks a rule; what was written is thrown away with the staging directory.
        """

    def zip(self, archive: Path) -> tuple[str, ...]:
        """Unpack a zip archive into the prefix and return the paths written, relative to it, in archive order.

        Raises:
            UnpackError: as for ``tar``.
        """

    def copy(self, source: Path, name: str) -> str:
        """Copy a single file into the prefix as ``name``, executable by everybody, and return ``name``.

        Raises:
            UnpackError: as for ``tar``.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallRequest:
    """What the host hands to an installer.

    Attributes:
        component: what is installed.
        release: which version of it.
        files: the verified files of the release's assets in the host's cache, read-only, by asset.
        staging: the directory to fill; it becomes ``prefix`` when ``install`` returns and is removed when it raises.
        prefix: the absolute path that ``staging`` will have; the only path that may be written into files.
        unpacker: unpacks into ``staging``.
        http: fetches, for installers with ``fetches``; others find all they need in ``files``.
    """

    component: Component
    release: Release
    files: Mapping[Asset, Path]
    staging: Path
    prefix: Path
    unpacker: Unpacker
    http: HttpClient


@runtime_checkable
class Selective(Protocol):
    """An installer that takes one of several assets that a release has for the same platform."""

    def select(self, release: Release, facts: Mapping[str, str]) -> Release:
        """Return the release with nothing but what a host with ``facts`` takes; without assets where nothing fits."""


class Installer(Protocol):
    """Puts the assets of one release into a prefix of its own, beside all other versions.

    Attributes:
        name: unique among installers.
        fetches: it fetches and verifies what an asset names by itself, piece by piece (the layers of an image); then
            the host downloads nothing and ``files`` is empty.
    """

    name: str
    fetches: bool

    def install(self, request: InstallRequest) -> None:
        """Fill ``request.staging``.

        Raises:
            SmokeError: it could not be installed here; the run becomes an ERROR.
        """
