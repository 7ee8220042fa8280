"""One block of 512 bytes that begins a member of a tar archive.

Nothing is guessed: a block that is not wholly a header of a known format is an error.

Formats: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar 1.35, "Basic Tar Format"; both read 2026-11-30.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.smoke.unpack.names import decode_name

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal

BLOCK = 512
_OCTAL = re.compile(rb" *([0-7]*)[ \0]*")
_POSIX = b"ustar\0"
_GNU = b"ustar "
_V7 = bytes(8)
_POSITIVE, _NEGATIVE = 0x80, 0xFF
_BINARY = frozenset({_POSITIVE, _NEGATIVE})
_UNUSED = {"owner": (108, 116), "group": (116, 124), "time": (136, 148), "device": (329, 337), "unit": (337, 345)}
_HIGH = bytes(range(128, 256))


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a block says.

    Attributes:
        name: as it stands there, not verified.
        target: of a link, as it stands there.
        kind: the byte that tells what it is.
        size: of the content in bytes.
        mode: permission bits.
    """

    name: bytes
    target: bytes
    kind: bytes
    size: int
    mode: int


def read_header(block: bytes, refuse: Refusal) -> Header:
    """Return what ``block``, which is no block of zeros, says.

    Raises:
        UnpackError: it is no header.
    """
    rest = block[:148] + block[156:]
    total = sum(rest) + 8 * ord(" ")
    # Some old programs summed signed bytes.
    signed = total - 256 * (len(rest) - len(rest.translate(None, _HIGH)))
    told = _OCTAL.fullmatch(block[148:156])
    if told is None or int(told[1] or b"0", 8) not in {total, signed}:
        refuse("is no tar archive, or a broken one: a header has a wrong checksum")
    name = _until_nul(block[:100])
    if block[257:263] == _POSIX:
        name = b"/".join(filter(None, (_until_nul(block[345:500]), name)))
    elif not (block[257:263] == _GNU or block[257:265] == _V7):
        refuse("is no tar archive of a format that is known (V7, ustar, GNU, pax)")
    decode_name(name, refuse)
    for what, (begin, end) in _UNUSED.items():
        # Nothing is made of it, but a program that wants it takes this for the end of the archive.
        if _value(block[begin:end]) is None:
            refuse(f"has a broken header: its {what} is no number")
    return Header(
        name=name,
        target=_until_nul(block[157:257]),
        kind=block[156:157],
        size=_number(block[124:136], "size", refuse),
        mode=_number(block[100:108], "mode", refuse),
    )


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _number(field: bytes, what: str, refuse: Refusal) -> int:
    """Return a number in octal digits, or in GNU's binary form, which begins with a byte of its own."""
    number = _value(field)
    if number is None:
        refuse(f"has a broken header: its {what} is no number")
    if number < 0:
        refuse(f"has a negative {what}")
    return number


def _value(field: bytes) -> int | None:
    if field[0] in _BINARY:
        return int.from_bytes(field[1:], "big", signed=field[0] == _NEGATIVE)
    match = _OCTAL.fullmatch(field)
    return int(match[1] or b"0", 8) if match else None
