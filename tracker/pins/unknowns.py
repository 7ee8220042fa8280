"""What stands in an expanded line for a part that the text does not tell.

Each is one character of a private plane, so that it can neither be mistaken for text nor break a pattern; the same
characters in the text itself are replaced before anything is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIRST = 0xF0000
_MOST = 0xFFFD
MARKERS = f"{chr(_FIRST)}-{chr(_FIRST + _MOST)}"
"""All markers, as a set in a regular expression has them."""
_MARKER = re.compile(f"[{MARKERS}]")
_VERSION = re.compile(r"ver|tag|(?<![a-z])v(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part of a line that the text does not tell.

    Attributes:
        shown: as the line has it, ``${V}``, at most 60 characters of it.
        why: what goes on after it in a sentence: ``which this text does not set``.
    """

    shown: str
    why: str

    @property
    def sentence(self) -> str:
        """Why a version is not known, as a clause."""
        return f"the version is {self.shown}, {self.why}"


class Unknowns:
    """The unknown parts of one text, each with its marker."""

    def __init__(self) -> None:
        self._markers: dict[Unknown, str] = {}
        self._unknown: list[Unknown] = []

    def marker(self, shown: str, why: str) -> str:
        """Return the character that stands for ``shown``."""
        unknown = Unknown(shown[:60], why)
        if unknown not in self._markers and len(self._unknown) >= _MOST:
            unknown = Unknown("one of very many variables", "which are too many to be read")
        if unknown not in self._markers:
            self._markers[unknown] = chr(_FIRST + len(self._unknown))
            self._unknown.append(unknown)
        return self._markers[unknown]

    def first_in(self, text: str) -> Unknown | None:
        """Return what the first marker in ``text`` stands for; ``None`` when there is none."""
        match = _MARKER.search(text)
        return self._unknown[ord(match[0]) - _FIRST] if match else None


def says_version(unknown: Unknown | None) -> bool:
    """Return whether the name of something unknown says that it is a version; false for ``None``."""
    return unknown is not None and _VERSION.search(unknown.shown) is not None


def has_unknown(text: str) -> bool:
    """Return whether a marker is in ``text``."""
    return _MARKER.search(text) is not None


def without_markers(text: str) -> str:
    """Return a stranger's text in which no character means a marker."""
    return text if text.isascii() else _MARKER.sub("\N{REPLACEMENT CHARACTER}", text)
