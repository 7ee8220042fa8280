"""What became of the pull requests that somebody waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import words
from tracker.render.escape import Md, external_link, text

if TYPE_CHECKING:
    from tracker.model import Chapter, Story
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge


def section(document: Document, known: Knowledge) -> None:
    """Add the stories, each with its chapters; nothing when none is asked for."""
    if not known.snapshot.stories:
        return
    document.heading(2, Md("Pull requests on their way into a release"))
    for story in known.snapshot.stories:
        _story(document, story)


def _story(document: Document, story: Story) -> None:
    document.heading(3, text(f"{story.repository} #{story.number}: {story.title}"))
    document.paragraph(text(story.summary))
    document.table(
        (Md("When"), Md("What"), Md("How it stands")),
        [(words.day(one.happened_at), _sentence(one), text(one.stage)) for one in story.chapters],
    )


def _sentence(chapter: Chapter) -> Md:
    sentence = text(chapter.sentence)
    return Md(f"{sentence} {external_link(Md('Read it there'), chapter.url)}") if chapter.url else sentence
