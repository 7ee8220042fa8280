"""The page that searches the site without a server; there only where an index can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places
from tracker.render.document import Document, Page
from tracker.render.escape import Md

if TYPE_CHECKING:
    from tracker.render.knowledge import Knowledge

SCRIPT = "search.js"


def page(known: Knowledge) -> Page:
    """Return the page; its script puts field and results where the words tell what to do without it."""
    del known
    document = Document(places.SEARCH)
    document.heading(1, Md("Search"))
    everything = document.link(Md("everything by name"), places.CONTENTS)
    document.paragraph(
        Md("Searching needs JavaScript, and the site on a web server: from a file or a zip browsers refuse it."),
        Md(f"The page with {everything} needs neither."),
    )
    made = document.page("Search")
    return Page(path=made.path, title=made.title, body=made.body, scripts=(SCRIPT,), uses_wasm=True)
