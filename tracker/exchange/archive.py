"""The archive of a bundle: a plain tar of regular files with short names, read strictly and as a stream.

What comes in is hostile, and Python's own tar reader understands far more than is written here (long names of any
size, links, sparse files): a header that is not exactly of the kind that ``header`` writes is refused. Format: POSIX
ustar, https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (read 2026-11-30).
"""

from __future__ import annotations

import re
import tarfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NoReturn

from tracker.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 512
END = bytes(2 * BLOCK)
_RECORD = 20 * BLOCK
_CHUNK = 1 << 20
_MAGIC = slice(257, 263)
_OCTAL = re.compile(rb"[0-7]+[\0 ]?")
_AGAIN = "Nothing was taken over. Fetch it again; do not use it as it is."


def is_archive(start: bytes) -> bool:
    """Return whether a file that begins with ``start`` is a tar; 512 bytes tell."""
    return start[_MAGIC] == b"ustar\0"


def header(name: str, size: int) -> bytes:
    """Return the block before a member's content."""
    member = tarfile.TarInfo(name)
    member.size = size
    return member.tobuf(tarfile.USTAR_FORMAT)


def padding(size: int) -> bytes:
    """Return what follows a member's content of ``size`` bytes."""
    return bytes(-size % BLOCK)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    name: str
    size: int


class Reader:
    """Reads one member after the other; each member's content has to be read before the next one.

    Args:
        stream: at the archive's beginning.
        where: what errors call the archive.
    """

    def __init__(self, stream: IO[bytes], where: str) -> None:
        self._stream = stream
        self._where = where

    def next(self) -> Member | None:
        """Return the next member, ``None`` at the end.

        Raises:
            StoreError: the archive is not what it should be.
        """
        block = self._exactly(BLOCK)
        if block == bytes(BLOCK):
            self._check_end()
            return None
        name = block[:100].rstrip(b"\0")
        size = block[124:136].rstrip(b"\0 ")
        told = block[148:156].strip(b"\0 ")
        if not (is_archive(block) and _OCTAL.fullmatch(size) and _OCTAL.fullmatch(told) and name.isascii()):
            self._refuse("holds a member that is no plain file")
        if sum(block[:148]) + 8 * ord(" ") + sum(block[156:]) != int(told, 8):
            self._refuse("holds a member whose checksum is wrong")
        if block[156:157] != b"0" or block[157:257].strip(b"\0") or block[345:500].strip(b"\0"):
            self._refuse(f"holds {name[:100].decode('ascii')!r}, which is no plain file")
        return Member(name=name.decode("ascii"), size=int(size, 8))

    def content(self, member: Member) -> Iterator[bytes]:
        """Yield all bytes of the member that was returned last.

        Raises:
            StoreError: the archive ends before.
        """
        left = member.size
        while left:
            chunk = self._exactly(min(left, _CHUNK))
            left -= len(chunk)
            yield chunk
        if self._exactly(-member.size % BLOCK).strip(b"\0"):
            self._refuse(f"holds something behind {member.name}")

    def _exactly(self, count: int) -> bytes:
        found = self._stream.read(count)
        if len(found) != count:
            self._refuse("was cut short")
        return found

    def _check_end(self) -> None:
        rest = self._stream.read(_RECORD + 1)
        if len(rest) > _RECORD or rest.strip(b"\0"):
            self._refuse("holds something behind its end")

    def _refuse(self, fault: str) -> NoReturn:
        message = f"{self._where}: {fault}"
        raise StoreError(message, hint=_AGAIN)
