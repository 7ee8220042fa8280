"""``tracker plan``: what would be run next, and why."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.misfits import misfit_documents, print_misfits
from tracker.cli.output import print_json, print_table, say
from tracker.cli.progress import Progress
from tracker.cli.settings import JsonOption, LimitOption, workplace
from tracker.naming import in_order

if TYPE_CHECKING:
    from tracker.evidence.remaining import Remaining

EXAMPLE = "tracker plan --limit 10"


def command(
    context: typer.Context,
    limit: LimitOption = 500,
    spare: Annotated[bool, typer.Option("--spare", help="Also list audits, which nobody waits for.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Tell what it would take to know everything.")] = False,
    json: JsonOption = False,
) -> None:
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
        judged = smoking.judge()
        jobs = smoking.plan(judged, budget_jobs=limit, is_spare=spare)
        remaining = smoking.remaining(judged) if explain else None
    if json:
        entries = [
            {
                "kind": str(job.kind),
                "combination": {value.factor: value.text for value in job.combination},
                "reason": job.reason,
            }
            for job in jobs
        ]
        explained = (
            {"remaining": asdict(remaining), "separated": misfit_documents(judged.judgement.culprits)}
            if remaining
            else {}
        )
        print_json("plan/1", {"jobs": entries, **explained})
        return
    if remaining:
        _print_remaining(remaining)
        print_misfits(judged.judgement.culprits)
    rows = [
        [str(number), str(job.kind), in_order(job.combination, place.profile.factors), job.reason]
        for number, job in enumerate(jobs, 1)
    ]
    print_table(["", "KIND", "COMBINATION", "REASON"], rows, empty="nothing is left to run")


def _print_remaining(left: Remaining) -> None:
    say(f"{left.ran} of {left.combinations} live combinations have been run with their present files and test.")
    say(f"{left.open_pairs} of {left.pairs} pairs of live values have never met: {left.rows} runs let them.")
    say(f"{left.repeats} runs repeat what is not believed or not published yet.")
    say(f"{left.unexplained} failures are not explained: some {left.probes} runs separate what is suspected.")
    say(f"{left.further} runs try what is blamed with other parts, or lead to newer sets.")
    say(f"If nothing new fails, {left.runs} runs tell all that these rules can tell.\n")
