"""The words and shapes that pages share: verdicts, outcomes, times, sizes, counts."""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.model import Outcome, VerdictKind
from tracker.render.escape import Md

if TYPE_CHECKING:
    from datetime import datetime

MIXED = "mixed"
INFERRED = "broken (inferred)"

SHAPES: dict[str, str] = {
    VerdictKind.WORKS: "✓",
    VerdictKind.BROKEN: "✗",
    INFERRED: "✗",
    VerdictKind.FLAKY: "≈",
    VerdictKind.STALE: "◐",
    VerdictKind.UNRESOLVED: "?",
    VerdictKind.LIKELY: "◇",
    VerdictKind.EXPECTED: "△",
    VerdictKind.DOUBTFUL: "▽",
    VerdictKind.UNTESTED: "○",
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.ERROR: "!",
    Outcome.SKIP: "\N{EN DASH}",
    Outcome.NOT_REACHED: "○",
}
"""The shape that goes with each word, so that no meaning hangs on colour alone."""

_SHOWN = {Outcome.NOT_REACHED.value: "not reached"}
_KIBI = 1024


def mark(word: str) -> Md:
    """Return the shape and the word of a verdict or an outcome; inside a link of its own, HTML gives it a colour."""
    return Md(f"{SHAPES[word]} {_SHOWN.get(word, word)}")


def anchor(word: str) -> str:
    """Return the word's fragment on the method page, which is also its style class."""
    return _SHOWN.get(word, word).lower().replace(" ", "-").translate({ord("("): "", ord(")"): ""})


MARKS: dict[str, str] = {mark(word): anchor(word) for word in SHAPES}
"""The style class that goes with each mark."""


LETTERS: dict[str, str] = {
    VerdictKind.WORKS: "W",
    VerdictKind.BROKEN: "B",
    INFERRED: "Bi",
    VerdictKind.FLAKY: "F",
    VerdictKind.STALE: "S",
    VerdictKind.UNRESOLVED: "U",
    VerdictKind.LIKELY: "L",
    VerdictKind.EXPECTED: "E",
    VerdictKind.DOUBTFUL: "D",
    VerdictKind.UNTESTED: "N",
}
"""The letters of narrow cells, so that a verdict is told by shape, letter and colour."""

_ASIDE = "\\*"
_CELLS = {f"{SHAPES[word]} {letter}": anchor(word) for word, letter in LETTERS.items()}


def cell(word: str, seen: str, *, is_aside: bool = False) -> Md:
    """Return shape, letter and age of a verdict for a narrow cell; a star for one with other parts beside it."""
    parts = [SHAPES[word], LETTERS[word] + (_ASIDE if is_aside else ""), seen]
    return Md(" ".join(part for part in parts if part))


def style_of(shown: str) -> str:
    """Return the style class of a mark or of a narrow cell, as it is shown; empty for any other text."""
    first, _, rest = shown.partition(" ")
    return MARKS.get(shown) or _CELLS.get(f"{first} {rest.partition(' ')[0].removesuffix('*')}", "")


@lru_cache(maxsize=1 << 14)
def day(when: datetime | None) -> Md:
    """Return the UTC date; empty for ``None``."""
    return Md(when.astimezone(UTC).strftime("%Y-%m-%d")) if when else Md("")


@lru_cache(maxsize=1 << 14)
def minute(when: datetime | None) -> Md:
    """Return the UTC date and time to the minute; empty for ``None``."""
    return Md(when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")) if when else Md("")


def count(number: int, one: str, many: str = "") -> Md:
    """Return ``number`` with its noun: ``1 run``, ``3 runs``, ``12,000 runs``."""
    return Md(f"{number:,} {one if number == 1 else many or f'{one}s'}")


def seconds(duration: float) -> Md:
    """Return a duration in seconds with two decimals."""
    return Md(f"{duration:.2f}\N{NO-BREAK SPACE}s")


def size(octets: int | None) -> Md:
    """Return a size in bytes, and in larger units where they help; empty for ``None``."""
    if octets is None:
        return Md("")
    amount, unit = float(octets), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if amount < _KIBI:
            break
        amount, unit = amount / _KIBI, larger
    return Md(f"{octets:,} B") if unit == "B" else Md(f"{amount:.1f} {unit} ({octets:,} B)")
