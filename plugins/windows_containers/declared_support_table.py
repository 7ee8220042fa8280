"""containerd's table of supported releases, as it stands in RELEASES.md of its repository (read 2026-08-22).

A Markdown table with the columns Release, Status, Start and End of Life. Another header is another table, and a row
that is not understood is left out: no statement is better than a wrong one.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_COLUMNS = ("release", "status", "start", "end of life")
_STATUSES = frozenset({"future", "alpha", "beta", "rc", "active", "extended", "lts", "end of life"})
_BRANCH = re.compile(r"\[?v?(?P<line>[0-9]{1,3}\.[0-9]{1,3})(?:\]\([^()\s]*\))?")
_DATE = re.compile(
    r"(?P<month>[A-Za-z]{3,9})\.?(?: (?P<day>[0-9]{1,2}))?,? (?P<year>[0-9]{4})"
    r"(?P<footnote>\*{0,3})(?P<tentative> \(tentative\))?"
)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDate:
    """A day as the table tells it.

    Attributes:
        day: the day, or the last one of the month when no day is told.
        is_tentative: marked so.
        has_footnote: marked with asterisks.
    """

    day: date
    is_tentative: bool = False
    has_footnote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRow:
    """One line of releases: its state in words, and until when it is supported (``None`` where that is not told)."""

    line: str
    status: str
    start: TableDate | None
    end: TableDate | None


def read_table(text: str) -> tuple[SupportRow, ...]:
    """Return the rows of the first table of supported releases, in its order; nothing when there is no such table.

    A line that stands in two rows is left out: one of them must be wrong.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines[:-1]):
        cells = _cells(line)
        header = [_plain(cell).lower() for cell in cells or ()]
        if all(header.count(name) == 1 for name in _COLUMNS) and _is_ruler(lines[number + 1], len(header)):
            rows = _rows(lines[number + 2 :], header)
            return tuple(row for row in rows if sum(other.line == row.line for other in rows) == 1)
    return ()


def read_date(text: str) -> TableDate | None:
    """Return the day that a cell tells; ``None`` for a dash, "TBD" and whatever is no date."""
    match = _DATE.fullmatch(_plain(text))
    if match is None:
        return None
    month = _month(match["month"])
    year = int(match["year"])
    if not month or not date.min.year <= year:
        return None
    last = calendar.monthrange(year, month)[1]
    day = int(match["day"]) if match["day"] else last
    if not 1 <= day <= last:
        return None
    return TableDate(
        day=date(year, month, day), is_tentative=bool(match["tentative"]), has_footnote=bool(match["footnote"])
    )


def read_row(release: str, status: str, start: str, end: str) -> SupportRow | None:
    """Return what the four cells say; ``None`` when the release or its state is not understood."""
    branch = _BRANCH.fullmatch(release.strip())
    state = _plain(status)
    if branch is None or release.count("[") != release.count("]") or state.lower() not in _STATUSES:
        return None
    return SupportRow(line=branch["line"], status=state, start=read_date(start), end=read_date(end))


def _rows(lines: list[str], header: list[str]) -> list[SupportRow]:
    found = []
    for line in lines:
        cells = _cells(line)
        if cells is None:
            break
        if len(cells) == len(header):
            row = read_row(*(cells[header.index(name)] for name in _COLUMNS))
            if row is not None:
                found.append(row)
    return found


def _cells(line: str) -> list[str] | None:
    """Return the cells of a row; ``None`` when the line is no row of a table."""
    stripped = line.strip()
    minimum = 2
    if len(stripped) < minimum or not (stripped.startswith("|") and stripped.endswith("|")):
        return None
    return [cell.strip() for cell in stripped[1:-1].split("|")]


def _is_ruler(line: str, count: int) -> bool:
    cells = _cells(line)
    return cells is not None and len(cells) == count and all(re.fullmatch(r":?-+:?", cell) for cell in cells)


def _plain(cell: str) -> str:
    """Return the cell without emphasis by underscores; asterisks at the end are footnotes."""
    return " ".join(re.sub(r"(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])", "", cell).split())


def _month(name: str) -> int:
    """Return the month's number; names may be cut short after three letters ("Sept"). 0 when there is none."""
    return next((number for full, number in _MONTHS.items() if full.startswith(name.lower())), 0)
