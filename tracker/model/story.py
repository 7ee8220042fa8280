"""A pull request's way into a release, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.sighting import Basis


class Stage(StrEnum):
    """What a part of a story tells; a story has them in this order, for one pull request after the other."""

    UNSEEN = "not seen"
    OPENED = "opened"
    OPEN = "open"
    CLOSED = "closed unmerged"
    SUPERSEDED = "superseded"
    MERGED = "merged"
    TAGGED = "in a tag"
    MISSING = "missing"
    RELEASED = "in a release"
    PASSED = "passed here"
    REPLACES = "replaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One part of a story.

    Attributes:
        stage: what it tells.
        sentence: plain text for people; holds upstream's own words, hence hostile until escaped.
        happened_at: aware UTC time of the event; ``None`` where it is not known or there is none.
        url: where it can be read; may be empty.
        basis: who says so, where that is not the upstream's own record; else ``None``.
    """

    stage: Stage
    sentence: str
    happened_at: datetime | None = None
    url: str = ""
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What became of a pull request that somebody waits for.

    Attributes:
        component: whose releases it should reach.
        repository: as ``"owner/name"``.
        number: of the pull request.
        title: its title, or what it is wanted for.
        stage: how far it has come: the last stage that a release's reader cares for.
        summary: the whole story in one sentence.
        chapters: in order.
    """

    component: str
    repository: str
    number: int
    title: str
    stage: Stage
    summary: str
    chapters: tuple[Chapter, ...]
