"""``tracker init``: write a commented tracker.toml, and the schema by which editors check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import say
from tracker.config import FILE_NAME
from tracker.errors import UsageError

EXAMPLE = "tracker init --profile linux-containers ."


def command(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(),
    profile: Annotated[str, typer.Option("--profile", help="The profile; by default the one of this platform.")] = "",
    schema: Annotated[
        bool,
        typer.Option("--schema", help="Write nothing but the schema for editors, for the settings that are there."),
    ] = False,
) -> None:
    """Write a tracker.toml that explains itself, and a JSON Schema of it for editors."""
    from tracker.config import Config, find_config
    from tracker.passes.starter import SCHEMA_NAME, editor_schema, starter_config
    from tracker.passes.workplace import open_workplace

    config = Config(profile=profile, home=Path(), site_dir=Path())
    if schema and not profile:
        config = find_config(context.obj, cwd=directory)
    place = open_workplace(config)
    path = directory / FILE_NAME
    if not schema:
        _write(path, starter_config(place), mode="x")
    _write(directory / SCHEMA_NAME, editor_schema(place), mode="w")
    if schema:
        say(f"wrote {directory / SCHEMA_NAME}")
        return
    say(f"wrote {path}; now run `tracker up`" + ("" if directory == Path() else f" in {directory}"))


def _write(path: Path, text: str, *, mode: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        message = f"{path} is there already"
        raise UsageError(message, hint="Edit it, or move it away first.") from error
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}"
        raise UsageError(message) from error
