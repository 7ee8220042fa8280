"""Unpacks what a Debian package installs; its members must be those that deb(5) names, in its order.

``debian-binary`` with the format, ``control.tar``, ``data.tar``, each once; a member whose name begins with ``_`` (a
signature, say) is passed over, and any other is refused. The control archive is not unpacked: nothing of it is used.

Format: deb(5), https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html (read 2026-11-23).
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, NoReturn

from tracker.api import UnpackError

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.api import Unpacker

_ORDER = ("debian-binary", "control.tar", "data.tar")
_KIND = re.compile(r"(debian-binary|(?:control|data)\.tar)(?:\.(gz|xz|bz2|zst|lzma))?")
_FORMAT = re.compile(rb"2\.[0-9]{1,4}\n.*", re.DOTALL)
_LONGEST_FORMAT = 1024
_IGNORED = "_"
_HINT = "The package was refused; nothing of it was installed. Ask the archive that it came from, or leave it out."


class PackageFile:
    """One Debian package.

    Args:
        name: how the package's file is called, for errors.
        path: where it lies.
    """

    def __init__(self, name: str, path: Path) -> None:
        self._name = name
        self._path = path
        self._member = ""

    def unpack(self, unpacker: Unpacker) -> None:
        """Unpack what it installs.

        Raises:
            UnpackError: it is broken, hostile, or no Debian package.
        """
        try:
            self._read(unpacker)
        except UnpackError as error:
            # In the host's cache files are called by their digests, which tell a person nothing.
            message = f"{self._name}: {error.message}"
            raise UnpackError(message, hint=error.hint) from error

    def _read(self, unpacker: Unpacker) -> None:
        expected = list(_ORDER)
        for member, stream in unpacker.ar_members(self._path):
            self._member = member
            if self._member.startswith(_IGNORED):
                continue
            kind = _KIND.fullmatch(self._member)
            if not expected:
                self._refuse("lies behind data.tar, where nothing belongs")
            if kind is None or kind[1] != expected[0]:
                self._refuse(f"is where {expected[0]} belongs")
            expected.pop(0)
            if kind[1] == "debian-binary":
                self._check_format(stream)
            elif kind[1] == "data.tar":
                unpacker.tar(stream, compression=kind[2] or "", posix_names=True)
        if expected:
            self._member = ""
            self._refuse(f"is no Debian package: it holds no {expected[0]}")

    def _check_format(self, stream: IO[bytes]) -> None:
        text = stream.read(_LONGEST_FORMAT)
        if not _FORMAT.fullmatch(text):
            self._refuse(f"says that the package is of an unknown format, {text[:40].decode('ascii', 'replace')!r}")

    def _refuse(self, rule: str) -> NoReturn:
        where = f"member {self._member!r} " if self._member else ""
        message = f"{where}{rule}"
        raise UnpackError(message, hint=_HINT)
