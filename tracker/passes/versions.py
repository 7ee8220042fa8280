"""Stored releases in the order of their component's version scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.registry import Registry
    from tracker.store import StoredRelease


def newest_first(stored: Sequence[StoredRelease], registry: Registry) -> tuple[StoredRelease, ...]:
    """Return the releases of one component by version order, newest first."""
    return tuple(
        sorted(
            stored,
            key=lambda one: registry.version_schemes[registry.components[one.release.component].scheme].key(
                one.release.version
            ),
            reverse=True,
        )
    )
