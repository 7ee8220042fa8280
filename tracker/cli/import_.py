"""``tracker import``: runs of other hosts, into the store of this one."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import note, say
from tracker.cli.settings import workplace

if TYPE_CHECKING:
    from tracker.passes.exchanging import Source
    from tracker.passes.unbundling import Unbundled
    from tracker.passes.workplace import Workplace
    from tracker.store import Store
    from tracker.store.imported import Taken

EXAMPLE = "tracker import //share/evidence/ltsc2019.jsonl"


def command(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files that `tracker export` or `tracker bundle` wrote.")
    ],
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Take it although nobody that is trusted signed it.")
    ] = False,
) -> None:
    """Take over runs of other hosts, and bundles: each once; runs count where [trust.keys] has their key."""
    from tracker.passes.exchanging import read_evidence
    from tracker.passes.lock import Work, only_one
    from tracker.passes.unbundling import is_bundle, unbundled
    from tracker.passes.whole import conclude, open_runner

    place = workplace(context)
    now = datetime.now(UTC)
    # What a bundle brings is executed here: a setting that lets unsigned evidence be told does not reach that far.
    accept = unsigned or place.config.trust.accept_unsigned
    with only_one(place.config.home, Work.WATCH), ExitStack() as held:
        # All are read before any is taken over: a file that is refused leaves nothing half done.
        bundles = [
            (path, held.enter_context(unbundled(place, path, accept_unsigned=unsigned, now=now)))
            for path in paths
            if is_bundle(path)
        ]
        named = {path for path, _ in bundles}
        read = [
            (path, *read_evidence(place, path, accept_unsigned=accept, now=now)) for path in paths if path not in named
        ]
        store = held.enter_context(place.open_store(create=True))
        http = held.enter_context(closing(place.open_http()))
        for path, bundle in bundles:
            _take_bundle(place, store, path, bundle, now=now)
        for path, source, found in read:
            _tell(path, source, store.imported.take(found, profile=place.profile.name, key=source.key, now=now))
        report = conclude(place, store, open_runner(place, http), looks=(), runs=())
    say(f"judged anew, {report.written} files of the site changed")


def _take_bundle(place: Workplace, store: Store, path: Path, bundle: Unbundled, *, now: datetime) -> None:
    from tracker.passes.unbundling import keep_files

    # The files first: they are named by their content and mean nothing before the store tells of them.
    count = keep_files(place, bundle)
    key, profile = bundle.source.key, place.profile.name
    taken = store.imported.take(bundle.runs, profile=profile, key=key, now=now, told=bundle.told)
    _tell(path, bundle.source, taken)
    say(f"{path}: {count} new files, news of {taken.targets} of {len(bundle.told)} upstreams")


def _tell(path: Path, source: Source, taken: Taken) -> None:
    who = f"by the key {source.holder}" if source.holder else "unsigned" if not source.key else "key not trusted"
    told = f"{taken.new} new runs of {source.origin} ({who}), {taken.known} known before"
    say(f"{path}: {told}" + (f", {taken.retracted} retracted" if taken.retracted else ""))
    if not source.holder:
        note(f"note: what {source.origin} says is told and decides nothing: its key is not in [trust.keys]")
