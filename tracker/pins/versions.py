"""What a version looks like, and why something else is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_NUMBERS = r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,5}"
_SUFFIX = r"(?:[-+~.][0-9A-Za-z][0-9A-Za-z.+~-]{0,60})?"
VERSION = rf"[vV]?{_NUMBERS}{_SUFFIX}"
"""A regular expression for what looks like a version in any text."""

_VERSION = re.compile(VERSION)
_DRESSED = re.compile(rf"(?:[A-Za-z][A-Za-z0-9]{{0,30}}[-_]){{0,4}}({VERSION})")
_IN_A_LINE = re.compile(rf"(?<![\w.]){VERSION}(?![\w])")
_WORD = re.compile(r"[0-9A-Za-z][\w.+~-]*")
_COMMIT = re.compile(r"(?=.*\d)[0-9a-f]{7,64}")
_LINE = re.compile(r"[vV]?\d+(?:\.\d+)?(?:\.[xX*])+|[vV]?\d{1,9}")
_RANGE = re.compile(r"\s*(?:(?:[~^<>]|!=)[=>]?\s*v?\d|\[[\d,]|\*$)|[^\s,|]{1,80}(?:\s-\s|\s*\|\||\s*,\s*[<>=])")
_FILLED_IN = re.compile(r"<.*|[^\s%{}<>]*(?:%[sdvq]|[{}<>])")
_RELEASE_BRANCH = re.compile(r"(?:release|rel|stable)[-_]v?\d+(?:\.\d+)?", re.IGNORECASE)
_MOVING = frozenset({"current", "edge", "latest", "lts", "newest", "nightly", "stable"})
_NOTHING = frozenset({"false", "nil", "none", "null", "true", "undefined", "~"})
_BRANCHES = frozenset({"develop", "head", "main", "master", "trunk"})


def plain(text: str) -> str:
    """Return ``text`` without what surrounds a version: quotes, ``refs/tags/``, ``v``, ``==``, ``@`` and a commit."""
    bare = text.strip(" \t\"'").removeprefix("refs/tags/").removeprefix("==").lstrip("= ")
    if "@" in bare:
        bare = bare.partition("@")[0] or bare
    bare = bare.rstrip(".,;:!?\\")
    return bare[1:] if bare[:1] in {"v", "V"} and bare[1:2].isdigit() else bare


def read_version(text: str, known: Collection[str]) -> str:
    """Return the version that ``text`` is, plain; empty when it is none.

    Args:
        text: one word, as ``v1.7.14``, ``containerd-1.7.14`` or ``ltsc2022``.
        known: versions that need not look like one.
    """
    bare = plain(text)
    if bare in known or (_VERSION.fullmatch(bare) and not _LINE.fullmatch(bare)):
        return bare
    if _LINE.fullmatch(bare) or _RELEASE_BRANCH.fullmatch(bare):
        return ""
    dressed = _DRESSED.fullmatch(bare)
    return plain(dressed[1]) if dressed else ""


def first_version(text: str, known: Collection[str]) -> tuple[int, str] | None:
    """Return where the first version in a line begins, and that version as written; ``None`` when there is none."""
    match = _IN_A_LINE.search(text)
    end = match.start() if match else len(text)
    for word in _WORD.finditer(text, 0, end):
        if word[0] in known:
            return word.start(), word[0]
    return (match.start(), match[0]) if match else None


def is_nothing(text: str) -> bool:
    """Return whether ``text`` is how languages write that there is no value here."""
    return text.strip(" \t\"'").lower() in _NOTHING


def is_commit(text: str) -> bool:
    """Return whether ``text`` is the name of a commit."""
    return _COMMIT.fullmatch(text) is not None


def why_no_version(text: str) -> str:
    """Return why ``text`` is no version, as a clause."""
    bare = text.strip(" \t\"'")
    word = plain(bare).lower()
    shown = _shown(bare)
    reasons = (
        (word in {"", "v"}, "the text ends before the version"),
        (word in _MOVING, f"{shown} means another version from day to day"),
        (_is_branch(word), why_branch(bare)),
        (_LINE.fullmatch(word), f"{shown} is a line of versions, not one of them"),
        (_RANGE.match(bare), f"{shown} is a range, which allows several versions"),
        (_FILLED_IN.match(bare), f"{shown} is a place that something else fills in"),
        (is_commit(word), f"{shown} is a commit, which is no version"),
    )
    return next((reason for holds, reason in reasons if holds), f"{shown} is no version")


def _is_branch(word: str) -> bool:
    return word in _BRANCHES or "/" in word or _RELEASE_BRANCH.fullmatch(word) is not None


def why_branch(text: str) -> str:
    """Return why the branch ``text`` is no version, as a clause."""
    return f"{_shown(text)} is a branch, which is no version"


def is_moving(text: str) -> bool:
    """Return whether ``text`` is a word or a range that somebody writes in the place of a version."""
    bare = text.strip(" \t\"'")
    word = bare.lower()
    return word in _MOVING or word in _BRANCHES or bool(_RANGE.match(bare) and any(one.isdigit() for one in bare))


def _shown(text: str) -> str:
    return f"'{text[:60]}'"
