"""``tracker key``: by which others know what comes from this host."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.output import note, print_json, say
from tracker.cli.settings import JsonOption, settings

EXAMPLE = "tracker key --new"


def command(
    context: typer.Context,
    new: Annotated[bool, typer.Option("--new", help="Make the key; one that is there is never overwritten.")] = False,
    json: JsonOption = False,
) -> None:
    """Print the public key of this home, which others write into [trust.keys] of their tracker.toml."""
    from tracker.signing import new_key, public_key

    path = settings(context).signing_key_path
    key = new_key(path) if new else public_key(path)
    if json:
        print_json("key/1", {"key": key, "private_key": str(path)})
        return
    say(key)
    if new:
        note(f"The private half is {path}: whoever has it speaks for this host. Keep it, and back it up.")
        note("From now on exports and the published matrix.json are signed; `tracker site` signs the present one.")
