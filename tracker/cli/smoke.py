"""``tracker smoke``: run combinations now."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import note, print_json, print_table, say
from tracker.cli.progress import Progress
from tracker.cli.run_document import run_document
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import ExitCode, SmokeError
from tracker.local_files import named_by_digest
from tracker.model import Job, JobKind, Outcome
from tracker.naming import in_order, split_pins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model import Combination, Factor, Run
    from tracker.passes.judging import Judged
    from tracker.passes.smoking import Smoking
    from tracker.passes.workplace import Workplace

EXAMPLE = "tracker smoke containerd=2.1.9 runtime=runc@1.1.5 cni-plugins=1.9.1 cni-spec=1.1.0"


def command(
    context: typer.Context,
    pins: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FACTOR=VALUE]...", help="The combination; without it, what is planned."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Run one named combination (0 PASS, 1 FAIL, 3 not possible here), or all that is planned; judge and publish.

    A factor that is not named takes its newest live value. FACTOR=file:PATH (or FACTOR=COMPONENT@file:PATH) takes a
    file of this machine as a version: it is kept apart by its digest, and is never live nor recommended.
    """
    from tracker.passes.lock import only_one
    from tracker.passes.smoking import Smoking
    from tracker.passes.whole import conclude, open_runner, recover

    place = workplace(context)
    place.require_scenario()
    progress = Progress(place.profile.factors)
    with only_one(place.config.home), place.open_store() as store, closing(place.open_http()) as http:
        runner = open_runner(place, http)
        recover(store, runner, progress)
        smoking = Smoking(place=place, store=store, runner=runner, events=progress, should_stop=lambda: False)
        runs = _run_named(place, smoking, split_pins(pins)) if pins else smoking.run_all()
        report = conclude(place, store, runner, looks=(), runs=runs)
    if json:
        documents = [run_document(run, logs=False) for run in runs]
        print_json("smoke/1", documents[0] if pins else {"runs": documents})
    else:
        _print(runs, place.profile.factors, one=bool(pins))
    for problem in report.problems:
        note(f"problem: {problem}")
    raise typer.Exit(int(_exit_code(runs[0].outcome) if pins else report.exit_code))


def _run_named(place: Workplace, smoking: Smoking, pins: Mapping[str, str]) -> list[Run]:
    from tracker.passes.local_artifacts import take_local_files

    take_local_files(place, smoking.store, pins)
    judged = smoking.judge()
    combination = _named(place, judged, pins)
    job = Job(combination=combination, kind=JobKind.NAMED, reason="asked for by name")
    smoking.events.planned(1)
    return smoking.run([job], judged)


def _named(place: Workplace, judged: Judged, pins: Mapping[str, str]) -> Combination:
    from tracker.model import Combination
    from tracker.naming import find_pinned
    from tracker.passes.verdicts import known_values

    known = known_values(place, judged)
    named = [find_pinned(name, text, place.profile.factors, known) for name, text in named_by_digest(pins).items()]
    missing = [axis.name for axis in judged.axes if not axis.values and axis.name not in {one.factor for one in named}]
    if missing:
        message = f"no release is known yet for: {', '.join(missing)}"
        raise SmokeError(message, hint="Run `tracker poll` first.")
    newest = {axis.name: axis.values[0] for axis in judged.axes if axis.values}
    return Combination.of({**newest, **{value.factor: value for value in named}}.values())


def _print(runs: Sequence[Run], factors: Sequence[Factor], *, one: bool) -> None:
    if not one:
        rows = [[str(run.id), str(run.outcome), in_order(run.combination, factors)] for run in runs]
        print_table(["RUN", "OUTCOME", "COMBINATION"], rows, empty="nothing is left to run")
        return
    run = runs[0]
    say(f"run {run.id}: {run.outcome} {in_order(run.combination, factors)}")
    rows = [
        [step.name, step.capability, str(step.outcome), f"{step.seconds:.2f} s", step.cause or step.reason]
        for step in run.steps
    ]
    print_table(["STEP", "CAPABILITY", "OUTCOME", "TIME", "REASON"], rows, empty=run.reason)


def _exit_code(outcome: Outcome) -> ExitCode:
    return {Outcome.PASS: ExitCode.OK, Outcome.FAIL: ExitCode.BROKEN}.get(outcome, ExitCode.INCOMPLETE)
