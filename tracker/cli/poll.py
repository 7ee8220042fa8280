"""``tracker poll``: look at the upstreams, and nothing else."""

from __future__ import annotations

from contextlib import closing

import typer

from tracker.cli.output import instant, moment, print_json, print_table
from tracker.cli.progress import Progress
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import ExitCode

EXAMPLE = "tracker poll"


def command(context: typer.Context, json: JsonOption = False) -> None:
    """Look at every upstream once and keep what was seen: 0 all seen, 3 something could not be looked at."""
    from tracker.passes.lock import Work, only_one
    from tracker.passes.problems import look_problems
    from tracker.passes.whole import look

    place = workplace(context)
    with (
        only_one(place.config.home, Work.WATCH),
        place.open_store(create=True) as store,
        closing(place.open_http()) as http,
    ):
        looks = look(place, store, http, Progress(place.profile.factors))
    if json:
        entries = [
            {
                "source": one.source,
                "target": one.target,
                "observed_at": instant(one.looked_at),
                "result": str(one.result),
                "is_complete": one.is_complete,
                "message": one.message,
            }
            for one in looks
        ]
        print_json("poll/1", {"looks": entries})
    else:
        rows = [[one.source, one.target, moment(one.looked_at), str(one.result)] for one in looks]
        print_table(["SOURCE", "TARGET", "LOOKED AT (UTC)", "RESULT"], rows, empty="there is nothing to look at")
    if look_problems(looks):
        raise typer.Exit(int(ExitCode.INCOMPLETE))
