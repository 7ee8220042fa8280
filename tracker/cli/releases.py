"""``tracker releases``: what an upstream offers, and what it offered before."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import instant, moment, print_json, print_table
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.passes.workplace import Workplace
    from tracker.store import StoredRelease

EXAMPLE = "tracker releases containerd"


def command(
    context: typer.Context,
    component: Annotated[str, typer.Argument(help="The component, for instance containerd.")],
    json: JsonOption = False,
) -> None:
    """List the known releases of a component, newest version first."""
    from tracker.passes.versions import newest_first

    place = workplace(context)
    _check_component(place, component)
    with place.open_store() as store:
        stored = newest_first(store.releases(component), place.registry)
    if json:
        print_json("releases/1", {"component": component, "releases": [_document(one) for one in stored]})
        return
    rows = [
        [
            one.release.version,
            one.release.upstream_version,
            ", ".join(offer.channel for offer in one.offers) or "no longer offered",
            moment(one.first_seen_at),
            _digest(one),
        ]
        for one in stored
    ]
    print_table(
        ["VERSION", "UPSTREAM", "OFFERED BY", "FIRST SEEN (UTC)", "DIGEST"], rows, empty="no release was seen yet"
    )


def _check_component(place: Workplace, name: str) -> None:
    known = place.profile.component_names
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        message = f"there is no component '{name}'" + (f" (did you mean '{near[0]}'?)" if near else "")
        raise UsageError(message, hint=f"Components: {', '.join(known)}")


def _digest(stored: StoredRelease) -> str:
    main = stored.release.main_asset
    return (main.digest or "-")[:19] if main else "-"


def _document(stored: StoredRelease) -> dict[str, object]:
    release = stored.release
    return {
        "version": release.version,
        "upstream_version": release.upstream_version,
        "first_seen_at": instant(stored.first_seen_at),
        "published_at": instant(release.published_at),
        "is_prerelease": release.is_prerelease,
        "url": release.url,
        "offers": [
            {"source": one.source, "line": one.line, "channel": one.channel, "since": instant(one.since)}
            for one in stored.offers
        ],
        "assets": [
            {"name": one.name, "url": one.url, "size": one.size, "digest": one.digest, "role": one.role}
            for one in release.assets
        ],
    }
