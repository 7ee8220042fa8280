"""``tracker daemon``: the whole pass, or a part of it, on a schedule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import note
from tracker.cli.progress import Progress
from tracker.cli.settings import workplace
from tracker.errors import TrackerError
from tracker.passes.part import Part

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from tracker.passes.workplace import Workplace

EXAMPLE = "tracker daemon"
PartOption = Annotated[
    Part, typer.Option("--part", help="All of it; watching and publishing, which needs no rights; or running alone.")
]


def command(
    context: typer.Context,
    part: PartOption = Part.ALL,
    log_file: Annotated[Path | None, typer.Option("--log-file", help="Write there what is said.")] = None,
) -> None:
    """Do what `tracker up` does now and then on a schedule, until SIGTERM or Ctrl-C."""
    from tracker.cli.log_file import log_file as logged

    with logged(log_file):
        run_part(workplace(context), part)


def run_part(
    place: Workplace,
    part: Part,
    *,
    stopping: threading.Event | None = None,
    on_failure: Callable[[str], None] = lambda _: None,
) -> None:
    """Make passes on a schedule until they are to stop.

    Args:
        place: settings, plugins, profile.
        part: what is done of a pass.
        stopping: set by whoever wants it to stop; without it signals do that.
        on_failure: hears of each pass that could not be made.
    """
    from tracker.daemon import run_daemon
    from tracker.passes.parts import make_part

    def make_pass(should_stop: Callable[[], bool]) -> None:
        try:
            report = make_part(place, part, Progress(place.profile.factors), should_stop=should_stop)
        except TrackerError as error:
            # The daemon outlives a pass that could not be made; the next one tries again.
            note(f"error: {error}")
            on_failure(str(error))
            return
        for problem in report.problems:
            note(f"problem: {problem}")
        note(report.summary)

    settings = place.config.daemon
    what = "a pass" if part is Part.ALL else f"the part '{part}' of a pass"
    note(f"{what} every {settings.interval_minutes:g} minutes in {place.config.home}; stop with Ctrl-C or SIGTERM")
    run_daemon(make_pass, settings, stopping)
    note("stopped")
