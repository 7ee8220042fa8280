"""What persons said about runs and verdicts: failures that are accepted, runs that were taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, external_link, text
from tracker.render.pages import mistakes, witnesses

if TYPE_CHECKING:
    from tracker.model import Retraction, Waiver
    from tracker.render.knowledge import Knowledge

_TITLE = "Waivers and retractions"


def page(known: Knowledge) -> Page:
    """Return the page."""
    document = Document(places.CORRECTIONS)
    document.heading(1, Md(_TITLE))
    _waivers(document, known)
    _retractions(document, known)
    _revoked(document, known)
    mistakes.section(document, known.snapshot.report)
    return document.page(_TITLE)


def _waivers(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("Failures that are accepted"))
    document.paragraph(Md("A waiver stands beside a verdict and never instead of it; it ends by itself."))
    if not known.snapshot.waivers:
        document.paragraph(Md("None."))
        return
    document.table(
        (Md("Versions"), Md("At"), Md("Reason"), Md("Until"), Md("Closes after")),
        [_waiver(document, known, one) for one in known.snapshot.waivers],
    )


def _waiver(document: Document, known: Knowledge, one: Waiver) -> tuple[Md, ...]:
    named = (f"{text(value.factor)} {known.value_link(document, value, known.short(value))}" for value in one.values)
    return (
        Md(", ".join(named)),
        text(one.capability) or Md("anything"),
        _reason(one.reason, one.url),
        Md(one.until.isoformat()),
        words.count(one.closes_after, "pass", "passes"),
    )


def _reason(reason: str, url: str) -> Md:
    return Md(f"{text(reason)} {external_link(Md('More'), url)}") if url else text(reason)


def _retractions(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("Runs that were taken back"))
    document.paragraph(Md("The fault was ours. The run stays to be read; nothing rests on it any more."))
    if not known.snapshot.retractions:
        document.paragraph(Md("None."))
        return
    document.table(
        (Md("Run"), Md("Reason"), Md("Taken back")),
        [_retraction(document, known, one) for one in known.snapshot.retractions],
    )


def _retraction(document: Document, known: Knowledge, one: Retraction) -> tuple[Md, ...]:
    return witnesses.run(document, known, one.run_id), _reason(one.reason, one.url), words.minute(one.retracted_at)


def _revoked(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("Misfits that a pass took back"))
    document.paragraph(Md("Published as not fitting, until a run passed with them. These are the errors of inference."))
    if not known.snapshot.revoked:
        document.paragraph(Md("None."))
        return
    document.table(
        (Md("What"), Md("Taken back")),
        [(text(key), words.count(number, "time")) for key, number in sorted(known.snapshot.revoked.items())],
    )
