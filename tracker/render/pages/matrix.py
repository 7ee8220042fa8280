"""Every live combination in one table for each capability, untested ones included."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from tracker.model import Combination, VerdictKind
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text
from tracker.render.pages import pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Axis, Value
    from tracker.render.knowledge import Knowledge

    Line = tuple[Value, ...]

_MOST_COLUMNS = 12
_MOST_ROWS = 400


def page(known: Knowledge) -> Page:
    """Return the matrix."""
    document = Document(places.MATRIX)
    document.heading(1, Md("Matrix"))
    document.paragraph(
        Md(f"{words.count(known.snapshot.live_total or len(known.snapshot.verdicts), 'live combination')} on"),
        Md(f"{text(known.snapshot.host_title)}. A live version is the newest of a supported line."),
        Md("Each cell leads to what is known of its combination;"),
        document.file_link(Md("matrix.json"), "matrix.json"),
        Md("has the same for machines."),
    )
    _legend(document)
    axes = [axis for axis in known.snapshot.axes if axis.values]
    if not axes:
        document.paragraph(Md("Nothing is live yet: no upstream has been looked at."))
        return document.page("Matrix")
    pairs.links(document, known)
    row_axes, column_axes = split(axes)
    _sections(document, known, row_axes, column_axes)
    return document.page("Matrix")


def split(axes: Sequence[Axis]) -> tuple[tuple[Axis, ...], tuple[Axis, ...]]:
    """Return the axes of the rows and of the columns: as many trailing ones as fit into a readable width."""
    first = len(axes)
    while first > 1 and prod(len(axis.values) for axis in axes[first - 1 :]) <= _MOST_COLUMNS:
        first -= 1
    first = min(first, len(axes) - 1) or min(1, len(axes))
    return tuple(axes[:first]), tuple(axes[first:])


def _legend(document: Document) -> None:
    shown = (*VerdictKind, words.INFERRED)
    marks = [document.link(words.mark(word), places.METHOD, words.anchor(word)) for word in shown]
    document.paragraph(Md(" · ".join(marks)))


def _sections(document: Document, known: Knowledge, row_axes: Sequence[Axis], column_axes: Sequence[Axis]) -> None:
    columns: list[Line] = list(product(*(axis.values for axis in column_axes)))
    rows: list[Line] = list(product(*(axis.values for axis in row_axes)))
    tested = [row for row in rows if _is_known(known, row, columns)] if len(rows) > _MOST_ROWS else rows
    for capability in reversed(known.capabilities):
        document.heading(2, text(capability))
        _table(document, known, capability, (row_axes, tested[:_MOST_ROWS]), (column_axes, columns))
        if len(tested[:_MOST_ROWS]) < len(rows):
            hidden = len(rows) - len(tested[:_MOST_ROWS])
            document.paragraph(Md(f"{words.count(hidden, 'further row')} not shown here; see matrix.json."))


def _is_known(known: Knowledge, row: Line, columns: Sequence[Line]) -> bool:
    return any(
        verdict.kind is not VerdictKind.UNTESTED
        for column in columns
        for verdict in known.snapshot.verdicts.get(Combination.of((*row, *column)), {}).values()
    )


def _table(
    document: Document,
    known: Knowledge,
    capability: str,
    rows: tuple[Sequence[Axis], Sequence[Line]],
    columns: tuple[Sequence[Axis], Sequence[Line]],
) -> None:
    row_axes, lines = rows
    column_axes, column_lines = columns
    if column_axes:
        names = " · ".join(text(axis.name) for axis in column_axes)
        document.paragraph(Md(f"Columns: {names}."))
    document.table(
        (
            *(text(axis.name) for axis in row_axes),
            *(Md(" · ".join(known.short(value) for value in column)) or text(capability) for column in column_lines),
        ),
        [
            (
                *(Md(known.value_link(document, value, known.short(value))) for value in line),
                *(_cell(document, known, Combination.of((*line, *column)), capability) for column in column_lines),
            )
            for line in lines
        ],
    )


def _cell(document: Document, known: Knowledge, combination: Combination, capability: str) -> Md:
    if combination not in known.snapshot.verdicts:
        return document.link(words.mark(VerdictKind.UNTESTED), places.METHOD, words.anchor(VerdictKind.UNTESTED))
    return known.verdict_link(document, combination, capability)
