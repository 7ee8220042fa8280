"""Tar archives made block by block, so that each field can lie."""

from __future__ import annotations

from dataclasses import dataclass

END = bytes(1024)
USTAR, GNU, V7 = b"ustar\x0000", b"ustar  \0", bytes(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One header with its content; numbers are the fields as they stand there."""

    name: bytes
    content: bytes = b""
    kind: bytes = b"0"
    target: bytes = b""
    magic: bytes = USTAR
    prefix: bytes = b""
    size: bytes | None = None
    mode: bytes = b"0000644\0"
    mtime: bytes = b"00000000000\0"
    checksum: bytes | None = None

    def __bytes__(self) -> bytes:
        size = b"%011o\0" % len(self.content) if self.size is None else self.size
        head = self.name.ljust(100, b"\0") + self.mode + b"0000000\0" * 2 + size.ljust(12, b"\0")[:12] + self.mtime
        tail = self.kind + self.target.ljust(100, b"\0") + self.magic + bytes(80) + self.prefix.ljust(155, b"\0")
        total = sum(head) + sum(tail) + 8 * 32
        checksum = b"%06o\0 " % total if self.checksum is None else self.checksum
        return (head + checksum + tail).ljust(512, b"\0") + self.content + bytes(-len(self.content) % 512)


def archive(*blocks: Block, end: bytes = END) -> bytes:
    """Return the archive of these members."""
    return b"".join(map(bytes, blocks)) + end


def pax(*records: tuple[str, str | bytes], kind: bytes = b"x") -> Block:
    """Return a pax header with these records."""
    return raw_pax(b"".join(_record(key, value) for key, value in records), kind=kind)


def raw_pax(content: bytes, *, kind: bytes = b"x") -> Block:
    """Return a pax header that holds just these bytes."""
    return Block(name=b"PaxHeaders/x", kind=kind, content=content)


def long_name(name: bytes, *, kind: bytes = b"L") -> Block:
    """Return GNU's header for a long name."""
    return Block(name=b"././@LongLink", kind=kind, content=name + b"\0", magic=GNU)


def _record(key: str, value: str | bytes) -> bytes:
    text = b" " + key.encode() + b"=" + (value.encode() if isinstance(value, str) else value) + b"\n"
    length = len(text) + 1
    while len(str(length)) + len(text) != length:
        length = len(str(length)) + len(text)
    return str(length).encode() + text
