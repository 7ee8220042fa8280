"""Zip archives made byte by byte, so that each field can lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UnpackError
from tracker.smoke.unpack import Bounds, PrefixUnpacker

if TYPE_CHECKING:
    from pathlib import Path

STORED, DEFLATED = 0, 8
SYMLINK = 0o120777 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One member; what is ``None`` is told as it is.

    Attributes:
        name: as it stands in the directory.
        data: its compressed bytes, where they are not what ``content`` becomes.
        own_name: as it stands in front of the content.
        offset: where the directory says that it is.
    """

    name: str | bytes
    content: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    attributes: int = 0
    system: int = 0
    data: bytes | None = None
    crc: int | None = None
    size: int | None = None
    compressed_size: int | None = None
    own_name: bytes | None = None
    own_flags: int | None = None
    own_size: int | None = None
    offset: int | None = None
    extra: bytes = b""
    behind: bytes = b""

    @property
    def raw_name(self) -> bytes:
        return self.name.encode() if isinstance(self.name, str) else self.name

    @property
    def compressed(self) -> bytes:
        if self.data is not None:
            return self.data
        return deflate(self.content) if self.method == DEFLATED else self.content


def deflate(content: bytes) -> bytes:
    """Return ``content`` as the content of a deflated member."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(content) + deflater.flush()


def make_zip(*entries: Entry, comment: bytes = b"", count: int | None = None, front: bytes = b"") -> bytes:
    """Return the archive; ``front`` is put in front of its first member, and all offsets know of that."""
    out, listed = bytearray(front), bytearray()
    for entry in entries:
        name, data = entry.raw_name, entry.compressed
        flags = entry.flags | (0 if name.isascii() else 0x800)
        size = len(entry.content) if entry.size is None else entry.size
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        packed = len(data) if entry.compressed_size is None else entry.compressed_size
        own_flags = flags if entry.own_flags is None else entry.own_flags
        own_size = size if entry.own_size is None else entry.own_size
        own = name if entry.own_name is None else entry.own_name
        offset = len(out) if entry.offset is None else entry.offset
        out += struct.pack(
            "<4s5H3L2H", b"PK\3\4", 20, own_flags, entry.method, 0, 33, crc, packed, own_size, len(own), 0
        )
        out += own + data + entry.behind
        made_by = entry.system << 8 | 20
        head = (
            made_by,
            20,
            flags,
            entry.method,
            0,
            33,
            crc,
            packed,
            size,
            len(name),
            len(entry.extra),
            0,
            0,
            0,
            entry.attributes,
        )
        listed += struct.pack("<4s6H3L5H2L", b"PK\1\2", *head, offset) + name + entry.extra
    number = len(entries) if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, len(listed), len(out), len(comment))
    return bytes(out + listed + end + comment)


def unzip(tmp_path: Path, data: bytes, bounds: Bounds | None = None) -> Path:
    """Unpack the archive ``data`` and return the directory that it was unpacked into."""
    archive = tmp_path / "release.zip"
    archive.write_bytes(data)
    root = tmp_path / "outside" / "prefix"
    root.mkdir(parents=True)
    PrefixUnpacker(root, bounds).zip(archive)
    return root


def assert_refused(tmp_path: Path, data: bytes, rule: str, bounds: Bounds | None = None) -> Path:
    """Return the directory after the archive was refused, which may hold members that came before the bad one."""
    with pytest.raises(UnpackError, match=rule) as caught:
        unzip(tmp_path, data, bounds)
    assert "release.zip" in str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} == {"outside", "release.zip"}
    assert {path.name for path in (tmp_path / "outside").iterdir()} == {"prefix"}
    return tmp_path / "outside" / "prefix"
