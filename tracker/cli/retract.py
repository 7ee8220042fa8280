"""``tracker retract``: a run was our own fault and says nothing."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from tracker.cli.output import say
from tracker.cli.settings import workplace

EXAMPLE = 'tracker retract 41 --reason "the disk was full"'


def command(
    context: typer.Context,
    run_id: Annotated[int, typer.Argument(metavar="RUN", help="The run, as `tracker runs` lists it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it says nothing, in a sentence.")],
    url: Annotated[str, typer.Option("--url", help="Where more is said.")] = "",
) -> None:
    """Take back a run that was our own fault: it stays, and everything that rested on it is judged anew."""
    from tracker.model import Retraction
    from tracker.passes.lock import Work, only_one
    from tracker.passes.whole import conclude, open_runner

    place = workplace(context)
    with only_one(place.config.home, Work.WATCH), place.open_store() as store, closing(place.open_http()) as http:
        store.corrections.retract(Retraction(run_id=run_id, reason=reason, url=url, retracted_at=datetime.now(UTC)))
        report = conclude(place, store, open_runner(place, http), looks=(), runs=())
    say(f"run {run_id} is retracted; judged anew, {report.written} files of the site changed")
