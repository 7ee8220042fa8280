"""What upstreams and others declare about versions: kept apart from everything that was seen here."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from tracker.model import Declaration
    from tracker.render.knowledge import Knowledge

_MOST_OF_KIND = 500


def page(known: Knowledge) -> Page:
    """Return all declarations by kind, the strongest kind first."""
    document = Document(places.DECLARED)
    document.heading(1, Md("What others declare"))
    document.paragraph(
        Md("None of this was tried here. It says what to try first, and makes no verdict."),
        Md("Each line tells whose word it is and where it was read."),
    )
    if not known.snapshot.declarations:
        document.paragraph(Md("Nothing is known to be declared."))
    for kind, members in groupby(known.snapshot.declarations, key=lambda one: one.kind):
        _kind(document, kind, list(members))
    return document.page("What others declare")


def _kind(document: Document, kind: str, members: list[Declaration]) -> None:
    document.heading(2, text(kind[:1].upper() + kind[1:]))
    document.table(
        (Md("Lets expect"), Md("What is declared"), Md("Until"), Md("Read in"), Md("Known by")),
        [_row(one) for one in members[:_MOST_OF_KIND]],
    )
    hidden = len(members) - _MOST_OF_KIND
    if hidden > 0:
        document.paragraph(Md(f"{words.count(hidden, 'further statement')} not shown."))


def _row(one: Declaration) -> tuple[Md, ...]:
    said = f"{one.sentence}: {one.reason}" if one.reason else one.sentence
    until = Md(one.until.isoformat()) if one.until else Md("")
    return text(one.expectation), text(said), until, text(one.provenance), text(one.confidence)
