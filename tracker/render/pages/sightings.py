"""What is seen of a component besides its releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Branch, PullRequest, Repository, Tag, WatchedFile
from tracker.render import words
from tracker.render.escape import Md, code, external_link, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Component
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge

_MOST_TAGS = 200


def section(document: Document, known: Knowledge, component: Component) -> None:
    """Add what else is watched, and the tags that are no version; nothing where there is neither."""
    own = [one for one in known.snapshot.sightings if one.component == component.name]
    lines = [line for one in own for line in _line(one)]
    if lines:
        document.heading(2, Md("Also watched"))
        document.bullets(lines)
    aside = {one.name: one.set_aside for one in own if isinstance(one, Tag) and one.set_aside}
    if aside:
        document.heading(2, Md("Tags set aside"))
        document.paragraph(Md("These tags are not taken for versions of this component."))
        shown = sorted(aside.items())[:_MOST_TAGS]
        document.table((Md("Tag"), Md("Why")), [(code(name), text(reason)) for name, reason in shown])
        if len(aside) > _MOST_TAGS:
            document.paragraph(Md(f"{words.count(len(aside) - _MOST_TAGS, 'further tag')} not shown."))


def _line(one: object) -> Iterator[Md]:
    if isinstance(one, Repository) and one.name != one.asked:
        yield Md(f"Repository {code(one.asked)} is now called {code(one.name)}.")
    elif isinstance(one, Branch):
        when = f" of {words.day(one.committed_at)}" if one.committed_at else ""
        yield Md(f"Branch {code(one.name)} of {text(one.repository)}: commit {code(one.head[:12])}{when}.")
    elif isinstance(one, PullRequest) and one.title:
        label = text(f"Pull request #{one.number}: {one.title}")
        yield Md(f"{external_link(label, one.url) if one.url else label} ({text(one.state)})")
    elif isinstance(one, WatchedFile):
        named = ", ".join(f"{what} {version}" for what, version in one.named)
        yield Md(f"{external_link(text(one.name), one.url)}{text(f': names {named}') if named else Md('')}")
