"""The last look at each target: the only page that carries the times of looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import looks, places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text
from tracker.render.pages import witnesses

if TYPE_CHECKING:
    from tracker.render.knowledge import Knowledge
    from tracker.render.snapshot import SiteLook

_MOST_JOBS = 50


def page(known: Knowledge) -> Page:
    """Return the health page."""
    document = Document(places.HEALTH)
    document.heading(1, Md("Health"))
    document.paragraph(
        Md("When each upstream was last looked at. The times are renewed when a look ends otherwise than the one"),
        Md("before, and at least once in the health interval (an hour, unless set otherwise) while the watcher runs:"),
        Md("times that stay older than that mean that nobody looks any more."),
        document.file_link(Md("health.json"), "health.json"),
        Md("has the same for machines."),
    )
    shown = known.snapshot.looks
    if not shown:
        document.paragraph(Md("Nothing has been looked at yet."))
        _rest(document, known)
        return document.page("Health")
    document.table(
        (Md("Upstream"), Md("Watched by"), Md("Last look"), Md("Result"), Md("Why")),
        [
            (
                text(look.title or look.target),
                text(look.source),
                words.minute(look.looked_at),
                _result(look),
                text(look.message),
            )
            for look in shown
        ],
    )
    _rest(document, known)
    return document.page("Health")


def _rest(document: Document, known: Knowledge) -> None:
    if known.snapshot.profile.scenario:
        _queue(document, known)
        _errors_of_inference(document, known)


def _queue(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("Queue"))
    queue = known.snapshot.queue
    if not queue:
        document.paragraph(Md("No job waits."))
        return
    document.paragraph(Md(f"{words.count(len(queue), 'job')} wait, most urgent first."))
    document.table(
        (Md("Why"), Md("What"), Md("Reason")),
        [
            (
                Md(job.kind.value),
                Md(" + ".join(witnesses.name(known, value) for value in known.in_order(job.combination))),
                text(job.reason),
            )
            for job in queue[:_MOST_JOBS]
        ],
    )


def _errors_of_inference(document: Document, known: Knowledge) -> None:
    """Tell how often a run contradicted what was told of combinations that nobody had run."""
    revoked = sum(known.snapshot.revoked.values())
    told = len(known.snapshot.culprits) + revoked
    document.heading(2, Md("Errors of inference"))
    document.paragraph(
        Md(f"Of {words.count(told, 'part or pair', 'parts and pairs')} that were published as not fitting on this"),
        Md(f"host, a later pass took {revoked} back."),
        document.link(Md("Which, and what persons took back"), places.CORRECTIONS),
    )


def _result(look: SiteLook) -> Md:
    state = looks.state(look)
    said = "looked at" if state == looks.LOOKED else f"**{text(state)}**"
    return Md(f"{said}{'' if look.is_complete else ', in part'}")
