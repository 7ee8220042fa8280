"""What changed upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, external_link, text
from tracker.render.pages import news as versions_changed
from tracker.render.pages import stories
from tracker.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Change
    from tracker.render.knowledge import Knowledge

_MOST = 1000


def page(known: Knowledge) -> Page:
    """Return the ledger: news first, then what the first looks found."""
    document = Document(places.CHANGES)
    document.heading(1, Md("Changes"))
    stories.section(document, known)
    versions_changed.section(document, known)
    news = [change for change in known.snapshot.changes if not change.is_baseline]
    if news:
        document.heading(2, Md("What changed upstream"))
        document.paragraph(
            Md("Differences between two looks at an upstream, newest first. The time is that of the look that showed"),
            Md("the change, not of the change itself."),
        )
        table(document, known, news[:_MOST])
    else:
        document.paragraph(Md("Nothing has changed since the first look at each upstream."))
    if len(news) > _MOST:
        document.paragraph(Md(f"{words.count(len(news) - _MOST, 'older change')} not shown."))
    _baseline(document, known)
    return document.page("Changes")


def _baseline(document: Document, known: Knowledge) -> None:
    found = [change for change in known.snapshot.changes if change.is_baseline]
    if found:
        document.heading(2, Md("Found by the first look"))
        document.paragraph(Md("This is what was there when watching began; none of it is news."))
        table(document, known, found[:_MOST])


def table(document: Document, known: Knowledge, entries: Iterable[Change]) -> None:
    """Add a table of ``entries``, in the order given."""
    document.table(
        (Md("Seen"), Md("Happened"), Md("Component"), Md("Version"), Md("What"), Md("Where")),
        [_row(document, known, change) for change in entries],
    )


def _row(document: Document, known: Knowledge, change: Change) -> tuple[Md, ...]:
    version = code(change.version) if change.version else Md("")
    if known.release(change.component, change.version):
        version = document.link(version, places.release(change.component, change.version))
    name = text(change.component)
    if change.component in known.snapshot.components:
        name = document.link(name, places.component(change.component))
    told = external_link(text(tell(change)), change.url) if change.url else text(tell(change))
    return (
        words.minute(change.observed_at),
        words.day(change.happened_at),
        name,
        version,
        told,
        text(change.channel),
    )
