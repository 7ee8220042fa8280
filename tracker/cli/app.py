"""The application: all commands, and the global options before them."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Annotated

import typer

from tracker import __version__

COMMANDS = (
    "init",
    "up",
    "poll",
    "plan",
    "smoke",
    "matrix",
    "releases",
    "changes",
    "runs",
    "why",
    "declared",
    "check",
    "recommend",
    "recipe",
    "site",
    "retract",
    "waive",
    "export",
    "import",
    "bundle",
    "key",
    "status",
    "doctor",
    "daemon",
    "service",
)

app = typer.Typer(
    name="tracker",
    help="Watch upstream releases, smoke-test combinations of them here, and publish what works together.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="The tracker.toml to use.")] = None,
    _: Annotated[
        bool, typer.Option("--version", callback=lambda wanted: _version(wanted=wanted), is_eager=True)
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    context.obj = config


for _name in COMMANDS:
    # A word of Python cannot be the name of a module.
    _module = import_module(f"tracker.cli.{_name}_" if iskeyword(_name) else f"tracker.cli.{_name}")
    _epilog = f"Example: {_module.EXAMPLE}"
    if hasattr(_module, "group"):
        app.add_typer(_module.group, name=_name, epilog=_epilog)
    else:
        app.command(_name, epilog=_epilog)(_module.command)
