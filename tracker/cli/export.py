"""``tracker export``: the runs of this host, for others."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import note, say
from tracker.cli.settings import workplace

EXAMPLE = "tracker export //share/evidence/ltsc2022.jsonl"


def command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; what is there is replaced.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="What this host is called in it.")] = "",
    with_imported: Annotated[
        bool, typer.Option("--with-imported", help="Also runs that came in from other hosts, under their names.")
    ] = False,
) -> None:
    """Write all runs to a file that other hosts import; signed where this home has a key (see `tracker key`)."""
    from tracker.passes.exchanging import export_evidence
    from tracker.passes.verdicts import host_title
    from tracker.passes.whole import open_runner

    place = workplace(context)
    with place.open_store() as store, closing(place.open_http()) as http:
        runner = open_runner(place, http)
        origin = name or place.config.trust.name or host_title(runner.host_key, runner.host_facts())
        written = export_evidence(place, store, path, origin=origin, with_imported=with_imported, now=datetime.now(UTC))
    say(f"{path}: {written.run_count} runs of {origin}, {f'signed by {written.key}' if written.key else 'not signed'}")
    if written.private_count:
        note(f"note: left out, since they are about files of this machine: {written.private_count} runs")
    if not written.key:
        note("note: who imports it has to accept what is not signed; `tracker key --new` makes a key")
