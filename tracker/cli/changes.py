"""``tracker changes``: what changed upstream."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.output import instant, moment, note, print_json, print_table
from tracker.cli.settings import JsonOption, LimitOption, workplace

EXAMPLE = "tracker changes --limit 20"


def command(
    context: typer.Context,
    component: Annotated[str | None, typer.Argument(help="Only this component.")] = None,
    limit: LimitOption = 50,
    history: Annotated[bool, typer.Option("--history", help="Also what was there at the first look.")] = False,
    json: JsonOption = False,
) -> None:
    """List what changed upstream, newest first. What the first look found is history, not news."""
    place = workplace(context)
    with place.open_store() as store:
        changes = store.changes(component, limit=limit, include_baseline=history)
    if json:
        entries = [
            {
                "observed_at": instant(one.observed_at),
                "kind": str(one.kind),
                "component": one.component,
                "version": one.version,
                "channel": one.channel,
                "before": one.before,
                "after": one.after,
                "is_baseline": one.is_baseline,
            }
            for one in changes
        ]
        print_json("changes/1", {"changes": entries})
        return
    rows = [[moment(one.observed_at), one.component, one.version, str(one.kind), one.channel] for one in changes]
    print_table(
        ["SEEN (UTC)", "COMPONENT", "VERSION", "CHANGE", "WHERE"], rows, empty="nothing changed since the first look"
    )
    if not rows and not history:
        note("`tracker changes --history` lists what the first look found.")
