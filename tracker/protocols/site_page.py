"""A page that a plugin adds to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from tracker.model.change import Change
    from tracker.model.release import Release
    from tracker.model.run import Run
    from tracker.model.verdict import Verdict


class SiteView(Protocol):
    """The part of the immutable snapshot that plugins may read; the same knowledge gives the same bytes."""

    @property
    def releases(self) -> tuple[Release, ...]:
        """All known releases; of one component, newest first."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The ledger, newest first."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs with their steps, newest first."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """By combination, then in the order of the profile's capabilities."""


class SitePage(Protocol):
    """One page: a pure function of the snapshot.

    Attributes:
        name: lower-case letters, digits and ``-``; the page is published as ``NAME.md`` and ``NAME.html``.
        title: plain text.
    """

    name: str
    title: str

    def markdown(self, view: SiteView) -> str:
        """Return the page as Markdown; raw HTML in it is shown as text."""


@runtime_checkable
class Answering(Protocol):
    """A page that answers a question which readers of the front page have.

    Attributes:
        profiles: names of the profiles whose sites have the page; other sites leave it out.
    """

    profiles: tuple[str, ...]

    def answer(self, view: SiteView) -> str:
        """Return the answer in a sentence or two, as Markdown; empty when there is none yet."""
