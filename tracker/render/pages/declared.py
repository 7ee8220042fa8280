"""What upstreams and others declare about versions: kept apart from everything that was seen here."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tracker.evidence.predictions import Standing
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.predictions import Prediction
    from tracker.model import Declaration
    from tracker.render.knowledge import Knowledge

_MOST_OF_KIND = 500
_MOST_RUNS = 5


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
    _predictions(document, known)
    for kind, members in groupby(known.snapshot.declarations, key=lambda one: one.kind):
        _kind(document, kind, list(members))
    return document.page("What others declare")


def _predictions(document: Document, known: Knowledge) -> None:
    """Tell which predictions were borne out by runs here; those that nobody tried stand in the tables below alone."""
    tried = [one for one in known.snapshot.predictions if one.standing is not Standing.UNTRIED]
    if not known.snapshot.predictions:
        return
    document.heading(2, Md("What became of it here"))
    document.paragraph(
        Md(f"Of {words.count(len(known.snapshot.predictions), 'prediction')} {len(tried)} met a run on this host.")
    )
    if tried:
        document.table(
            (Md("Standing"), Md("What was declared"), Md("Lets expect"), Md("Runs as it says"), Md("Runs against it")),
            [_prediction(document, known, one) for one in tried],
        )


def _prediction(document: Document, known: Knowledge, one: Prediction) -> tuple[Md, ...]:
    said = text(f"{one.declaration.sentence} ({one.declaration.capability})")
    agreeing, disagreeing = (_runs(document, known, runs) for runs in (one.agreeing, one.disagreeing))
    return Md(f"**{one.standing}**"), said, text(one.declaration.expectation), agreeing, disagreeing


def _runs(document: Document, known: Knowledge, ids: Sequence[int]) -> Md:
    shown = [
        document.link(Md(str(run_id)), places.run(run_id)) if known.run(run_id) else Md(str(run_id))
        for run_id in ids[:_MOST_RUNS]
    ]
    more = len(ids) - len(shown)
    return Md(", ".join(shown) + (f" and {more} more" if more else ""))


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
