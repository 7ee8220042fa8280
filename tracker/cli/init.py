"""``tracker init``: write a commented tracker.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import say
from tracker.config import FILE_NAME
from tracker.errors import UsageError

EXAMPLE = "tracker init --profile linux-containers ."


def command(
    directory: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(),
    profile: Annotated[str, typer.Option("--profile", help="The profile; by default the one of this platform.")] = "",
) -> None:
    """Write a tracker.toml that explains itself."""
    from tracker.config import Config
    from tracker.passes.starter import starter_config
    from tracker.passes.workplace import open_workplace

    place = open_workplace(Config(profile=profile, home=Path(), site_dir=Path()))
    path = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter_config(place.profile))
    except FileExistsError as error:
        message = f"{path} is there already"
        raise UsageError(message, hint="Edit it, or move it away first.") from error
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}"
        raise UsageError(message) from error
    say(f"wrote {path}; now run `tracker up`" + ("" if directory == Path() else f" in {directory}"))
