"""The last look at each target: the only page that carries the times of looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import looks, places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from tracker.render.knowledge import Knowledge
    from tracker.render.snapshot import SiteLook


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
    return document.page("Health")


def _result(look: SiteLook) -> Md:
    state = looks.state(look)
    said = "looked at" if state == looks.LOOKED else f"**{text(state)}**"
    return Md(f"{said}{'' if look.is_complete else ', in part'}")
