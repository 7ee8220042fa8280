"""What is left where a page was: a note that says since when it is gone, and where to look instead. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.render import places
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

KEPT = timedelta(days=365)
_MOST = 1000
_SECTIONS = {
    "combinations": ("The matrix", places.MATRIX),
    "components": ("All components", places.COMPONENTS),
    "misfits": ("What does not fit", places.MISFITS),
    "releases": ("All components", places.COMPONENTS),
    "runs": ("All runs", places.RUNS),
}


def gone(
    published: Collection[str], known: Mapping[str, str], pages: Collection[str], *, today: date | None
) -> dict[str, str]:
    """Return the pages that are gone, by path, with the day on which that was first published (ISO 8601).

    Args:
        published: names of the files of the site as it is.
        known: what was gone already, likewise.
        pages: paths of the pages that there are now.
        today: day of the newest thing that is known, not of the clock; ``None`` when nothing is: then nothing is gone.
    """
    if today is None:
        return {path: day for path, day in known.items() if path not in pages}
    vanished = {name.removesuffix(".html"): today.isoformat() for name in published if name.endswith(".html")}
    oldest = (today - KEPT).isoformat()
    left = {path: day for path, day in {**vanished, **known}.items() if path not in pages and day >= oldest}
    newest = sorted(left.items(), key=lambda item: item[1], reverse=True)[:_MOST]
    return dict(sorted(newest))


def notes(left: Mapping[str, str], pages: Collection[str]) -> Iterator[Page]:
    """Yield a note for each page that is gone.

    Args:
        left: what ``gone`` returned.
        pages: paths of the pages that there are.
    """
    for path, day in left.items():
        document = Document(path)
        document.heading(1, Md("This page is gone"))
        title, instead = _instead(path, pages)
        document.paragraph(
            Md(f"It was here until {day}: what it was about is no longer among what is known or offered."),
            Md(f"See {document.link(text(title), instead)}, or {document.link(Md('everything'), places.CONTENTS)}."),
        )
        yield document.page("This page is gone")


def _instead(path: str, pages: Collection[str]) -> tuple[str, str]:
    section, _, name = path.partition("/")
    component = places.COMPONENTS + "/" + name.partition("@")[0]
    if section == "releases" and component in pages:
        return f"The component {name.partition('@')[0]}", component
    title, instead = _SECTIONS.get(section, ("Today", places.FRONT))
    return (title, instead) if instead in pages else ("Today", places.FRONT)
