"""The ``ar`` format that Debian packages are wrapped in; see ar(5) and deb(5)."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.smoke.unpack.bounds import Refusal

_MAGIC = b"!<arch>\n"
_HEADER_BYTES = 60
_END = b"`\n"
_MOST_MEMBERS = 1000
_TABLES = frozenset({"/", "//"})
"""What ``ar`` keeps names and symbols in; they are no members, and no package has them."""


class ArMember(io.RawIOBase):
    """The content of one member; reading stops at its end."""

    def __init__(self, stream: IO[bytes], size: int, refuse: Refusal) -> None:
        super().__init__()
        self._stream = stream
        self._left = size
        self._refuse = refuse

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` with what comes next."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(min(len(view), self._left))
        if not data and self._left and view:
            self._refuse("ends in the middle of a member")
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def skip(self) -> None:
        """Read to the end of the member."""
        while self._left:
            self.read(min(self._left, 1 << 20))


def ar_members(stream: IO[bytes], refuse: Refusal) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of each member in order; what the caller leaves unread is skipped.

    Raises:
        UnpackError: this is no ``ar`` archive, or a broken one.
    """
    if stream.read(len(_MAGIC)) != _MAGIC:
        refuse("is no ar archive")
    count = 0
    while header := stream.read(_HEADER_BYTES):
        name, size = _parse(header, refuse)
        refuse.member = name
        count += 1
        if count > _MOST_MEMBERS:
            refuse(f"more than {_MOST_MEMBERS} members")
        member = ArMember(stream, size, refuse)
        yield name, io.BufferedReader(member, 1 << 16)
        member.skip()
        refuse.member = ""
        if size % 2 and stream.read(1) not in {b"\n", b""}:
            refuse(f"holds something else between {name!r} and the next member")


def _parse(header: bytes, refuse: Refusal) -> tuple[str, int]:
    if len(header) != _HEADER_BYTES or header[58:60] != _END:
        refuse("holds a broken ar header")
    size = header[48:58].strip()
    if not size.isdigit():
        refuse(f"holds an ar header whose size is no number: {size!r}")
    name = header[:16].decode("utf-8", "replace").rstrip(" ")
    if not name or name in _TABLES:
        refuse(f"holds a member that is none, {name!r}")
    return name.removesuffix("/"), int(size)
