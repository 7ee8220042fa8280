"""A page that a plugin adds to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tracker.model.change import Change
    from tracker.model.release import Release
    from tracker.model.verdict import Verdict


class SiteView(Protocol):
    """The part of the immutable snapshot that plugins may read; the same knowledge gives the same bytes."""

    releases: tuple[Release, ...]
    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]


class SitePage(Protocol):
    """One page: a pure function of the snapshot."""

    name: str
    title: str

    def markdown(self, view: SiteView) -> str:
        """Return the page as Markdown; raw HTML in it is shown as text."""
