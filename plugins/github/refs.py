"""Reads what a git server advertises over HTTP: every branch, tag and pull request head, without the API. Pure.

The first answer of the "smart" protocol, version 0 (git documentation, ``gitprotocol-http`` and ``gitprotocol-pack``).
"""

from __future__ import annotations

import re

from tracker.api import SourceError

_HEADER = b"# service=git-upload-pack"
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LENGTH_DIGITS = 4
_PEELED = "^{}"


def read_refs(body: bytes, url: str) -> dict[str, str]:
    """Return the commit of each ref, tags peeled, in the server's order.

    Raises:
        SourceError: it is no such answer, or it was cut off.
    """
    try:
        lines = _lines(body)
    except ValueError as error:
        message = f"{url}: is no list of refs: {error}"
        raise SourceError(message, hint="Nothing was changed; the next look asks again.") from error
    refs: dict[str, str] = {}
    for line in lines:
        commit, _, name = line.partition(b" ")
        ref = name.partition(b"\0")[0].decode("utf-8", "replace")
        if not _COMMIT.fullmatch(commit):
            message = f"{url}: is no list of refs: it begins a line with {commit[:20]!r}"
            raise SourceError(message)
        refs[ref.removesuffix(_PEELED)] = commit.decode("ascii")
    return refs


def _lines(body: bytes) -> list[bytes]:
    """Return the packets after the head; a flush packet ends head and list."""
    lines, place, flushes = [], 0, 0
    most = 2
    while place < len(body) and flushes < most:
        digits = body[place : place + _LENGTH_DIGITS]
        length = int(digits, 16) if re.fullmatch(rb"[0-9a-fA-F]{4}", digits) else -1
        if length == 0:
            flushes, place = flushes + 1, place + _LENGTH_DIGITS
            continue
        if length < _LENGTH_DIGITS or place + length > len(body):
            message = f"a packet at byte {place} is broken"
            raise ValueError(message)
        lines.append(body[place + _LENGTH_DIGITS : place + length].rstrip(b"\n"))
        place += length
    if not lines or lines[0] != _HEADER or flushes < most:
        message = "it does not begin or end like one"
        raise ValueError(message)
    return lines[1:]
