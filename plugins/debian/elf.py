"""Which shared libraries an ELF file names as needed.

Format: System V ABI, https://gabi.xinuos.com/ (chapters 4, 5 and "Dynamic Section", read 2026-11-23).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = b"\x7fELF"
_CLASS_64 = 2
_LITTLE = 1
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB = 0, 1, 5


class NotElfError(ValueError):
    """The file is no ELF file, or a broken one."""


@dataclass(frozen=True, slots=True)
class _Segment:
    kind: int
    offset: int
    address: int
    size: int


def read_needed(path: Path) -> tuple[str, ...]:
    """Return the ``DT_NEEDED`` names of an ELF file in order; none for a static one.

    Raises:
        NotElfError: the file is no ELF file, or a broken one.
    """
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        message = f"{path.name} is no ELF file"
        raise NotElfError(message)
    try:
        return _needed(data)
    except (struct.error, IndexError, OverflowError, ValueError) as error:
        message = f"{path.name} is a broken ELF file: {error}"
        raise NotElfError(message) from error


def _needed(data: bytes) -> tuple[str, ...]:
    order = "<" if data[5] == _LITTLE else ">"
    is_64 = data[4] == _CLASS_64
    segments = _segments(data, order, is_64=is_64)
    dynamic = next((one for one in segments if one.kind == _PT_DYNAMIC), None)
    if dynamic is None:
        return ()
    entry = struct.Struct(order + ("qQ" if is_64 else "iI"))
    names: list[int] = []
    strings = 0
    for at in range(dynamic.offset, dynamic.offset + dynamic.size, entry.size):
        tag, value = entry.unpack_from(data, at)
        if tag == _DT_NULL:
            break
        if tag == _DT_NEEDED:
            names.append(value)
        elif tag == _DT_STRTAB:
            strings = _offset_of(value, segments)
    return tuple(data[strings + name : data.index(b"\0", strings + name)].decode() for name in names)


def _segments(data: bytes, order: str, *, is_64: bool) -> list[_Segment]:
    table, size, count = (32, 54, 56) if is_64 else (28, 42, 44)
    (start,) = struct.unpack_from(order + ("Q" if is_64 else "I"), data, table)
    (entry_size,) = struct.unpack_from(order + "H", data, size)
    (entry_count,) = struct.unpack_from(order + "H", data, count)
    found = []
    for at in range(start, start + entry_size * entry_count, entry_size or 1):
        if is_64:
            kind, _, offset, address, _, length = struct.unpack_from(order + "IIQQQQ", data, at)
        else:
            kind, offset, address, _, length = struct.unpack_from(order + "IIIII", data, at)
        found.append(_Segment(kind, offset, address, length))
    return found


def _offset_of(address: int, segments: list[_Segment]) -> int:
    for segment in segments:
        if segment.kind == _PT_LOAD and segment.address <= address < segment.address + segment.size:
            return segment.offset + address - segment.address
    message = f"no segment holds the address {address:#x}"
    raise ValueError(message)
