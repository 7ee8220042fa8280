"""Takes files of this machine as versions of a component, so that they can be run like releases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.local_files import file_digest, local_version, split_local
from tracker.model import Asset, AssetRole, Release
from tracker.naming import find_factor
from tracker.store import Look, LookResult, TargetState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.passes.workplace import Workplace
    from tracker.store import Store

SOURCE = "local"
"""What stands for the source of such a release; no plugin is asked for it."""


def take_local_files(place: Workplace, store: Store, pins: Mapping[str, str]) -> None:
    """Record each file that a pin names (``runtime=runc@file:PATH``) as a release of its component.

    Raises:
        UsageError: a pin names no file, a factor that has no components, or several without saying which.
    """
    for name, text in pins.items():
        local = split_local(text)
        if local is not None:
            component, path = local
            _record(place, store, _component(place, name, component), path.absolute())


def _component(place: Workplace, name: str, component: str) -> str:
    factors = place.profile.factors
    if any(name in factor.components for factor in factors):
        return name
    factor = find_factor(name, factors)
    if component in factor.components:
        return component
    if component or len(factor.components) != 1:
        named = ", ".join(f"{factor.name}={one}@file:PATH" for one in factor.components)
        message = f"{name}: it is not said of which component the file is a version"
        hint = f"Write {named}" if named else f"The values of {name} are fixed: {', '.join(factor.variants)}"
        raise UsageError(message, hint=hint)
    return factor.components[0]


def _libraries(place: Workplace, store: Store, component: str) -> tuple[Asset, ...]:
    """Return the libraries of the oldest release on offer: a file brings none, and those ask least of the host."""
    order = place.registry.version_schemes[place.registry.components[component].scheme].key
    offered = [one.release for one in store.releases(component, offered_only=True) if one.release.line != SOURCE]
    oldest = min(offered, key=lambda release: order(release.version), default=None)
    return tuple(asset for asset in (oldest.assets if oldest else ()) if asset.role is AssetRole.LIBRARY)


def _record(place: Workplace, store: Store, component: str, path: Path) -> None:
    digest = file_digest(path)
    version = local_version(digest)
    asset = Asset(name=path.name, url=path.as_uri(), size=path.stat().st_size, digest=digest)
    release = Release(
        component=component,
        version=version,
        upstream_version=version,
        line=SOURCE,
        channel=SOURCE,
        assets=(asset, *_libraries(place, store, component)),
        notes=f"A file of this machine, private: {path.name}",
    )
    look = Look(
        source=SOURCE,
        target=f"{component} {version}",
        title=f"a local file ({component})",
        looked_at=datetime.now(UTC),
        result=LookResult.NO_NEWS,
    )
    store.record_look(look, state=TargetState(has_baseline=True), offered=(release,))
