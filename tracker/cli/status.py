"""``tracker status``: what was looked at when, and what waits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import typer

from tracker.cli.output import instant, moment, print_json, print_table, say
from tracker.cli.settings import JsonOption, workplace

if TYPE_CHECKING:
    from tracker.store import Look

EXAMPLE = "tracker status"


def command(context: typer.Context, json: JsonOption = False) -> None:
    """Tell when each upstream was last looked at, what came of it, and what was run last."""
    place = workplace(context)
    with place.open_store() as store:
        looks = store.last_looks()
        runs = store.runs(profile=place.profile.name)
    outcomes = Counter(str(run.outcome) for run in runs)
    last = runs[0] if runs else None
    if json:
        document = {
            "profile": place.profile.name,
            "home": str(place.config.home),
            "looks": [_document(look) for look in looks],
            "runs": dict(sorted(outcomes.items())),
            "last_run": {"id": last.id, "at": instant(last.finished_at)} if last else None,
            "plugins": list(place.registry.plugins),
            "plugins_set_aside": [{"plugin": one.plugin, "reason": one.reason} for one in place.registry.problems],
        }
        print_json("status/1", document)
        return
    say(f"profile {place.profile.name}, home {place.config.home}")
    counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    say(f"runs: {counted or 'none'}" + (f"; last on {moment(last.finished_at)} UTC" if last else ""))
    rows = [[look.source, look.target, moment(look.looked_at), str(look.result), look.message] for look in looks]
    print_table(["SOURCE", "TARGET", "LAST LOOK (UTC)", "RESULT", "MESSAGE"], rows, empty="nothing was looked at yet")


def _document(look: Look) -> dict[str, object]:
    return {
        "source": look.source,
        "target": look.target,
        "looked_at": instant(look.looked_at),
        "result": str(look.result),
        "is_complete": look.is_complete,
        "message": look.message,
    }
