"""How the versions of a component are ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tracker.protocols.ordering import Comparable


class VersionScheme(Protocol):
    """A total order of version texts."""

    name: str

    def key(self, version: str) -> Comparable:
        """Return a sort key; later versions have greater keys.

        Raises:
            ValueError: the text is no version of this scheme.
        """

    def upstream(self, version: str) -> str:
        """Return the plain version that people say, without what a packager added."""
