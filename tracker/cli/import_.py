"""``tracker import``: runs of other hosts, into the store of this one."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import note, say
from tracker.cli.settings import workplace

EXAMPLE = "tracker import //share/evidence/ltsc2019.jsonl"


def command(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files that `tracker export` wrote.")],
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Take it although nobody that is trusted signed it.")
    ] = False,
) -> None:
    """Take over runs of other hosts: each once, with whose it is; they count where [trust.keys] has their key."""
    from tracker.passes.exchanging import import_evidence, read_evidence
    from tracker.passes.lock import Work, only_one
    from tracker.passes.whole import conclude, open_runner

    place = workplace(context)
    accept = unsigned or place.config.trust.accept_unsigned
    now = datetime.now(UTC)
    # All are read before any is taken over: a file that is refused leaves nothing half done.
    read = [(path, *read_evidence(place, path, accept_unsigned=accept, now=now)) for path in paths]
    with (
        only_one(place.config.home, Work.WATCH),
        place.open_store(create=True) as store,
        closing(place.open_http()) as http,
    ):
        for path, source, found in read:
            taken = import_evidence(place, store, source, found, now=now)
            who = (
                f"by the key {source.holder}" if source.holder else "unsigned" if not source.key else "key not trusted"
            )
            told = f"{taken.new} new runs of {source.origin} ({who}), {taken.known} known before"
            say(f"{path}: {told}" + (f", {taken.retracted} retracted" if taken.retracted else ""))
            if not source.holder:
                note(f"note: what {source.origin} says is told and decides nothing: its key is not in [trust.keys]")
        report = conclude(place, store, open_runner(place, http), looks=(), runs=())
    say(f"judged anew, {report.written} files of the site changed")
