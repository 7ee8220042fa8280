"""Facts of the host that belong to the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class HostFacts(Protocol):
    """Tells facts of this machine."""

    name: str

    def gather(self) -> Mapping[str, str]:
        """Return facts by name (``libc``: ``2.36``); quick, no network. An unknown fact is left out."""
