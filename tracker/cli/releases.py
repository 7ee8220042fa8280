"""``tracker releases``: what an upstream offers, and what it offered before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import instant, moment, print_json, print_table
from tracker.cli.settings import JsonOption, workplace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Asset
    from tracker.store import StoredRelease

EXAMPLE = "tracker releases containerd"


def command(
    context: typer.Context,
    component: Annotated[str, typer.Argument(help="The component, for instance containerd.")],
    json: JsonOption = False,
) -> None:
    """List the known releases of a component, newest version first."""
    from tracker.passes.versions import newest_first
    from tracker.passes.workplace import check_component

    place = workplace(context)
    check_component(place, component)
    with place.open_store() as store:
        stored = newest_first(store.releases(component), place.registry)
    if json:
        print_json("releases/2", {"component": component, "releases": [_document(one) for one in stored]})
        return
    platforms = place.profile.asset_platforms or ("",)
    rows = [
        [
            one.release.version,
            one.release.upstream_version,
            ", ".join(dict.fromkeys(offer.channel for offer in one.offers)) or "no longer offered",
            published.date().isoformat() if (published := one.release.published_at) else "-",
            moment(one.first_seen_at),
            _state(one, platforms),
        ]
        for one in stored
    ]
    columns = ["VERSION", "UPSTREAM", "OFFERED BY", "PUBLISHED", "FIRST SEEN (UTC)", "FILE"]
    print_table(columns, rows, empty="no release was seen yet")


def _state(stored: StoredRelease, platforms: Sequence[str]) -> str:
    """Return the digest of the file for the first wanted platform that has one, or why there is none to trust."""
    release = stored.release
    found = next((asset for one in platforms if (asset := release.asset_for(one))), None)
    marks = ["pre-release"] if release.is_prerelease else []
    if found is None:
        marks.append(f"awaits {', '.join(release.awaits)}" if release.awaits else "no file")
    else:
        marks.append(f"DISTRUSTED: {found.distrust}" if found.distrust else _digest(found))
    return ", ".join(marks)


def _digest(asset: Asset) -> str:
    return asset.digest[:19] if asset.digest else "no digest"


def _document(stored: StoredRelease) -> dict[str, object]:
    release = stored.release
    return {
        "version": release.version,
        "upstream_version": release.upstream_version,
        "first_seen_at": instant(stored.first_seen_at),
        "published_at": instant(release.published_at),
        "is_prerelease": release.is_prerelease,
        "url": release.url,
        "tag": release.tag,
        "commit": release.commit,
        "awaits": list(release.awaits),
        "offers": [
            {"source": one.source, "line": one.line, "channel": one.channel, "since": instant(one.since)}
            for one in stored.offers
        ],
        "assets": [
            {
                "name": one.name,
                "url": one.url,
                "size": one.size,
                "digest": one.digest,
                "further_digests": list(one.further_digests),
                "role": one.role,
                "platform": one.platform,
                "os_version": one.os_version,
                "distrust": one.distrust,
            }
            for one in release.assets
        ],
    }
