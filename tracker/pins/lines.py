"""The lines of a text: which are code, which are prose or comment, and which somebody has marked.

In Markdown and its like only fenced code is code. A comment's own words are no pin; a mark in a comment
(``# tracker: containerd``) speaks of its line, or of the next one when the comment has a line of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from tracker.pins.unknowns import without_markers

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDS = re.compile(r"\r\n|\n|\r")
_PROSE = (".adoc", ".asciidoc", ".htm", ".html", ".markdown", ".md", ".mdown", ".mdx", ".mkd", ".rst")
_PROGRAMS = (
    *(
        ".c",
        ".cc",
        ".cpp",
        ".cs",
        ".go",
        ".h",
        ".hpp",
        ".java",
        ".js",
        ".jsx",
        ".kt",
        ".php",
        ".proto",
        ".py",
        ".rb",
        ".rs",
    ),
    *(".scala", ".swift", ".ts", ".tsx"),
)
_FENCE = re.compile(r"\s{0,12}(?:>\s?)?(?:[-*]\s+)?(`{3,}|~{3,})\s*([\w-]*)")
_CONSOLES = frozenset({"console", "ps1con", "pwsh-session", "sh-session", "shell-session", "shellsession"})
_COMMENT = re.compile(r"\s*(?:#(?!define\b)|//|;|<!--|-- |::|@?(?i:rem)\b(?!\s*=))")
_TRAILING = re.compile(r"(?<=\s)(?:#|//)(?=\s|$)|<!--")
_BLOCKS = (("<#", "#>"), ("/*", "*/"), ("<!--", "-->"))
_MARK = re.compile(r"(?:#|//|;|--|::|\b(?i:rem)\b)\s*tracker:\s*(?P<name>[A-Za-z0-9@][\w./@-]{0,99})")
_DEPENDENCY = re.compile(r"(?:#|//|;|--|::|\b(?i:rem)\b).{0,300}?\b(?:depName|packageName)=(?P<name>[\w./-]{1,200})")


class Kind(Enum):
    """What a line is."""

    CODE = auto()
    PROSE = auto()
    COMMENT = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a comment says of a line.

    Attributes:
        name: of the part that the line pins; ``ignore`` for a line that is left out.
        is_ours: it was written for this reading, not for another program.
    """

    name: str
    is_ours: bool

    @property
    def leaves_out(self) -> bool:
        """Whether the line is left out."""
        return self.is_ours and self.name == "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a text.

    Attributes:
        number: 1-based.
        text: the whole of it, without its end.
        code: its front, without a comment that ends it.
        kind: what it is.
        mark: what a comment says of it; ``None`` for most.
    """

    number: int
    text: str
    code: str
    kind: Kind
    mark: Mark | None = None


@dataclass(slots=True)
class _Reader:
    is_prose: bool
    fence: str = ""
    is_console: bool = False
    block_end: str = ""
    mark: Mark | None = None

    def line(self, number: int, text: str) -> Line:
        if self.is_prose and (fence := _FENCE.match(text)) and self._turns(fence):
            return Line(number=number, text=text, code="", kind=Kind.PROSE)
        kind = self._kind(text)
        has_own_line, named = _mark_of(text)
        mark = None
        if has_own_line:
            self.mark = named
        elif kind is not Kind.COMMENT and text.strip():
            mark = named or self.mark
            self.mark = None
        return Line(number=number, text=text, code=self._code(text, kind), kind=kind, mark=mark)

    def _turns(self, fence: re.Match[str]) -> bool:
        """Begin or end fenced code; return whether the line does either."""
        marks, language = fence[1], fence[2]
        if not self.fence:
            self.fence = marks
            self.is_console = language.lower() in _CONSOLES
            return True
        if marks.startswith(self.fence) and not language:
            self.fence = ""
            self.block_end = ""
            return True
        return False

    def _kind(self, text: str) -> Kind:
        if self.block_end:
            if self.block_end in text:
                self.block_end = ""
            return Kind.COMMENT
        stripped = text.lstrip()
        for begin, end in _BLOCKS:
            if stripped.startswith(begin):
                self.block_end = "" if end in stripped[len(begin) :] else end
                return Kind.COMMENT
        if self.is_prose and not self.fence:
            return Kind.PROSE
        return Kind.COMMENT if not self.is_console and _COMMENT.match(text) else Kind.CODE

    def _code(self, text: str, kind: Kind) -> str:
        if kind is Kind.COMMENT:
            return ""
        if kind is Kind.PROSE:
            return text
        for match in _TRAILING.finditer(text):
            front = text[: match.start()]
            if front.count('"') % 2 == 0:
                return front
            break
        return text


def lines_of(text: str, path: str) -> Iterator[Line]:
    """Yield the lines of ``text``, first to last.

    Args:
        text: any text.
        path: its name; its ending tells prose from code, and nothing is opened.
    """
    reader = _Reader(is_prose=path.lower().endswith(_PROSE))
    for number, line in enumerate(_ENDS.split(text), start=1):
        yield reader.line(number, without_markers(line))


def is_program(path: str) -> bool:
    """Return whether a bare word in the file at ``path`` is a name of the program, not a value."""
    return path.lower().endswith(_PROGRAMS)


def _mark_of(text: str) -> tuple[bool, Mark | None]:
    """Return whether a mark has the line to itself, so that it speaks of the next one, and the mark."""
    if "tracker:" not in text and "ame=" not in text:
        return False, None
    ours = _MARK.search(text)
    match = ours or _DEPENDENCY.search(text)
    if match is None:
        return False, None
    front = text[: match.start()].strip().removesuffix("<!").rstrip()
    return front in {"", "-", "*", "{", "@"}, Mark(match["name"], is_ours=ours is not None)
