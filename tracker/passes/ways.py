"""The ways to all hosts that a profile needs: those that are looked at, and those that files come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.http.ways import origins, try_ways
from tracker.passes.finding import Finding
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.http.ways import Way
    from tracker.passes.workplace import Workplace
    from tracker.protocols import Target


def ways_to(place: Workplace, targets: Iterable[Target]) -> tuple[Way, ...]:
    """Return what becomes of a request to each host; blocks for some twenty seconds at most."""
    looked_at = [url for target in targets for url in target.addresses]
    return try_ways(tuple(origins([*looked_at, *_file_addresses(place)])), place.config.network)


def way_findings(ways: Iterable[Way]) -> Iterator[Finding]:
    """Yield one finding for each way."""
    for way in ways:
        scheme, _, rest = way.url.partition("://")
        host = rest.partition("/")[0].rpartition("@")[2]
        yield Finding(name=f"way to {scheme}://{host}", is_good=way.is_good, found=way.found, remedy=way.remedy)


def blocked(target: Target, ways: Iterable[Way]) -> Way | None:
    """Return the way on which a look at ``target`` would fail, that to its first address; ``None`` when it is open."""
    own = {_host(url) for url in target.addresses[:1]}
    return next((way for way in ways if not way.is_good and _host(way.url) in own), None)


def _host(url: str) -> str:
    return "/".join(url.lower().split("/")[:3])


def _file_addresses(place: Workplace) -> list[str]:
    if not place.config.store_path.exists():
        return []
    names = set(place.profile.component_names)
    with Store.open(place.config.store_path) as store:
        offered = [one.release for one in store.releases(offered_only=True) if one.release.component in names]
    return [asset.url for release in offered for asset in release.assets]
