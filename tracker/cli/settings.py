"""From the global options to settings, profile and store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tracker.config import Config, find_config

if TYPE_CHECKING:
    from tracker.passes.workplace import Workplace

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
AtOption = Annotated[
    str,
    typer.Option("--at", metavar="DATE", help="As it was known then: 2026-11-20, or a time, in UTC."),
]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many, newest first.")]


def settings(context: typer.Context) -> Config:
    """Return the settings that the global options, the environment and the working directory name."""
    return find_config(cast("Path | None", context.obj), cwd=Path.cwd())


def workplace(context: typer.Context) -> Workplace:
    """Return settings, plugins and profile; problems with plugins are told on standard error."""
    from tracker.cli.output import note
    from tracker.passes.workplace import open_workplace

    place = open_workplace(settings(context))
    for problem in place.registry.problems:
        note(f"warning: plugin {problem.plugin} is set aside: {problem.reason}")
    return place
