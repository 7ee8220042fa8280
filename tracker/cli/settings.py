"""From the global options to settings, profile and store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tracker.cli.check_options import AT, JSON
from tracker.config import Config, find_config

if TYPE_CHECKING:
    from tracker.passes.workplace import Workplace

JsonOption = Annotated[bool, typer.Option(JSON.flag, help=JSON.help)]
AtOption = Annotated[str, typer.Option(AT.flag, metavar=AT.metavar, help=AT.help)]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many, newest first.")]


def settings(context: typer.Context) -> Config:
    """Return the settings that the global options, the environment and the working directory name."""
    return find_config(cast("Path | None", context.obj), cwd=Path.cwd())


def workplace(context: typer.Context) -> Workplace:
    """Return settings, plugins and profile; problems with plugins are told on standard error."""
    from tracker.cli.places import opened

    return opened(settings(context))
