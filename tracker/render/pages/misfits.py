"""What does not fit, with the proof of it, and what fails without anybody being to blame yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import CulpritStanding
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Culprit, Suspect, Suspicion, Value, Witness
    from tracker.render.knowledge import Knowledge

_MOST_CLEARED = 40
_TITLE = "What does not fit"


def page(known: Knowledge) -> Page:
    """Return the page of all culprits, those that are proved first, and of failures that nobody explains."""
    document = Document(places.MISFITS)
    document.heading(1, Md(_TITLE))
    snapshot = known.snapshot
    document.paragraph(
        Md(f"On {text(snapshot.host_title)}, by the runs that are linked here. What is assumed:"),
        document.link(Md("how to read this"), places.METHOD),
    )
    if not snapshot.culprits and not snapshot.suspicions:
        document.paragraph(Md("Nothing is known not to fit."))
    for culprit in sorted(snapshot.culprits, key=lambda one: (one.standing is not CulpritStanding.PROVED, one.key)):
        _culprit(document, known, culprit)
    if snapshot.suspicions:
        document.heading(2, Md("Not explained"))
        document.bullets(_suspicion(document, known, one) for one in snapshot.suspicions)
    return document.page(_TITLE)


def _culprit(document: Document, known: Knowledge, culprit: Culprit) -> None:
    document.heading(2, _together(known, culprit.values))
    document.paragraph(Md(f"**{culprit.standing.capitalize()}.**"), text(culprit.sentence))
    if culprit.cause:
        document.fence(culprit.cause)
    lines = [Md(f"It fails in {_witness(document, known, culprit.failure)}.")]
    if culprit.second:
        where = _witness(document, known, culprit.second)
        lines.append(Md(f"It fails as well in {where}, which shares nothing else with the first."))
    if culprit.twin:
        lines.append(Md(f"The nearest combination that passes: {_witness(document, known, culprit.twin)}."))
    if culprit.partners:
        lines.append(Md(f"Tried with {culprit.tried} of {culprit.partners} partners."))
    if culprit.spent:
        lines.append(
            Md(f"{culprit.spent} runs told it from what else was suspected; the search needs {culprit.need} in theory.")
        )
    lines.append(Md(f"First seen on {words.day(culprit.since)}, last on {words.day(culprit.observed_at)}."))
    document.bullets(lines)
    if culprit.cleared:
        document.paragraph(Md("Passes that clear everything else in the first failure:"))
        document.table(
            (Md("Cleared"), Md("By")),
            [
                (
                    Md(" with ".join(_name(known, value) for value in one.suspect)),
                    _witness(document, known, one.witness),
                )
                for one in culprit.cleared[:_MOST_CLEARED]
            ],
        )
        if len(culprit.cleared) > _MOST_CLEARED:
            document.paragraph(Md(f"{words.count(len(culprit.cleared) - _MOST_CLEARED, 'further pair')} not shown."))


def _suspicion(document: Document, known: Knowledge, suspicion: Suspicion) -> Md:
    return Md(f"{text(suspicion.sentence)} ({_witness(document, known, suspicion.failure)})")


def _together(known: Knowledge, suspect: Suspect) -> Md:
    return Md(" with ".join(_name(known, value) for value in suspect))


def _name(known: Knowledge, value: Value) -> Md:
    return Md(f"{text(value.factor)} {known.short(value)}")


def _witness(document: Document, known: Knowledge, witness: Witness) -> Md:
    """Return the runs, each with a link where the site has its page, and the combination."""
    shown = [_run(document, known, run_id) for run_id in witness.runs[:3]]
    label = Md(" + ".join(_name(known, value) for value in known.in_order(witness.combination)))
    is_told = witness.combination in known.snapshot.verdicts
    where = document.link(label, places.combination(witness.combination)) if is_told else label
    return Md(f"{_listed(shown)} of {where}")


def _run(document: Document, known: Knowledge, run_id: int) -> Md:
    label = Md(f"run {run_id}")
    return document.link(label, places.run(run_id)) if known.run(run_id) else label


def _listed(shown: Sequence[Md]) -> Md:
    return Md(", ".join(shown))
