"""Reads zip archives member by member, after the whole of their directory was found to be harmless.

Such archives are made for Windows, so that names which Windows reads in its own way are refused on every platform:
``NUL.txt`` is a device there, ``a:b`` a second stream of ``a``, and ``Nat.exe`` the same file as ``nat.exe``.

Format: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4; reserved names: Microsoft, "Naming Files, Paths, and Namespaces".
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tracker.smoke.unpack.bounds import Meter, Refusal

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_ENCRYPTED = 0x1 | 0x40
_UNIX = 3
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f:*?"<>|\\]')
_LOCAL_HEADER = 30
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What the standard library raises for broken members; the meter's own errors are none of these."""


class ZipReader:
    """The members of one zip archive.

    Args:
        archive: the file.
        meter: counts members and bytes of the whole prefix.
        refuse: names archive and member.
    """

    def __init__(self, archive: Path, meter: Meter, refuse: Refusal) -> None:
        self._archive = archive
        self._meter = meter
        self._refuse = refuse

    def members(self) -> Iterator[tuple[str, IO[bytes] | None]]:
        """Yield name and content of each member in its order; ``None`` for a directory.

        Raises:
            UnpackError: a member breaks a rule, or the archive is broken.
        """
        refuse = self._refuse
        try:
            opened = zipfile.ZipFile(self._archive)
        except _BROKEN as error:
            refuse(f"is no zip archive, or a broken one: {error}")
        with opened as archive:
            self._check(archive.infolist())
            for info in archive.infolist():
                refuse.member = info.filename
                if info.is_dir():
                    yield info.filename.rstrip("/"), None
                    continue
                try:
                    content = archive.open(info)
                except _BROKEN as error:
                    refuse(f"cannot be read: {error}")
                with content:
                    yield info.filename, _Metered(content, info, self._meter, refuse)  # type: ignore[misc]
        refuse.member = ""

    def _check(self, members: Sequence[zipfile.ZipInfo]) -> None:
        seen: dict[str, str] = {}
        for info in members:
            self._refuse.member = info.filename
            self._meter.count_member(info.file_size, self._refuse)
            self._check_name(info)
            self._check_kind(info)
            folded = info.filename.rstrip("/").casefold()
            if folded in seen:
                self._refuse(f"collides with the member '{seen[folded]}'")
            seen[folded] = info.filename
        self._check_places(members)
        self._refuse.member = ""

    def _check_name(self, info: zipfile.ZipInfo) -> None:
        # zipfile itself cuts a name at a NUL and turns the separator of this platform around.
        name = info.orig_filename
        if name != info.filename:
            self._refuse("has a name that is not what it seems")
        if name.startswith("/"):
            self._refuse("has an absolute path")
        if bad := _FORBIDDEN.search(name):
            self._refuse(f"has the character {bad[0]!r} in its name")
        for part in name.rstrip("/").split("/"):
            if part in {"", ".", ".."}:
                self._refuse(f"has '{part}' in its path")
            if _DEVICE.fullmatch(part):
                self._refuse(f"has '{part}' in its path, which is a device on Windows")
            if part[-1] in ". ":
                self._refuse("has a name that ends in a dot or a space, which Windows leaves out")

    def _check_kind(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & _ENCRYPTED:
            self._refuse("is encrypted")
        if info.compress_type not in _METHODS:
            self._refuse(f"is compressed by the method {info.compress_type}, which is not known here")
        kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            self._refuse("is a symbolic link or a device")

    def _check_places(self, members: Sequence[zipfile.ZipInfo]) -> None:
        """Refuse members that share bytes: so does a bomb of a few kilobytes hold petabytes."""
        end = 0
        for info in sorted(members, key=lambda one: one.header_offset):
            self._refuse.member = info.filename
            if info.header_offset < end:
                self._refuse("shares its bytes with another member")
            end = info.header_offset + _LOCAL_HEADER + info.compress_size


class _Metered:
    """The content of one member: counted, bounded, and as long as was announced."""

    def __init__(self, stream: IO[bytes], info: zipfile.ZipInfo, meter: Meter, refuse: Refusal) -> None:
        self._stream = stream
        self._info = info
        self._meter = meter
        self._refuse = refuse
        self._out = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes.

        Raises:
            UnpackError: the member is broken, or a bound is passed.
        """
        bounds, info = self._meter.bounds, self._info
        try:
            data = self._stream.read(size if size > 0 else 1 << 18)
        except _BROKEN as error:
            self._refuse(f"cannot be decompressed: {error}")
        self._out += len(data)
        self._meter.count_bytes(len(data), self._refuse)
        if self._out > max(bounds.ratio_floor_bytes, bounds.ratio * info.compress_size):
            self._refuse(f"unpacks to more than {bounds.ratio} times its size")
        if self._out > info.file_size or (not data and self._out != info.file_size):
            self._refuse(f"holds {self._out} bytes or more where {info.file_size} are announced")
        return data
