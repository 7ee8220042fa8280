"""``tracker service``: the daemon as a service of the operating system."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.daemon import PartOption  # noqa: TC001 - typer reads it when it runs
from tracker.cli.output import print_json, say
from tracker.cli.settings import JsonOption, settings
from tracker.errors import ExitCode
from tracker.passes.part import Part

if TYPE_CHECKING:
    from tracker.service.definition import ServiceDefinition
    from tracker.service.manager import ServiceManager

EXAMPLE = "tracker service install --part watch"
NameOption = Annotated[str, typer.Option("--name", help="Its name; by default tracker-PART.")]

group = typer.Typer(
    help="Let the operating system run the daemon: a service of Windows, or a unit of systemd.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _installed(context: typer.Context, part: Part, name: str) -> tuple[ServiceManager, ServiceDefinition]:
    """Return who keeps services here, and the named one as it was installed: ``--name`` alone is enough."""
    from tracker.service.manager import open_manager

    asked, manager = _definition(context, part, name), open_manager()
    return manager, manager.installed(asked)


def _definition(context: typer.Context, part: Part, name: str, account: str = "") -> ServiceDefinition:
    from tracker.service.definition import define_service

    return define_service(settings(context), part, Path(sys.executable), name=name, account=account)


@group.command()
def install(
    context: typer.Context,
    part: PartOption = Part.ALL,
    account: Annotated[
        str, typer.Option("--account", help="Who runs it; by default nobody with rights for --part watch.")
    ] = "",
    name: NameOption = "",
) -> None:
    """Install it, to start with the machine; it is not started yet."""
    from tracker.service.manager import open_manager

    service = _definition(context, part, name, account)
    for line in open_manager().install(service):
        say(f"made: {line}")
    say(f"Start it with: tracker service start --name {service.name}")


@group.command()
def start(context: typer.Context, part: PartOption = Part.ALL, name: NameOption = "") -> None:
    """Start it now."""
    manager, service = _installed(context, part, name)
    manager.start(service.name)
    say(f"started {service.name}; it writes {service.log_file}")


@group.command()
def stop(context: typer.Context, part: PartOption = Part.ALL, name: NameOption = "") -> None:
    """Stop it; a run under way is ended in good order."""
    manager, service = _installed(context, part, name)
    manager.stop(service.name)
    say(f"stopped {service.name}")


@group.command()
def status(
    context: typer.Context, part: PartOption = Part.ALL, name: NameOption = "", json: JsonOption = False
) -> None:
    """Tell how it stands: 0 it is installed, 3 it is not."""
    manager, service = _installed(context, part, name)
    state = manager.state(service.name)
    if json:
        told = {"name": service.name, "installed": state.is_installed, "state": state.state}
        print_json("service/1", {**told, "part": str(service.part), "log_file": str(service.log_file)})
    else:
        say(f"{service.name}: {state.state if state.is_installed else 'not installed'}")
    if not state.is_installed:
        raise typer.Exit(int(ExitCode.INCOMPLETE))


@group.command()
def remove(
    context: typer.Context,
    part: PartOption = Part.ALL,
    name: NameOption = "",
    purge_logs: Annotated[bool, typer.Option("--purge-logs", help="Remove its log files as well.")] = False,
) -> None:
    """Stop and remove it with all that its installation made; what it has collected stays."""
    from tracker.service.logs import purge_logs as purge

    manager, service = _installed(context, part, name)
    left = manager.remove(service)
    if purge_logs:
        purge(service)
    say(f"removed {service.name}")
    for line in left:
        say(f"left: {line}")
