"""Which lines of a log a page shows: head, tail, and those around the cause; never more than a reader takes in."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.render import ansi

HEAD, TAIL, AROUND = 40, 120, 10
"""Lines of a log that is too long: at its start, at its end, before and after the cause."""
MOST = 240
"""Lines of a log that is shown whole."""
LONGEST = 2000
"""Characters of a line, escape sequences included."""


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring lines of a log.

    Attributes:
        skipped: how many lines before these are left out.
        text: the lines, without a line feed at the end.
    """

    skipped: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """What a page shows of a log.

    Attributes:
        parts: in order; the first one begins the log, the last one ends it.
        cut_lines: how many of the shown lines were too long.
    """

    parts: tuple[Part, ...]
    cut_lines: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return not self.cut_lines and not any(part.skipped for part in self.parts)


def excerpt(log: str, cause: str = "") -> Excerpt:
    """Return the part of ``log`` that is shown.

    Args:
        log: as it was kept; a blank end is left out.
        cause: the text of which the first line that holds it is always shown; ``""`` when nothing is asked for.
    """
    lines = ansi.unix(log).strip("\n").split("\n")
    shown = _shown(lines, cause)
    parts: list[Part] = []
    end = 0
    for first, last in shown:
        text = "\n".join(_cut(line) for line in lines[first:last])
        parts.append(Part(first - end, text))
        end = last
    cut = sum(len(line) > LONGEST for first, last in shown for line in lines[first:last])
    return Excerpt(parts=tuple(parts), cut_lines=cut)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"


def is_overwritten(log: str) -> bool:
    """Whether a line of ``log`` was written over, so that a terminal shows less than was said."""
    return "\r" in ansi.unix(log)


def _shown(lines: list[str], cause: str) -> list[tuple[int, int]]:
    """Return the ranges of lines that are shown, in order; they neither touch nor overlap."""
    if len(lines) <= MOST:
        return [(0, len(lines))]
    wanted = [(0, HEAD)]
    place = _place(lines, cause)
    if place is not None:
        wanted.append((max(0, place - AROUND), min(len(lines), place + AROUND + 1)))
    wanted.append((len(lines) - TAIL, len(lines)))
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(wanted):
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges


def _place(lines: list[str], cause: str) -> int | None:
    told = ansi.plain(cause).strip().split("\n")[0]
    if not told:
        return None
    return next((number for number, line in enumerate(lines) if told in ansi.plain(line)), None)
