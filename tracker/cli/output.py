"""What commands print: answers on standard output, everything else on standard error.

A reader that went away (`tracker runs | head`) takes nothing from what a command does, nor from its exit code.
"""

from __future__ import annotations

import json
import os
import sys
from typing import IO, TYPE_CHECKING, Any

from tracker.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


def print_json(schema: str, document: Mapping[str, Any]) -> None:
    """Print a machine-readable answer; ``schema`` names its form and version (``check/1``)."""
    _write(sys.stdout, json.dumps({"schema": schema, **document}, indent=2, ensure_ascii=False, default=str))


def say(text: str) -> None:
    """Print a line of the answer."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Print a line of progress or advice to standard error; where that cannot be written, the work goes on."""
    try:
        _write(sys.stderr, text)
        finish(sys.stderr)
    except OutputError:
        _turn_away(sys.stderr)


def finish(stream: IO[str] | None) -> None:
    """Write what is still held back of an output.

    Raises:
        OutputError: it cannot be written for another reason than that its reader is gone.
    """
    if stream is None:
        return
    try:
        stream.flush()
    except BrokenPipeError:
        _turn_away(stream)
    except OSError as error:
        # What is held back would be tried once more when the program ends, and complained of.
        _turn_away(stream)
        raise _unwritten(error) from error


def _write(stream: IO[str] | None, text: str) -> None:
    """Print a line; a program that was started with a closed output has none."""
    if stream is None:
        return
    try:
        print(text, file=stream)
    except BrokenPipeError:
        _turn_away(stream)
    except OSError as error:
        _turn_away(stream)
        raise _unwritten(error) from error


def _unwritten(error: OSError) -> OutputError:
    return OutputError(
        f"the answer cannot be written: {error.strerror or error}", hint="What was done is stored; ask again."
    )


def _turn_away(stream: IO[str]) -> None:
    """Let all that is still to be written to an output vanish."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


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
