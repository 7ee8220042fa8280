"""``tracker up``: one whole pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import instant, note, print_json, say
from tracker.cli.progress import Progress
from tracker.cli.settings import JsonOption, workplace
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Factor
    from tracker.passes.whole import PassReport

EXAMPLE = "tracker up"


def command(
    context: typer.Context,
    spare: Annotated[bool, typer.Option("--spare", help="Also try again what nobody waits for: audits.")] = False,
    json: JsonOption = False,
) -> None:
    """Look at the upstreams, run what is new, judge, and publish the site: 0 all done, 3 something could not be."""
    from tracker.passes.whole import whole_pass

    place = workplace(context)
    report = whole_pass(place, Progress(place.profile.factors), should_stop=lambda: False, is_spare=spare)
    if json:
        print_json("up/1", _document(report))
    else:
        _print(report, place.profile.factors)
    raise typer.Exit(int(report.exit_code))


def _print(report: PassReport, factors: Sequence[Factor]) -> None:
    say(report.summary)
    for need, combination in report.newest_working.items():
        say(f"{need}: {in_order(combination, factors) if combination else 'nothing works yet'}")
    say(f"site: {report.front_page}")
    for problem in report.problems:
        note(f"problem: {problem}")


def _document(report: PassReport) -> dict[str, object]:
    return {
        "looks": [
            {"target": look.target, "result": str(look.result), "message": look.message, "at": instant(look.looked_at)}
            for look in report.looks
        ],
        "runs": [
            {"id": run.id, "outcome": str(run.outcome), "combination": str(run.combination)} for run in report.runs
        ],
        "newest_working": {
            need: {value.factor: value.text for value in one} if one else None
            for need, one in report.newest_working.items()
        },
        "written": report.written,
        "problems": list(report.problems),
        "site": str(report.front_page),
    }
