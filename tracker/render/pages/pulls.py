"""A page for each pull request that somebody waits for: its story to the first release that contains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, external_link, text
from tracker.render.pages import changes, stories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Chapter, Story
    from tracker.render.knowledge import Knowledge


def index(known: Knowledge) -> Page:
    """Return the list of pull requests that somebody waits for."""
    document = Document(places.PULLS)
    document.heading(1, Md("Pull requests"))
    if not known.snapshot.stories:
        document.paragraph(Md("Nobody waits for a pull request."))
    stories.listed(document, known)
    return document.page("Pull requests")


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each pull request: its story to the first release that contains it, and who follows it."""
    return (_page(known, story) for story in known.snapshot.stories)


def _page(known: Knowledge, story: Story) -> Page:
    name = f"{story.repository} #{story.number}"
    document = Document(places.pull(story.repository, story.number))
    document.heading(1, text(f"{name}: {story.title}"))
    _story(document, story)
    document.paragraph(
        Md("It is waited for in the releases of"),
        document.link(text(story.component), places.component(story.component))
        if story.component in known.snapshot.components
        else text(story.component),
    )
    about = f"#{story.number}"
    seen = [
        one
        for one in known.snapshot.changes
        if one.component == story.component and one.subject == about and not one.is_baseline
    ]
    if seen:
        document.heading(2, Md("What was seen of it"))
        changes.table(document, known, seen)
    return document.page(name, ("Pull requests", places.PULLS))


def _story(document: Document, story: Story) -> None:
    document.paragraph(text(story.summary))
    document.table(
        (Md("When"), Md("What"), Md("How it stands")),
        [(words.day(one.happened_at), _sentence(one), text(one.stage)) for one in story.chapters],
    )


def _sentence(chapter: Chapter) -> Md:
    sentence = text(chapter.sentence)
    return Md(f"{sentence} {external_link(Md('Read it there'), chapter.url)}") if chapter.url else sentence
