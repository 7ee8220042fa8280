"""What commands print: answers on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


def print_json(schema: str, document: Mapping[str, Any]) -> None:
    """Print a machine-readable answer; ``schema`` names its form and version (``check/1``)."""
    print(json.dumps({"schema": schema, **document}, indent=2, ensure_ascii=False, default=str))  # noqa: T201


def say(text: str) -> None:
    """Print a line of the answer."""
    print(text)  # noqa: T201


def note(text: str) -> None:
    """Print a line of progress or advice to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """Print a table as wide as it needs to be, so that it can be piped; ``empty`` when there is no row."""
    if not rows:
        say(empty)
        return
    cells = [list(columns), *[[cell.replace("\n", " ") for cell in row] for row in rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    for number, row in enumerate(cells):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            say("  ".join("-" * width for width in widths))


def moment(at: datetime | None) -> str:
    """Return a time as people read it: UTC to the minute, or a dash."""
    return at.strftime("%Y-%m-%d %H:%M") if at else "-"


def instant(at: datetime | None) -> str | None:
    """Return a time for machines: ISO 8601 with its zone."""
    return at.isoformat() if at else None
