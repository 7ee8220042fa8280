"""Bytes as text: what is worth reading, and in which encoding it is."""

from __future__ import annotations

import codecs

_LOOKED_AT_BYTES = 8192
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The mark of UTF-32 begins with that of UTF-16 and must be looked for before it.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def is_text(content: bytes) -> bool:
    """Return whether ``content`` is text: it has a byte order mark, or no NUL among its first 8 KiB."""
    return _encoding(content) is not None or b"\0" not in content[:_LOOKED_AT_BYTES]


def decode(content: bytes) -> str:
    """Return ``content`` as text: as its byte order mark says, else as UTF-8; what does not fit is replaced."""
    return content.decode(_encoding(content) or "utf-8", errors="replace")


def _encoding(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
