"""What became of the pull requests that somebody waits for, each in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places
from tracker.render.escape import Md, code, text

if TYPE_CHECKING:
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge


def section(document: Document, known: Knowledge) -> None:
    """Add the stories, each with the way to the whole of it; nothing when none is asked for."""
    if not known.snapshot.stories:
        return
    document.heading(2, Md("Pull requests on their way into a release"))
    listed(document, known)


def listed(document: Document, known: Knowledge) -> None:
    """Add one line for each story."""
    document.bullets(
        Md(
            f"{document.link(code(f'{one.repository} #{one.number}'), places.pull(one.repository, one.number))}: "
            f"{text(one.summary)}"
        )
        for one in known.snapshot.stories
    )
