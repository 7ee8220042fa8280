"""``tracker plan``: what would be run next, and why."""

from __future__ import annotations

from contextlib import closing

import typer

from tracker.cli.output import print_json, print_table
from tracker.cli.progress import Progress
from tracker.cli.settings import JsonOption, LimitOption, workplace
from tracker.naming import in_order

EXAMPLE = "tracker plan --limit 10"


def command(context: typer.Context, limit: LimitOption = 500, json: JsonOption = False) -> None:
    """List the jobs that the next pass would run, each with its reason. Their results may lead to further jobs."""
    from tracker.passes.smoking import Smoking
    from tracker.passes.whole import open_runner

    place = workplace(context)
    place.require_scenario()
    with place.open_store() as store, closing(place.open_http()) as http:
        runner = open_runner(place, http)
        smoking = Smoking(
            place=place, store=store, runner=runner, events=Progress(place.profile.factors), should_stop=lambda: False
        )
        jobs = smoking.plan(smoking.judge(), budget_jobs=limit)
    if json:
        entries = [
            {
                "kind": str(job.kind),
                "combination": {value.factor: value.text for value in job.combination},
                "reason": job.reason,
            }
            for job in jobs
        ]
        print_json("plan/1", {"jobs": entries})
        return
    rows = [
        [str(number), str(job.kind), in_order(job.combination, place.profile.factors), job.reason]
        for number, job in enumerate(jobs, 1)
    ]
    print_table(["", "KIND", "COMBINATION", "REASON"], rows, empty="nothing is left to run")
