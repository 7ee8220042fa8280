"""The content of one member of a zip archive.

It is decompressed here and not by the standard library, which stops at the announced size and so never sees that a
member holds more than it says.

Format: PKWARE's APPNOTE 6.3.10, sections 4.3.7 and 4.4; RFC 1951.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Meter, Refusal

_CHUNK = 1 << 16
_HEADER = struct.Struct("<4s5H3L2H")
_HEADER_SIGN = b"PK\x03\x04"
_UTF8 = 0x800
_SIZES_FOLLOW = 0x8
_CONCEALED = 0x1 | 0x20 | 0x40 | 0x2000
"""Bits of the flags that say that the bytes are encrypted, or a patch."""
_IN_EXTRA_FIELD = 0xFFFFFFFF
_DESCRIPTOR_SIGN = b"PK\x07\x08"
_LARGEST_DESCRIPTOR = 24


def content_offset(file: IO[bytes], info: zipfile.ZipInfo, refuse: Refusal) -> int:
    """Return where the compressed bytes of a member begin, after its own header was found to agree with the directory.

    Raises:
        UnpackError: it does not agree.
    """
    file.seek(info.header_offset)
    header = file.read(_HEADER.size)
    if len(header) != _HEADER.size or not header.startswith(_HEADER_SIGN):
        refuse("is not where the directory says")
    _, _, flags, method, _, _, crc, size, content_size, name_size, extra_size = _HEADER.unpack(header)
    offset: int = info.header_offset + _HEADER.size + name_size + extra_size
    name = file.read(name_size)
    if name != info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437"):
        refuse(f"calls itself {name.decode('utf-8', 'replace')!r}")
    told = [(flags & _CONCEALED, info.flag_bits & _CONCEALED), (method, info.compress_type)]
    if not flags & _SIZES_FOLLOW:
        told += [(crc, info.CRC), (size, info.compress_size), (content_size, info.file_size)]
    if any(own not in {listed, _IN_EXTRA_FIELD} for own, listed in told):
        refuse("has a header of its own that says something else than the directory")
    return offset


def check_gap(file: IO[bytes], info: zipfile.ZipInfo | None, gap: tuple[int, int], refuse: Refusal) -> None:
    """Refuse bytes behind a member that are not the sizes and the checksum that may follow there.

    Args:
        file: the archive.
        info: the member; ``None`` for what lies in front of the first one.
        gap: offsets of the first byte and of the first that is not looked at.
        refuse: names the archive.

    Raises:
        UnpackError: there are some.
    """
    begin, end = gap
    if begin == end:
        return
    if info is None:
        refuse("has something else in front of it")
    refuse.member = info.filename
    file.seek(begin)
    found = file.read(min(end - begin, _LARGEST_DESCRIPTOR + 1))
    sizes = (info.CRC, info.compress_size, info.file_size)
    told = {struct.pack(form, *sizes) for form in ("<3L", "<LQQ")} if info.flag_bits & _SIZES_FOLLOW else set()
    if found.removeprefix(_DESCRIPTOR_SIGN) not in told and found not in told:
        refuse("has something else behind it, which the directory does not tell of")


class MemberContent:
    """A stream of one member's content that ends in an error where the archive does not hold what it announces.

    Args:
        file: the archive; its position is this stream's own while it is read.
        info: the member; stored or deflated.
        offset: where its compressed bytes begin.
        meter: counts bytes of the whole prefix.
        refuse: names archive and member.
    """

    def __init__(self, file: IO[bytes], info: zipfile.ZipInfo, offset: int, meter: Meter, refuse: Refusal) -> None:
        self._file = file
        self._info = info
        self._meter = meter
        self._refuse = refuse
        self._left = info.compress_size
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
        self._crc = 0
        self._out = 0
        file.seek(offset)

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, a bounded piece where that is not said, and nothing at the end.

        Raises:
            UnpackError: the member is broken, is not what was announced, or passes a bound.
        """
        wanted = min(size, _CHUNK) if size > 0 else _CHUNK
        data = self._compressed(wanted) if self._inflate is None else self._inflated(self._inflate, wanted)
        self._out += len(data)
        self._crc = zlib.crc32(data, self._crc)
        self._meter.count_bytes(len(data), self._refuse)
        self._check(at_end=not data)
        return data

    def _check(self, *, at_end: bool) -> None:
        info, bounds = self._info, self._meter.bounds
        if self._out > max(bounds.ratio_floor_bytes, bounds.ratio * info.compress_size):
            self._refuse(f"unpacks to more than {bounds.ratio} times its size")
        if self._out > info.file_size:
            self._refuse(f"holds more than the {info.file_size} bytes that are announced")
        if at_end and self._out != info.file_size:
            self._refuse(f"holds {self._out} bytes where {info.file_size} are announced")
        if at_end and self._crc != info.CRC:
            self._refuse("has another checksum than is announced")

    def _compressed(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        if not data and self._left and size:
            self._refuse("ends early")
        self._left -= len(data)
        return data

    def _inflated(self, inflate: zlib._Decompress, size: int) -> bytes:
        while not inflate.eof:
            pending = inflate.unconsumed_tail or self._compressed(_CHUNK)
            try:
                data = inflate.decompress(pending, size)
            except zlib.error as error:
                self._refuse(f"cannot be decompressed: {error}")
            if data:
                return data
            if not pending and not inflate.eof:
                self._refuse("ends early: its compressed bytes have no end")
        if self._left or inflate.unused_data:
            self._refuse("has something else behind its compressed bytes")
        return b""
