"""Reads tar archives member by member, from a stream.

The standard library's reader is not used: it takes much that is broken for the end of the archive, and what it makes
of a header depends on its version. Whatever two programs could read in two ways is refused here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NoReturn, cast

from tracker.smoke.unpack.tar_extended import GLOBAL, KINDS, Extended, read_records
from tracker.smoke.unpack.tar_header import BLOCK, Header, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.smoke.unpack.bounds import Meter, Refusal
    from tracker.smoke.unpack.decompress import Decompressed

_ZEROS = bytes(BLOCK)
_CHUNK = 1 << 16
_FILES = frozenset({b"0", b"\0", b"7"})
_LINK, _SYMLINK, _DIRECTORY = b"1", b"2", b"5"
_UNWANTED = {
    b"3": "a character device",
    b"4": "a block device",
    b"6": "a named pipe",
    b"S": "a sparse file",
    b"D": "a list of a directory's files, as incremental backups have them",
    b"M": "the rest of a file from another volume",
    b"V": "the name of a volume",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TarMember:
    """One member, whose name and target are not verified.

    Attributes:
        name: with ``/``.
        mode: permission bits.
        content: of a file, else ``None``.
        hard_link: the name of the file that it is a hard link to, or ``""``.
        symlink: where it leads to as a symbolic link, ``None`` when it is none.
    """

    name: str
    mode: int
    content: IO[bytes] | None = None
    hard_link: str = ""
    symlink: str | None = None

    @property
    def is_directory(self) -> bool:
        """Tell whether it is a directory."""
        return self.content is None and not self.hard_link and self.symlink is None


class TarReader:
    """The members of one tar archive.

    Args:
        source: the archive, decompressed.
        meter: counts members of the whole prefix.
        refuse: names archive and member.
    """

    def __init__(self, source: Decompressed, meter: Meter, refuse: Refusal) -> None:
        self._source = source
        self._meter = meter
        self._refuse = refuse
        self._is_first = True

    def members(self) -> Iterator[TarMember]:
        """Yield each member in order; what of its content is left unread is skipped.

        Raises:
            UnpackError: the archive is broken, is cut off, goes on behind its end, or holds what is not allowed.
        """
        while (found := self._next()) is not None:
            header, extended = found
            name = extended.name(header)
            size = extended.size(header)
            self._meter.count_member(size, self._refuse)
            content = _Content(self._source, size, self._refuse)
            yield self._member(name, header, extended, content)
            content.skip()
            self._read(-size % BLOCK)
            self._refuse.member = ""
        self._check_end()

    def _next(self) -> tuple[Header, Extended] | None:
        """Return the next header with all that was told ahead of it, and nothing at the end."""
        extended = Extended(self._refuse)
        is_awaited = False
        while (block := self._block()) != _ZEROS:
            header = read_header(block, self._refuse)
            is_awaited = True
            if header.kind in KINDS:
                extended.add(header.kind, self._told(header))
            elif header.kind == GLOBAL:
                self._meter.count_member(header.size, self._refuse)
                if read_records(self._told(header), self._refuse):
                    self._refuse("is a pax header that gives every member the same name or size")
            else:
                return header, extended
        if is_awaited:
            self._refuse("is told of in a header, and does not come")
        return None

    def _block(self) -> bytes:
        block = self._source.read(BLOCK)
        if not block:
            self._refuse("is empty" if self._is_first else "has no mark at its end: it was cut off")
        if len(block) < BLOCK:
            self._cut_off()
        self._is_first = False
        return block

    def _told(self, header: Header) -> bytes:
        most = self._meter.bounds.header_bytes
        if header.size > most:
            self._refuse(f"has a header of more than {most} bytes")
        return self._read(header.size + -header.size % BLOCK)[: header.size]

    def _member(self, name: str, header: Header, extended: Extended, content: _Content) -> TarMember:
        kind, mode = header.kind, header.mode
        if kind == b"\0" and name.endswith("/"):
            kind = _DIRECTORY  # as the first programs wrote them
        if kind in _FILES:
            if name.endswith("/"):
                self._refuse("is a file with the name of a directory")
            return TarMember(name=name, mode=mode, content=cast("IO[bytes]", io.BufferedReader(content, _CHUNK)))
        if kind not in {_LINK, _SYMLINK, _DIRECTORY}:
            self._refuse(f"is {_UNWANTED.get(kind, f'of the unknown type {kind!r}')}")
        if content.left:
            self._refuse("is a directory or a link, and has content")
        return TarMember(name=name, mode=mode) if kind == _DIRECTORY else self._link(name, header, extended)

    def _link(self, name: str, header: Header, extended: Extended) -> TarMember:
        target = extended.target(header)
        if header.kind == _SYMLINK:
            return TarMember(name=name, mode=header.mode, symlink=target)
        return TarMember(name=name, mode=header.mode, hard_link=target or self._refuse("is a hard link to nothing"))

    def _check_end(self) -> None:
        """Read to the end of the stream: the end of the archive is filled up with zeros, and nothing else follows."""
        while data := self._source.read(_CHUNK):
            if data.strip(b"\0"):
                self._refuse("has something else behind its end")

    def _read(self, size: int) -> bytes:
        data = self._source.read(size) if size else b""
        if len(data) < size:
            self._cut_off()
        return data

    def _cut_off(self) -> NoReturn:
        self._refuse("is no tar archive, or one that ends in the middle")


class _Content(io.RawIOBase):
    """The content of one member; reading stops at its end."""

    def __init__(self, source: Decompressed, size: int, refuse: Refusal) -> None:
        super().__init__()
        self._source = source
        self._refuse = refuse
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        wanted = min(len(view), self.left)
        data = self._source.read(wanted) if wanted else b""
        if len(data) < wanted:
            self._refuse("ends in the middle: the archive was cut off")
        view[: len(data)] = data
        self.left -= len(data)
        return len(data)

    def skip(self) -> None:
        while self.left:
            self.read(min(self.left, _CHUNK))
