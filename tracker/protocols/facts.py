"""Facts of the host that belong to the evidence, and what a plugin can examine of the host besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class HostFacts(Protocol):
    """Tells facts of this machine."""

    name: str

    def gather(self) -> Mapping[str, str]:
        """Return facts by name (``libc``: ``2.36``); quick, no network. An unknown fact is left out."""


class Check(Protocol):
    """One examined thing of this host; any object with these attributes will do."""

    @property
    def name(self) -> str:
        """What was examined."""

    @property
    def is_good(self) -> bool:
        """Whether it is as it should be."""

    @property
    def found(self) -> str:
        """What was found."""

    @property
    def remedy(self) -> str:
        """The command that mends it; empty when nothing is to be mended, or when ``found`` says it."""


@runtime_checkable
class HostChecks(Protocol):
    """What a gatherer of facts may be able to do besides: examine the host for ``tracker doctor``.

    It is asked where the profile's host key names one of the facts that the same object gathers here.
    """

    def checks(self, facts: Mapping[str, str], home: Path) -> Sequence[Check]:
        """Return what was examined, in the order in which a person should mend it; may take seconds, no network.

        Args:
            facts: all facts of this host.
            home: where the tracker keeps its files.
        """
