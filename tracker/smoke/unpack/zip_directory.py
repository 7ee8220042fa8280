"""The directory at the end of a zip archive, which says where its members lie.

The standard library reads it, but looks for it from the end through whatever else a file holds. Here the archive
must be all that there is in the file: two programs that look for it in different ways then find the same one.

Format: PKWARE's APPNOTE 6.3.10, sections 4.3.12 to 4.3.16.
"""

from __future__ import annotations

import os
import struct
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal

_END = struct.Struct("<4s4H2LH")
_END_SIGN = b"PK\x05\x06"
_LOCATOR_SIGN = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_COMMENT_BYTES = 0xFFFF
_DIRECTORY_BYTES = 16 << 20
"""More than 200,000 members with names of usual length; each takes some 500 bytes of memory."""
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OverflowError)
"""What the standard library raises for a broken directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What a zip archive says that it holds.

    Attributes:
        members: in the order of the directory; nothing of it was verified.
        starts_at: offset of the directory, which no member may reach into.
        archive_bytes: size of the file.
    """

    members: tuple[zipfile.ZipInfo, ...]
    starts_at: int
    archive_bytes: int


def read_directory(file: IO[bytes], refuse: Refusal) -> Directory:
    """Return the directory of the archive that ``file`` is.

    Raises:
        UnpackError: it is no zip archive, is broken, or is more than that.
    """
    archive_bytes = file.seek(0, os.SEEK_END)
    starts_at, count = _check_end(file, archive_bytes, refuse)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = tuple(archive.infolist())
    except _BROKEN as error:
        refuse(f"is a broken zip archive: {error}")
    if len(members) != count:
        refuse(f"announces {count} members and lists {len(members)}")
    return Directory(members=members, starts_at=starts_at, archive_bytes=archive_bytes)


def _check_end(file: IO[bytes], archive_bytes: int, refuse: Refusal) -> tuple[int, int]:
    """Return the directory's offset and number of members, as the record at the end of the archive has them."""
    tail_at = max(0, archive_bytes - _END.size - _COMMENT_BYTES - _LOCATOR_BYTES)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(_END_SIGN)
    if at < 0:
        refuse("is no zip archive, or one that ends early")
    if len(tail) - at < _END.size:
        refuse("ends in the middle of its last record")
    _, disk, directory_disk, here, count, size, starts_at, comment = _END.unpack_from(tail, at)
    if len(tail) - at - _END.size != comment:
        refuse("is followed by something else, or ends in the middle of its comment")
    if tail[max(0, at - _LOCATOR_BYTES) :].startswith(_LOCATOR_SIGN):
        refuse("is a Zip64 archive (for more than 65535 members or 4 GiB), which is not read")
    if disk or directory_disk or here != count:
        refuse("is one part of an archive in several parts")
    if size > _DIRECTORY_BYTES:
        refuse(f"has a directory of {size} bytes, more than {_DIRECTORY_BYTES}")
    if starts_at + size != tail_at + at:
        refuse("has something else in front of it or in it, or is broken")
    return starts_at, count
