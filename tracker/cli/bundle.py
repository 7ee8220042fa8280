"""``tracker bundle``: all that a machine without network needs, in one file."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import note, say
from tracker.cli.settings import workplace
from tracker.errors import ExitCode

EXAMPLE = "tracker bundle /media/stick/build-box.tar"


def command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; what is there is replaced.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="What this host is called in it.")] = "",
) -> None:
    """Write evidence, releases and their files for `tracker import` elsewhere: 0 all of it, 3 a file is missing."""
    from tracker.passes.bundling import write_bundle
    from tracker.passes.lock import Work, only_one
    from tracker.passes.verdicts import host_title
    from tracker.passes.whole import open_runner

    place = workplace(context)
    with (
        only_one(place.config.home, Work.WATCH),
        place.open_store() as store,
        closing(place.open_http()) as http,
    ):
        runner = open_runner(place, http)
        origin = name or place.config.trust.name or host_title(runner.host_key, runner.host_facts())
        done = write_bundle(place, store, runner, path, origin=origin, now=datetime.now(UTC))
    say(
        f"{path}: {done.target_count} upstreams, {done.run_count} runs and {done.file_count} files of {origin}"
        f" ({done.size >> 20} MiB), {f'signed by {done.key}' if done.key else 'not signed'}"
    )
    if done.private_count:
        note(f"note: left out, since they are about files of this machine: {done.private_count} runs")
    if not done.key:
        note("note: who imports it has to accept what is not signed; `tracker key --new` makes a key")
    for one in done.missing:
        note(f"missing: {one}")
    if done.missing:
        raise typer.Exit(int(ExitCode.INCOMPLETE))
