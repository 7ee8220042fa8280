"""``tracker site``: judge what is stored and publish the site."""

from __future__ import annotations

from contextlib import closing

import typer

from tracker.cli.output import note, print_json, say
from tracker.cli.settings import JsonOption, workplace

EXAMPLE = "tracker site"


def command(context: typer.Context, json: JsonOption = False) -> None:
    """Judge what is stored and publish the site; looks at no upstream and runs nothing."""
    from tracker.passes.lock import Work, only_one
    from tracker.passes.whole import conclude, open_runner

    place = workplace(context)
    with only_one(place.config.home, Work.WATCH), place.open_store() as store, closing(place.open_http()) as http:
        report = conclude(place, store, open_runner(place, http), looks=(), runs=())
    if json:
        print_json(
            "site/1",
            {"site": str(report.front_page), "written": report.written, "problems": list(report.problems)},
        )
    else:
        say(f"site: {report.front_page} ({report.written} files changed)")
        for problem in report.problems:
            note(f"problem: {problem}")
    raise typer.Exit(int(report.exit_code))
