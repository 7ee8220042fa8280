"""Reads zip archives member by member, after the whole of their directory was found to be harmless.

Such archives are made for Windows, so that names which Windows reads in its own way are refused on every platform,
and members bring no permissions.

Format: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import IO, TYPE_CHECKING, cast

from tracker.smoke.unpack.windows_names import Spellings, check_name
from tracker.smoke.unpack.zip_content import MemberContent, check_gap, content_offset
from tracker.smoke.unpack.zip_directory import read_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.smoke.unpack.bounds import Meter, Refusal
    from tracker.smoke.unpack.zip_directory import Directory

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""All that programs which make releases use; the others can be made to take gigabytes of memory."""
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_PATCH = 0x20
_REPARSE_POINT = 0x400
_DIRECTORY = 0x10
_EXTRA = struct.Struct("<2H")
_UTF8_NAME = 0x7075
_UTF8_NAME_AT = 5
"""Behind a version and the checksum of the other name (APPNOTE 4.6.9)."""
_ARCHIVE = ""


class ZipReader:
    """The members of one zip archive.

    Args:
        file: the archive, which can seek.
        meter: counts members and bytes of the whole prefix.
        refuse: names archive and member.
    """

    def __init__(self, file: IO[bytes], meter: Meter, refuse: Refusal) -> None:
        self._file = file
        self._meter = meter
        self._refuse = refuse

    def members(self) -> Iterator[tuple[str, IO[bytes] | None]]:
        """Yield path and content of each member in the directory's order; ``None`` for a directory.

        Each content is read before the next member is asked for.

        Raises:
            UnpackError: a member breaks a rule, or the archive is broken; none is yielded when the directory alone
                tells that.
        """
        directory = read_directory(self._file, self._refuse)
        paths = self._check(directory)
        offsets = self._check_places(directory)
        for info, path, offset in zip(directory.members, paths, offsets, strict=True):
            self._refuse.member = info.filename
            content = MemberContent(self._file, info, offset, self._meter, self._refuse)
            if info.is_dir():
                content.read()
            yield path, None if info.is_dir() else cast("IO[bytes]", content)
        self._refuse.member = _ARCHIVE

    def _check(self, directory: Directory) -> list[str]:
        """Return the path of each member."""
        paths = []
        spellings = Spellings()
        for info in directory.members:
            # The name as it stands in the archive: the standard library cuts it at a NUL, and turns backslashes around
            # on Windows.
            self._refuse.member = info.orig_filename
            self._meter.count_member(info.file_size, self._refuse)
            check_name(info.orig_filename, self._refuse)
            self._check_other_name(info)
            if info.orig_filename != info.filename:
                self._refuse(f"has another name in an extra field, {info.filename!r}")
            self._check_kind(info)
            parts = tuple(part for part in info.filename.split("/") if part not in {"", "."})
            spellings.add(parts, self._refuse)
            paths.append("/".join(parts))
        self._refuse.member = _ARCHIVE
        bounds = self._meter.bounds
        announced = sum(info.file_size for info in directory.members)
        if announced > max(bounds.ratio_floor_bytes, bounds.ratio * directory.archive_bytes):
            self._refuse(f"unpacks to more than {bounds.ratio} times its size")
        if announced > bounds.total_bytes:
            self._refuse(f"unpacks to more than {bounds.total_bytes} bytes")
        return paths

    def _check_other_name(self, info: zipfile.ZipInfo) -> None:
        """Refuse a name in the extra field for names in UTF-8 that is another one; not every Python looks at it."""
        at = 0
        while at + _EXTRA.size <= len(info.extra):
            kind, size = _EXTRA.unpack_from(info.extra, at)
            field = info.extra[at + _EXTRA.size : at + _EXTRA.size + size]
            name = field[_UTF8_NAME_AT:]
            if kind == _UTF8_NAME and name != info.orig_filename.encode("utf-8", "surrogatepass"):
                self._refuse(f"has another name in an extra field, {name.decode('utf-8', 'replace')!r}")
            at += _EXTRA.size + size

    def _check_kind(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & _ENCRYPTED:
            self._refuse("is encrypted")
        if info.compress_type not in _METHODS:
            self._refuse(f"is compressed by the method {info.compress_type}; known are 0 (stored) and 8 (deflated)")
        if info.flag_bits & _PATCH:
            self._refuse("is a patch of another file")
        self._check_attributes(info)

    def _check_attributes(self, info: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind == stat.S_IFLNK or info.external_attr & _REPARSE_POINT:
            self._refuse("is a symbolic link")
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            self._refuse("is a device, a pipe or a socket")
        if kind == (stat.S_IFREG if info.is_dir() else stat.S_IFDIR):
            self._refuse("is a file and a directory")
        if not info.is_dir() and info.external_attr & _DIRECTORY:
            self._refuse("is a file and a directory")
        if info.is_dir() and info.file_size:
            self._refuse("is a directory with content")

    def _check_places(self, directory: Directory) -> list[int]:
        """Return where the content of each member begins.

        Members that share bytes are refused: that is how a few kilobytes can hold petabytes.
        """
        offsets: dict[int, int] = {}
        end = 0
        before: zipfile.ZipInfo | None = None
        for info in sorted(directory.members, key=lambda one: one.header_offset):
            self._refuse.member = info.filename
            if info.header_offset < end:
                self._refuse("shares its bytes with another member")
            check_gap(self._file, before, (end, info.header_offset), self._refuse)
            self._refuse.member = info.filename
            offsets[info.header_offset] = content_offset(self._file, info, self._refuse)
            end = offsets[info.header_offset] + info.compress_size
            if end > directory.starts_at:
                self._refuse("reaches into the directory")
            before = info
        check_gap(self._file, before, (end, directory.starts_at), self._refuse)
        self._refuse.member = _ARCHIVE
        return [offsets[info.header_offset] for info in directory.members]
