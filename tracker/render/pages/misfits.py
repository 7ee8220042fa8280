"""The list of what does not fit, and of what fails without anybody being to blame yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text
from tracker.render.pages import witnesses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Culprit
    from tracker.render.knowledge import Knowledge

TITLE = "What does not fit"


def page(known: Knowledge) -> Page:
    """Return the list of all culprits, those that are proved first, and of failures that nobody explains."""
    document = Document(places.MISFITS)
    document.heading(1, Md(TITLE))
    snapshot = known.snapshot
    document.paragraph(
        Md(f"On {text(snapshot.host_title)}, by runs of this host. Each has a page with its proof."),
        Md("What is assumed:"),
        document.link(Md("how to read this"), places.METHOD),
    )
    if known.culprits:
        table(document, known, known.culprits)
    elif not snapshot.suspicions:
        document.paragraph(Md("Nothing is known not to fit."))
    if snapshot.suspicions:
        document.heading(2, Md("Not explained"))
        document.bullets(
            Md(f"{text(one.sentence)} ({witnesses.told(document, known, one.failure)})") for one in snapshot.suspicions
        )
    document.paragraph(
        document.link(Md("Failures that are accepted, and runs that were taken back"), places.CORRECTIONS)
    )
    return document.page(TITLE)


def table(document: Document, known: Knowledge, culprits: Sequence[Culprit]) -> None:
    """Add ``culprits``, in the order given: what, at which capability, since when, how sure."""
    document.table(
        (Md("What does not fit"), Md("Fails at"), Md("First seen"), Md("Last seen"), Md("How sure"), Md("Where")),
        [_row(document, known, one) for one in culprits],
    )


def _row(document: Document, known: Knowledge, culprit: Culprit) -> tuple[Md, ...]:
    return (
        document.link(name(known, culprit), places.misfit(culprit.key)),
        text(culprit.capability),
        words.day(culprit.since),
        words.day(culprit.observed_at),
        Md(culprit.standing.value),
        Md(", ".join(witnesses.name(known, value) for value in culprit.context)) or Md("with everything tried"),
    )


def name(known: Knowledge, culprit: Culprit) -> Md:
    """Return what does not fit: one part, or two with "with" between them."""
    return Md(" with ".join(witnesses.name(known, value) for value in culprit.values))
