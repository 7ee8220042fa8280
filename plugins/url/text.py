"""Bytes of a text file as text, whatever editor wrote it."""

from __future__ import annotations

import re

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([a-z0-9._-]+)""")
# Only these: Python has codecs under other names that are no character sets.
_KNOWN = re.compile(r"(?i)(?:us-ascii|utf-?8|utf-?16(?:le|be)?|utf-16-(?:le|be)|iso-8859-\d{1,2}|windows-125\d)")
_SAMPLE = 1000
_MOSTLY = 0.4


def read_text(body: bytes, content_type: str) -> str:
    """Return ``body`` as text whose lines end as Unix ends them; never fails.

    A byte order mark decides, then what the answer's header says, then whether it looks like UTF-16 without a mark,
    then whether it is UTF-8; everything else is taken for Windows' western character set, in which older PowerShell
    reads a script without a mark.

    Args:
        body: as it came.
        content_type: the answer's header; may be empty.
    """
    return _decoded(body, content_type).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(body: bytes, content_type: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    told = _CHARSET.search(content_type)
    for encoding in (told[1] if told and _KNOWN.fullmatch(told[1]) else "", _wide(body), "utf-8"):
        if encoding:
            try:
                return body.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return body.decode("cp1252", errors="replace")


def _wide(body: bytes) -> str:
    """Return which UTF-16 a text of mostly Latin letters is in; empty when it is in neither."""
    sample = body[:_SAMPLE]
    enough = max(len(sample) // 2 * _MOSTLY, 1)
    if sample[1::2].count(0) >= enough and sample[::2].count(0) < enough:
        return "utf-16-le"
    if sample[::2].count(0) >= enough and sample[1::2].count(0) < enough:
        return "utf-16-be"
    return ""


def beginning(text: str, length: int = 200) -> str:
    """Return the start of a text on one line, for an error."""
    shown = " ".join(text[: length * 4].split())
    return shown if len(shown) <= length else f"{shown[:length]}..."
