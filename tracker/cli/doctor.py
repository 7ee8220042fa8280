"""``tracker doctor``: what this host can and cannot do."""

from __future__ import annotations

from contextlib import closing

import typer

from tracker.cli.output import print_json, print_table, say
from tracker.cli.settings import JsonOption, settings
from tracker.errors import ExitCode

EXAMPLE = "tracker doctor"


def command(context: typer.Context, json: JsonOption = False) -> None:
    """Tell what works here and how to get what is missing: 0 all there, 3 something is missing."""
    from tracker.http import Client
    from tracker.passes.examination import examine

    config = settings(context)
    with closing(Client(config.network)) as http:
        findings = examine(config, http)
    if json:
        entries = [
            {"name": one.name, "good": one.is_good, "found": one.found, "remedy": one.remedy} for one in findings
        ]
        print_json("doctor/1", {"findings": entries})
    else:
        rows = [["ok" if one.is_good else "MISSING", one.name, one.found] for one in findings]
        print_table(["", "WHAT", "FOUND"], rows, empty="")
        for one in findings:
            if not one.is_good and one.remedy:
                say(f"{one.name}: {one.remedy}")
    if not all(one.is_good for one in findings):
        raise typer.Exit(int(ExitCode.INCOMPLETE))
