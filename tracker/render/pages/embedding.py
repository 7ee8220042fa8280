"""What others may put into their own pages: badges, feeds and documents for programs, with what to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, text
from tracker.render.machine import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.render.knowledge import Knowledge
    from tracker.render.machine.badges import Badge

_SHOWN = 3
_UNKNOWN_SITE = "https://SITE/"


def page(known: Knowledge, badges: Sequence[Badge], has_pages: frozenset[str]) -> Page:
    """Return the page.

    Args:
        known: what is known.
        badges: all badges.
        has_pages: paths of the pages there are.
    """
    document = Document(places.BADGES)
    document.heading(1, Md("Badges, feeds and documents"))
    _feeds(document, known)
    _documents(document, known)
    _badges(document, known, badges, has_pages)
    return document.page("Badges, feeds and documents")


def _feeds(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("Feeds"))
    document.paragraph(
        Md("Atom. Each entry has the time of the look or the run that told it, and keeps its identifier."),
    )
    document.bullets(document.file_link(text(title), name) for name, title in feeds.named(known).items())


def _documents(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("Documents for programs"))
    schema = {
        name: document.file_link(Md("schema"), f"schemas/{name}.schema.json")
        for name in ("matrix", "component", "health")
    }
    own = ", ".join(
        document.file_link(text(name), f"{places.component(name)}.json") for name in sorted(known.snapshot.components)
    )
    document.bullets(
        [
            Md(f"{document.file_link(Md('matrix.json'), 'matrix.json')}: every verdict ({schema['matrix']})"),
            Md(f"one document for each component ({schema['component']}): {own or 'none yet'}"),
            Md(
                f"{document.file_link(Md('health.json'), 'health.json')}: the last look at each upstream"
                f" ({schema['health']})"
            ),
            Md("every page as Markdown: its address with `.md` in the place of `.html`"),
        ]
    )


def _badges(document: Document, known: Knowledge, badges: Sequence[Badge], has_pages: frozenset[str]) -> None:
    if not badges:
        return
    document.heading(2, Md("Badges"))
    document.paragraph(
        Md("A badge keeps its address and says what is known now. It is about this host:"),
        Md(f"{text(known.snapshot.host_title)}. Whoever does not see it hears its sentence and the date."),
    )
    url = known.snapshot.address or _UNKNOWN_SITE
    if url == _UNKNOWN_SITE:
        document.paragraph(Md("Put the address of this site in the place of `SITE`."))
    for one in badges[:_SHOWN]:
        document.fence(f"[![{_alternative(one.sentence)}]({url}{one.name})]({url}{one.page}.html)", "markdown")
    document.table(
        (Md("Badge"), Md("It says"), Md("Why")),
        [
            (
                document.file_link(code(one.name.removeprefix("badges/")), one.name),
                text(one.sentence),
                document.link(Md("evidence"), one.page) if one.page in has_pages else Md(""),
            )
            for one in badges
        ],
    )


def _alternative(sentence: str) -> str:
    return "".join(letter for letter in sentence if letter not in "[]\\\n")
