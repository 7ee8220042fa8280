"""Everything by name on one page: what leads to a page where nothing can be searched (a file, a zip, no JavaScript)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, text

if TYPE_CHECKING:
    from tracker.model import Component
    from tracker.render.knowledge import Knowledge


def page(known: Knowledge) -> Page:
    """Return the page: components with their releases, misfits, combinations."""
    document = Document(places.CONTENTS)
    document.heading(1, Md("Everything by name"))
    document.paragraph(
        Md("The search of your browser (Ctrl+F) finds on this page what is called by a name."),
        Md(f"Runs are listed {document.link(Md('by date'), places.RUNS)}."),
    )
    document.heading(2, Md("Components and releases"))
    for component in sorted(known.snapshot.components.values(), key=lambda one: one.name):
        _component(document, known, component)
    _misfits(document, known)
    _combinations(document, known)
    return document.page("Everything by name")


def _component(document: Document, known: Knowledge, component: Component) -> None:
    document.heading(3, text(component.name))
    page_of = document.link(text(component.title or component.name), places.component(component.name))
    releases = [one.release.version for one in known.releases_of(component.name)]
    document.paragraph(page_of, Md(f"{words.count(len(releases), 'release')}." if releases else ""))
    document.bullets(
        document.link(code(f"{component.name} {version}"), places.release(component.name, version))
        for version in releases
    )


def _misfits(document: Document, known: Knowledge) -> None:
    if not known.snapshot.culprits:
        return
    document.heading(2, Md("What does not fit"))
    listed = []
    for culprit in sorted(known.snapshot.culprits, key=lambda one: one.key):
        parts = " with ".join(map(str, culprit.values))
        listed.append(document.link(code(f"{culprit.capability}: {parts}"), places.misfit(culprit.key)))
    document.bullets(listed)


def _combinations(document: Document, known: Knowledge) -> None:
    ran = [one for one in sorted(known.snapshot.verdicts) if known.runs_of(one)]
    if not ran:
        return
    document.heading(2, Md("Combinations that were run"))
    document.paragraph(
        Md("All others stand in the"), Md(f"{document.link(Md('matrix'), places.MATRIX)}, also those never tried.")
    )
    document.bullets(document.link(code(one.key), places.combination(one)) for one in ran)
