"""Fills a world with what is known of containerd, nerdctl, runc and the two CNI plug-in repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .world import World


def load_seed(world: World, directory: Path | None = None) -> None:
    """Add the seeded repositories to a world."""
    raise NotImplementedError
