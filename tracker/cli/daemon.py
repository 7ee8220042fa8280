"""``tracker daemon``: the whole pass, on a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tracker.cli.output import note
from tracker.cli.progress import Progress
from tracker.cli.settings import workplace
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = "tracker daemon"


def command(context: typer.Context) -> None:
    """Do what `tracker up` does now and then on a schedule, until SIGTERM or Ctrl-C."""
    from tracker.daemon import run_daemon
    from tracker.passes.whole import whole_pass

    place = workplace(context)

    def make_pass(should_stop: Callable[[], bool]) -> None:
        try:
            report = whole_pass(place, Progress(place.profile.factors), should_stop=should_stop)
        except TrackerError as error:
            # The daemon outlives a pass that could not be made; the next one tries again.
            note(f"error: {error}")
            return
        for problem in report.problems:
            note(f"problem: {problem}")
        note(report.summary)

    settings = place.config.daemon
    note(f"a pass every {settings.interval_minutes:g} minutes in {place.config.home}; stop with Ctrl-C or SIGTERM")
    run_daemon(make_pass, settings)
    note("stopped")
