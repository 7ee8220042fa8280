"""``tracker runs``: what was run here, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import moment, print_json, print_table, say
from tracker.cli.run_document import run_document
from tracker.cli.settings import JsonOption, LimitOption, workplace
from tracker.errors import UsageError
from tracker.model import Outcome
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Run

EXAMPLE = "tracker runs --limit 10"


def command(
    context: typer.Context,
    run_id: Annotated[int | None, typer.Argument(metavar="[RUN]", help="Show this run whole, with its logs.")] = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """List the runs made here, newest first; or show one with its steps and logs."""
    place = workplace(context)
    with place.open_store() as store:
        if run_id is None:
            runs = store.runs(profile=place.profile.name, limit=limit)
        else:
            found = store.run(run_id)
            if found is None:
                message = f"there is no run {run_id}"
                raise UsageError(message, hint="`tracker runs` lists them.")
            runs = (found,)
        retracted = {one.run_id: one.reason for one in store.corrections.retractions()}
    if json:
        print_json(
            "runs/1",
            {
                "runs": [
                    {**run_document(run, logs=run_id is not None), "retracted": retracted.get(run.id)} for run in runs
                ]
            },
        )
    elif run_id is None:
        factors = place.profile.factors
        rows = [
            [
                str(run.id),
                moment(run.finished_at or run.started_at),
                str(run.outcome),
                in_order(run.combination, factors),
                _told(run, retracted),
            ]
            for run in runs
        ]
        print_table(["RUN", "ENDED (UTC)", "OUTCOME", "COMBINATION", "REASON"], rows, empty="nothing was run yet")
    else:
        if runs[0].id in retracted:
            say(f"retracted: {retracted[runs[0].id]}")
        _print_whole(runs[0], in_order(runs[0].combination, place.profile.factors))


def _told(run: Run, retracted: Mapping[int, str]) -> str:
    told = f"retracted: {retracted[run.id]}" if run.id in retracted else _why(run)
    return f"[{run.origin}] {told}".rstrip() if run.origin else told


def _why(run: Run) -> str:
    deciding = next((step for step in run.steps if step.outcome is run.outcome is not Outcome.PASS), None)
    return run.reason or (deciding.cause or deciding.reason if deciding else "")


def _print_whole(run: Run, combination: str) -> None:
    say(f"run {run.id}: {run.outcome} {combination}")
    say(f"{moment(run.started_at)} UTC on {run.key.host_key}")
    if run.origin:
        say(f"made by {run.origin}, and imported")
    if run.reason:
        say(run.reason)
    rows = [
        [step.name, step.capability, str(step.outcome), f"{step.seconds:.2f} s", step.cause or step.reason]
        for step in run.steps
    ]
    print_table(["STEP", "CAPABILITY", "OUTCOME", "TIME", "REASON"], rows, empty="no step was reached")
    for step in run.steps:
        if step.log:
            say(f"\n--- {step.name}\n{step.log}")
    for name, log in run.logs.items():
        say(f"\n--- {name}\n{log}")
