"""What comes before a member of a tar archive to tell more of it: GNU's long names and the records of pax.

Of a pax header the name, the target of a link and the size count; all else (owners, times, attributes) is left out.

Formats: POSIX.1-2017, pax, "pax Extended Header"; GNU tar 1.35, "Extensions to the Archive Format" and "Sparse
Formats"; read 2026-11-30.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.smoke.unpack.names import decode_name

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal
    from tracker.smoke.unpack.tar_header import Header

GLOBAL = b"g"
KINDS = {b"x": "pax header", b"X": "pax header", b"L": "long name", b"K": "long link name"}
_LENGTH = re.compile(rb"[1-9][0-9]{0,8} ")
_MEANT = frozenset({b"path", b"linkpath", b"size"})
_SPARSE = b"GNU.sparse."


class Extended:
    """What was told ahead of one member.

    Args:
        refuse: names archive and member.
    """

    def __init__(self, refuse: Refusal) -> None:
        self._refuse = refuse
        self._kinds: set[str] = set()
        self._told: dict[bytes, bytes] = {}

    def add(self, kind: bytes, data: bytes) -> None:
        """Take up one extended header.

        Raises:
            UnpackError: it is broken, or tells what was told before.
        """
        what = KINDS[kind]
        if what in self._kinds:
            self._refuse(f"has two headers of the kind '{what}'")
        self._kinds.add(what)
        records = read_records(data, self._refuse) if what == "pax header" else _long(kind, data)
        for key, value in records.items():
            if key in self._told:
                self._refuse(f"is told its {key.decode()} twice, as GNU and as pax do")
            self._told[key] = value

    def name(self, header: Header) -> str:
        """Return the member's name, which becomes the one that ``refuse`` tells of."""
        return decode_name(self._told.get(b"path", header.name), self._refuse)

    def target(self, header: Header) -> str:
        """Return where a link leads to."""
        raw = self._told.get(b"linkpath", header.target)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self._refuse("is a link to a name that is no UTF-8 text")

    def size(self, header: Header) -> int:
        """Return the size of the content; programs that look at one of two places must read the same."""
        told = self._told.get(b"size")
        if told is None:
            return header.size
        if not told.isdigit() or len(told) > len(str(1 << 64)):
            self._refuse(f"has a size in its pax header that is no number: {told[:40]!r}")
        if header.size not in {0, int(told)}:
            self._refuse(f"has two sizes: {header.size}, and {int(told)} in its pax header")
        return int(told)


def _long(kind: bytes, data: bytes) -> dict[bytes, bytes]:
    return {b"path" if kind == b"L" else b"linkpath": data.partition(b"\0")[0]}


def read_records(data: bytes, refuse: Refusal) -> dict[bytes, bytes]:
    """Return those records of a pax header that change what is unpacked.

    Raises:
        UnpackError: it is broken, tells one thing twice, or makes a sparse file.
    """
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        match = _LENGTH.match(data, at)
        end = at + int(match[0]) if match else 0
        if match is None or not match.end() < end <= len(data) or data[end - 1 : end] != b"\n":
            refuse("has a broken pax header")
        key, sign, value = data[match.end() : end - 1].partition(b"=")
        if not (key and sign):
            refuse("has a broken pax header")
        if key.startswith(_SPARSE):
            refuse("is a sparse file")
        if key in _MEANT:
            if not value or b"\0" in value or key in found:
                refuse(f"has a pax header whose {key.decode()} is told twice, or is none")
            found[key] = value
        at = end
    return found
