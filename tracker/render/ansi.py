"""Terminal output as text in colours: what a log means by its escape sequences, as pieces with style classes.

Colours (16, 256 and true colour) become the sixteen names that the style sheet knows, bold and the like a class each.
Everything else that steers a terminal (titles, links, cursor movement, erasing) is dropped, so that nothing in a log
can hide or reorder what the log says. A line that was written over and over shows what it said last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rich.ansi import AnsiDecoder
from rich.color import ColorSystem

from tracker.render import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.color import Color
    from rich.style import Style

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
CLASSES = tuple(f"ansi-{kind}{name}" for kind in ("", "bright-", "on-", "on-bright-") for name in NAMES)
EFFECTS = ("bold", "dim", "italic", "underline", "strike")

# ECMA-48, chapter 5: strings up to their end (or the line's: an unfinished one must not swallow the log), then control
# sequences, then the short ones; what is left of a sequence that the log's bound cut off is dropped as well.
_STRING = r"\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
_OTHER = r"\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?"
_COLOUR = r"\x1b\[([0-9;:]{0,64})m"
_SEQUENCE = re.compile(f"{_COLOUR}|{_STRING}|{_OTHER}")
_COLOUR_ONLY = re.compile(_COLOUR)
_LINE_END = re.compile(r"\r+\n")
_SPACE_OF_COLOURS = re.compile(r"([34]8:2):\d*:(\d*:\d*:\d*)")


class Piece(NamedTuple):
    """Some text of one look.

    Attributes:
        text: plain, visible; may hold line feeds.
        classes: of the style sheet, in the order of ``CLASSES`` and ``EFFECTS``.
    """

    text: str
    classes: tuple[str, ...]


def unix(log: str) -> str:
    """Return ``log`` with line feeds alone at the ends of its lines; carriage returns inside of a line stay."""
    return _LINE_END.sub("\n", log).rstrip("\r")


def plain(log: str) -> str:
    """Return everything that ``log`` says, without colours; what a line said before it was written over has a line."""
    return escape.visible(_SEQUENCE.sub("", unix(log)))


def pieces(log: str) -> tuple[Piece, ...]:
    """Return what a terminal would show of ``log``, in order; neighbours differ in their classes."""
    decoder, found = AnsiDecoder(), list[Piece]()
    lines = unix(log).split("\n")
    for number, line in enumerate(lines):
        for piece in _line(decoder, line):
            _add(found, piece)
        if number < len(lines) - 1:
            _add(found, Piece("\n", found[-1].classes if found else ()))
    return tuple(found)


def _add(found: list[Piece], piece: Piece) -> None:
    if found and found[-1].classes == piece.classes:
        found[-1] = Piece(found[-1].text + piece.text, piece.classes)
    elif piece.text:
        found.append(piece)


def _line(decoder: AnsiDecoder, line: str) -> Iterator[Piece]:
    shown = _SEQUENCE.sub(_colours, _last_said(line))
    if "\x1b" not in shown and not decoder.style:
        yield Piece(escape.visible(shown), ())
        return
    # The decoder drops some control characters silently; as pictures they stay.
    text = decoder.decode_line("\x1b".join(escape.visible(part) for part in shown.split("\x1b")))
    end = 0
    for span in text.spans:
        yield Piece(text.plain[end : span.start], ())
        yield Piece(text.plain[span.start : span.end], _classes(span.style))
        end = span.end
    yield Piece(text.plain[end:], ())


def _last_said(line: str) -> str:
    """Return the text after the last carriage return that has one behind it, with the colours that hold there."""
    *before, last = line.rstrip("\r").split("\r")
    return "".join(match[0] for part in before for match in _COLOUR_ONLY.finditer(part)) + last


def _colours(match: re.Match[str]) -> str:
    """Return a colour sequence with semicolons alone, and nothing for any other sequence."""
    if match[1] is None:
        return ""
    codes = _SPACE_OF_COLOURS.sub(r"\1:\2", match[1]).split(";")
    told = (code.replace(":", ";") if code.startswith(("38:", "48:")) else code.split(":")[0] for code in codes)
    return f"\x1b[{';'.join(told)}m"


def _classes(style: str | Style) -> tuple[str, ...]:
    if isinstance(style, str):
        return ()
    ink, paper = style.color, style.bgcolor
    if style.reverse:
        ink, paper = paper, ink
    found = (_named(ink, "ansi-"), _named(paper, "ansi-on-"), "ansi-reverse" if _is_bare(style) else "")
    effects = (f"ansi-{effect}" for effect in EFFECTS if getattr(style, effect))
    return tuple(name for name in (*found, *effects) if name)


def _is_bare(style: Style) -> bool:
    """Whether it is the page's own two colours that change places."""
    return bool(style.reverse) and style.color is None and style.bgcolor is None


def _named(color: Color | None, prefix: str) -> str:
    if color is None or color.is_default:
        return ""
    number = color.downgrade(ColorSystem.STANDARD).number or 0
    return f"{prefix}{'bright-' if number >= len(NAMES) else ''}{NAMES[number % len(NAMES)]}"
