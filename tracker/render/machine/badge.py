"""Draws a badge: two boxes with a word each, as SVG that needs no font, no script and no other file.

Every text is stretched to the width that its box was drawn for (``textLength``), so that it fits in any font.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape as markup

from tracker.render import escape

_HEIGHT = 20
_ROLE = 'role="img" aria-labelledby="t"'
_PAD = 6
_LONGEST = 160
# Tenths of a pixel at 11 pixels: advance widths of DejaVu Sans (its own table hmtx, 2048 units an em), rounded up.
_NARROW = {**dict.fromkeys("ijl'|", 32), **dict.fromkeys(' .,:;!Itfr()[]/\\-"`', 45)}
_WIDE = {**dict.fromkeys("mwMW@%", 112), **dict.fromkeys("ABCDEGHKNOPQRSTUVXYZ&<>=+~#", 93)}
_USUAL = 71
_FAR_EAST = 0x2E80


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours of the right box and its text; each pair has a contrast of at least 4.5 to 1 (WCAG 2.2, AA)."""

    ground: str
    ink: str = "#fff"


GOOD = Paint("#1a7f37")
BAD = Paint("#b3261e")
OLD = Paint("#7a5c00")
UNKNOWN = Paint("#57606a")
_LEFT = Paint("#24292f")


def svg(label: str, message: str, paint: Paint, title: str) -> bytes:
    """Return the badge's file.

    Args:
        label: text of the left box.
        message: text of the right box.
        paint: colours of the right box.
        title: the whole statement, for who does not see the picture.
    """
    left, right, said = _flat(label), _flat(message), markup(escape.for_xml(title))
    first, second = _box(left), _box(right)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="{_HEIGHT}" {_ROLE}>',
        f'<title id="t">{said}</title>',
        f'<rect width="{first}" height="{_HEIGHT}" fill="{_LEFT.ground}"/>',
        f'<rect x="{first}" width="{second}" height="{_HEIGHT}" fill="{paint.ground}"/>',
        '<g font-family="DejaVu Sans,Verdana,Geneva,sans-serif" font-size="11">',
        _words(left, _PAD, first, _LEFT.ink),
        _words(right, first + _PAD, second, paint.ink),
        "</g>",
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _words(words: str, x: int, box: int, ink: str) -> str:
    width = box - 2 * _PAD
    return (
        f'<text x="{x}" y="14" fill="{ink}" textLength="{width}" lengthAdjust="spacingAndGlyphs">{markup(words)}</text>'
    )


def _box(words: str) -> int:
    tenths = sum(_width(letter) for letter in words)
    return -(-tenths // 10) + 2 * _PAD


def _width(letter: str) -> int:
    if ord(letter) >= _FAR_EAST:
        return _WIDE["m"]
    return _NARROW.get(letter) or _WIDE.get(letter) or _USUAL


def _flat(words: str) -> str:
    flat = escape.for_xml(words)
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
