"""A line with its variables replaced, which still knows where in the line everything stood."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.pins.expressions import BY_COMMAND, NOT_SET, TOO_MUCH, Expressions, Substitution
from tracker.pins.variables import Held

if TYPE_CHECKING:
    from tracker.pins.unknowns import Unknowns
    from tracker.pins.variables import Variables

_START = re.compile(r"\$|\{\{|%(?=[A-Za-z_])|(?<=[\w./-])\{(?=\w{0,40}\})")
_VARIABLE = re.compile(
    r"\$(?P<scope>(?i:env|global|local|private|script|using):)?(?P<name>[A-Za-z_][A-Za-z0-9_]{0,99}|\d(?![\d.]))"
)
_PERCENT = re.compile(r"%(?P<name>[A-Za-z_]\w{0,99})%")
_ASSIGNED = re.compile(r"\}?[ \t]*(?::|\?)?=(?![=~])")
_BEFORE_ASSIGNED = re.compile(r"(?:^|[;{(,\]])[ \t]*$")
_LONGEST = 300
_DEEPEST = 4
_LONGEST_EXCERPT = 200
_MOST_UNCLOSED = 50


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of an expanded line: where it begins there and in the line itself, and what it came from."""

    start: int
    origin: int
    held: Held | None


@dataclass(frozen=True, slots=True)
class Expanded:
    """A line with its variables replaced.

    Attributes:
        text: what it became; unknown parts are markers.
        line: its 1-based number.
        source: the line itself.
        pieces: in order; the first begins at 0.
    """

    text: str
    line: int
    source: str
    pieces: tuple[_Piece, ...]

    def _piece(self, place: int) -> _Piece:
        return self.pieces[bisect_right(self.pieces, place, key=lambda piece: piece.start) - 1]

    def column(self, place: int) -> int:
        """Return the 1-based column of the line itself at which ``text[place]`` stood, or its variable."""
        piece = self._piece(place)
        return piece.origin + 1 + (0 if piece.held else place - piece.start)

    def excerpt(self, place: int) -> str:
        """Return the stripped line; of a long one 200 characters around where ``text[place]`` stood."""
        line = self.source.strip() if len(self.source) <= _LONGEST_EXCERPT else self.source
        start = max(0, min(self.column(place) - _LONGEST_EXCERPT // 2, len(line) - _LONGEST_EXCERPT))
        return printable(line[start : start + _LONGEST_EXCERPT].strip())

    def written_on(self, start: int) -> int:
        """Return the line on which the text at ``start`` is written."""
        held = self._piece(start).held
        return held.line if held else self.line

    def is_one_variable(self, start: int, end: int) -> bool:
        """Return whether all from ``start`` to ``end`` came out of one variable."""
        piece = self._piece(start)
        return piece.held is not None and end <= piece.start + len(piece.held.text)


def printable(text: str) -> str:
    """Return a stranger's text fit for a terminal: no character of it moves or colours anything."""
    if text.isprintable():
        return text
    return "".join(" " if one == "\t" else one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def unexpanded(line: str, number: int) -> Expanded:
    """Return a line whose variables are not replaced."""
    return Expanded(line, number, line, (_Piece(0, 0, None),))


def expand(line: str, number: int, variables: Variables, unknowns: Unknowns) -> Expanded:
    """Return ``line`` with its variables replaced; the names that it assigns stay as they are."""
    if not ("$" in line or "{" in line or "%" in line):
        return unexpanded(line, number)
    return _Expansion(line, number, variables, unknowns).whole()


class _Expansion:
    def __init__(self, line: str, number: int, variables: Variables, unknowns: Unknowns) -> None:
        self._line = line
        self._number = number
        self._variables = variables
        self._unknowns = unknowns
        self._expressions = Expressions(variables, unknowns, number)
        self._unclosed = 0

    def whole(self, depth: int = 0) -> Expanded:
        texts: list[str] = []
        pieces: list[_Piece] = []
        length = done = at = 0
        while (match := _START.search(self._line, at)) and self._unclosed < _MOST_UNCLOSED:
            at = match.end()
            end, held = self._substitution(match.start(), depth)
            if held is None:
                continue
            start, at = _without_quotes(self._line, match.start(), end)
            literal = self._line[done:start]
            pieces += [_Piece(length, done, None), _Piece(length + len(literal), match.start(), held)]
            texts += [literal, held.text]
            length += len(literal) + len(held.text)
            done = at
        pieces.append(_Piece(length, done, None))
        return Expanded("".join((*texts, self._line[done:])), self._number, self._line, tuple(pieces))

    def _substitution(self, start: int, depth: int) -> tuple[int, Held | None]:
        """Return where the substitution at ``start`` ends and what it yields; ``None`` when there is none."""
        line = self._line
        if line.startswith("$$", start):
            return start + 1, Held("", self._number)
        for opening, closing in (("${{", "}}"), ("{{", "}}"), ("${", "}"), ("$(", ")"), ("{", "}")):
            if line.startswith(opening, start):
                return self._enclosed(start, opening, closing, depth)
        return self._named(start)

    def _named(self, start: int) -> tuple[int, Held | None]:
        percent = _PERCENT.match(self._line, start)
        if percent:
            held = self._variables.find(percent["name"], ignore_case=True)
            return percent.end(), held
        match = _VARIABLE.match(self._line, start)
        if match is None or self._is_assigned(start, match.end()):
            return start + 1, None
        return match.end(), self._expressions.variable(match["name"], match[0], ignore_case=bool(match["scope"]))

    def _is_assigned(self, start: int, end: int) -> bool:
        if not _ASSIGNED.match(self._line, end):
            return False
        return _BEFORE_ASSIGNED.search(self._line[max(0, start - 40) : start]) is not None

    def _enclosed(self, start: int, opening: str, closing: str, depth: int) -> tuple[int, Held | None]:
        line = self._line
        inside_from = start + len(opening)
        inside_to = _closing(line, inside_from, opening[-1], closing)
        if inside_to < 0:
            self._unclosed += 1
            return start + 1, None
        end = inside_to + len(closing)
        one = Substitution(line[inside_from:inside_to], line[start:end])
        if opening == "${" and self._is_assigned(start, inside_to):
            return start + 1, None
        if opening == "{":
            return end, self._positional(one)
        if closing == "}}":
            return end, self._expressions.template(one)
        if opening == "$(":
            return end, self._expressions.parenthesised(one)
        held, default = self._expressions.braced(one)
        return end, self._default(default, one, depth) if default else held

    def _positional(self, one: Substitution) -> Held:
        """Return what ``{name}`` or ``{0}`` yields in a text that a program fills in."""
        found = self._variables.find(one.inside) if one.inside and not one.inside.isdigit() else None
        return found or self._expressions.unknown(one.shown, NOT_SET)

    def _default(self, text: str, one: Substitution, depth: int) -> Held:
        if depth >= _DEEPEST:
            return self._expressions.unknown(one.shown, TOO_MUCH)
        bare = text[1:-1] if text[:1] == text[-1:] and text[:1] in {"'", '"'} and len(text) > 1 else text
        if bare.startswith("`"):
            return self._expressions.unknown(one.shown, BY_COMMAND)
        inner = _Expansion(bare, self._number, self._variables, self._unknowns).whole(depth + 1)
        return Held(inner.text, self._number)


def _without_quotes(line: str, start: int, end: int) -> tuple[int, int]:
    """Return where a substitution begins and ends with the quotes in which the shell joins it to what is before."""
    is_quoted = start > 1 and line[start - 1] == '"' and line.startswith('"', end)
    joins = is_quoted and (line[start - 2].isalnum() or line[start - 2] in "/._-")
    return (start - 1, end + 1) if joins else (start, end)


def _closing(line: str, start: int, opening: str, closing: str) -> int:
    """Return where ``closing`` ends what began before ``start``, counting what is nested; -1 when it is too far."""
    if closing == "}}":
        return line.find(closing, start, start + _LONGEST)
    depth = 0
    for place in range(start, min(len(line), start + _LONGEST)):
        if line[place] == closing:
            if depth == 0:
                return place
            depth -= 1
        elif line[place] == opening:
            depth += 1
    return -1
