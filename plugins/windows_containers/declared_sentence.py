"""nerdctl's sentence about the containerd versions that a release is meant for, read from release notes.

Two forms are known (containerd/nerdctl, hack/generate-release-note.sh, read 2026-08-22): a list of lines, "v1.7, v2.0,
or v2.1.", and an open end, "v1.7 or later." Whatever differs from these is not guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MENTION = re.compile(r"expected\s+to\s+be\s+used\s+with\s+containerd", re.IGNORECASE)
_SENTENCE = re.compile(
    r"^[ \t]*This release of nerdctl is expected to be used with containerd[ \t]+(?P<versions>[^\n]*?)\.?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINE = r"v?([0-9]{1,3}\.[0-9]{1,3})"
_LIST = re.compile(rf"{_LINE}(?:, {_LINE})*(?:,? (?:or|and) {_LINE})?", re.IGNORECASE)
_OPEN = re.compile(rf"(?:(?:>=|≥) ?{_LINE}|{_LINE} (?:or|and) (?:later|newer|above))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantFor:
    """The lines of containerd that a release of nerdctl is meant for.

    Attributes:
        lines: as ``"1.7"``, in the order of the text; one alone when the end is open.
        is_open_ended: that line and all later ones.
    """

    lines: tuple[str, ...]
    is_open_ended: bool = False


def mentions_versions(notes: str) -> bool:
    """Whether the notes speak of versions of containerd at all, in whatever form."""
    return bool(_MENTION.search(notes))


def read_sentence(notes: str) -> MeantFor | None:
    """Return what the notes say; ``None`` when they say nothing, or nothing that is beyond doubt.

    Beyond doubt is one sentence of a known form that makes a line of its own, outside of comments; the same sentence
    twice is one. Any other mention beside it leaves a doubt.
    """
    visible = _COMMENT.sub("", notes.replace("\r\n", "\n"))
    found = {_read_versions(match["versions"]) for match in _SENTENCE.finditer(visible)}
    mentions = len(_MENTION.findall(visible))
    if len(found) != 1 or mentions != len(_SENTENCE.findall(visible)):
        return None
    return found.pop()


def _read_versions(text: str) -> MeantFor | None:
    if match := _OPEN.fullmatch(text):
        return MeantFor(lines=(match[1] or match[2],), is_open_ended=True)
    if not _LIST.fullmatch(text):
        return None
    lines = tuple(re.findall(_LINE, text, re.IGNORECASE))
    return MeantFor(lines=lines) if len(set(lines)) == len(lines) else None
