"""What somebody declares about versions, read out of what was observed or out of the plugin's own facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model.declaration import Declaration
    from tracker.model.release import Release
    from tracker.model.sighting import Sighting


class DeclaredView(Protocol):
    """What a reader of declarations may look at."""

    @property
    def releases(self) -> tuple[Release, ...]:
        """All known releases, with their notes; of one component, newest first."""

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """The last state of everything else that was seen."""


class DeclaredEvidence(Protocol):
    """Reads declarations; pure, no network, no clock."""

    name: str

    def declare(self, view: DeclaredView) -> Iterable[Declaration]:
        """Return what is declared, each with its provenance; ids are unique among all declarations."""
