"""Until when containerd's authors support each line, by their own table.

Support says nothing of whether parts work together: these declarations are for information.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from tracker.api import (
    Condition,
    Declaration,
    DeclarationKind,
    DeclaredView,
    Expectation,
    WatchedFile,
    hookimpl,
)

from .declared_facts import read_facts
from .declared_support_table import SupportRow, read_row, read_table
from .names import CONTAINERD, SUPPORT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Row(msgspec.Struct):
    release: str
    status: str
    start: str
    end: str
    note: str = ""


class _File(msgspec.Struct):
    source: str
    read_on: date
    rows: list[_Row]


class ContainerdSupport:
    """Reads the table as it was last seen; where it was never seen, the copy that this plugin brings."""

    name = "containerd-support"

    def declare(self, view: DeclaredView) -> Iterator[Declaration]:
        """Yield one declaration for each line that the table tells of.

        A table that is seen and not understood yields none: the old copy would pass for today's word.
        """
        seen = [one for one in view.sightings if isinstance(one, WatchedFile) and one.name == SUPPORT_FILE]
        texts = [one for one in seen if one.text]
        if texts:
            for row in read_table(texts[0].text):
                yield _declaration(row, provenance=texts[0].url)
        else:
            yield from _brought_along()


def _brought_along() -> Iterator[Declaration]:
    facts = read_facts("containerd_support", _File)
    for one in facts.rows:
        row = read_row(one.release, one.status, one.start, one.end)
        if row is not None:
            yield _declaration(row, provenance=facts.source, said_on=facts.read_on, note=one.note)


def _declaration(row: SupportRow, *, provenance: str, said_on: date | None = None, note: str = "") -> Declaration:
    remarks = [note] if note else []
    if row.end and row.end.has_footnote and not note:
        remarks.append("The table has a footnote to this date.")
    if any(one and one.is_tentative for one in (row.start, row.end)):
        remarks.append("The table calls the dates tentative.")
    return Declaration(
        id=f"containerd-support:{row.line}",
        kind=DeclarationKind.SUPPORT,
        expectation=Expectation.NOTHING,
        conditions=(Condition(name=CONTAINERD, lines=(row.line,)),),
        sentence=_sentence(row),
        reason=" ".join(remarks),
        provenance=provenance,
        confidence="table read",
        said_on=said_on,
        until=row.end.day if row.end else None,
    )


def _sentence(row: SupportRow) -> str:
    about = f"containerd {row.line} ({row.status})"
    end = row.end.day.isoformat() if row.end else ""
    if row.status.lower() == "future":
        start = f" for {row.start.day.isoformat()}" if row.start else ""
        return f"{about} is planned{start}" + (f", with support until {end}" if end else "")
    if row.status.lower() == "end of life":
        return f"support for {about} ended" + (f" on {end}" if end else "")
    return f"{about} is supported" + (f" until {end}" if end else "; no end is told")


@hookimpl
def tracker_declared_evidence() -> tuple[ContainerdSupport, ...]:
    """Return the reader of containerd's table."""
    return (ContainerdSupport(),)
