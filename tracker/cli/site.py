"""``tracker site``: judge what is stored and publish the site."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import note, print_json, say
from tracker.cli.settings import AtOption, JsonOption, workplace
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.passes.whole import PassReport
    from tracker.passes.workplace import Workplace

EXAMPLE = "tracker site"
_PORT = 8000


def command(
    context: typer.Context,
    at: AtOption = "",
    into: Annotated[
        Path | None, typer.Option("--into", metavar="DIR", help="Where to publish; needed with --at.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Then show it on this machine until Ctrl-C.")] = False,
    port: Annotated[int | None, typer.Argument(metavar="[PORT]", help="Of --serve; 8000, or 0 for any.")] = None,
    json: JsonOption = False,
) -> None:
    """Judge what is stored and publish the site; looks at no upstream and runs nothing."""
    if port is not None and not serve:
        message = f"{port}: what is this for? A port goes with --serve"
        raise UsageError(message, hint="tracker site --serve 8000")
    from tracker.render.search.index import can_index

    place = workplace(context)
    report = _published_at(place, at, into) if at else _published(place, into)
    if json:
        print_json(
            "site/1",
            {"site": str(report.front_page), "written": report.written, "problems": list(report.problems)},
        )
    else:
        say(f"site: {report.front_page} ({report.written} files changed)")
        for problem in report.problems:
            note(f"problem: {problem}")
    if not can_index() and place.config.site.search:
        note("the site has no search: pagefind-bin is not installed (pip install 'tracker[search]')")
    if serve:
        _show(report.front_page.parent, _PORT if port is None else port)
        return
    raise typer.Exit(int(report.exit_code))


def _show(site: Path, port: int) -> None:
    """Serve the site until somebody interrupts."""
    from tracker.render.serving import HOST, open_server

    with suppress(KeyboardInterrupt), open_server(site, port) as server:
        say(f"http://{HOST}:{server.server_port}/index.html (Ctrl-C ends it)")
        sys.stdout.flush()
        server.serve_forever()


def _published(place: Workplace, into: Path | None) -> PassReport:
    from tracker.passes.lock import Work, only_one
    from tracker.passes.whole import conclude, open_runner

    shown = replace(place, config=place.config.publishing_into(into.resolve())) if into else place
    with only_one(place.config.home, Work.WATCH), place.open_store() as store, closing(place.open_http()) as http:
        return conclude(shown, store, open_runner(place, http), looks=(), runs=())


def _published_at(place: Workplace, at: str, into: Path | None) -> PassReport:
    from tracker.cli.moment import past_moment
    from tracker.passes.past import publish_at

    if into is None or into.resolve() == place.config.site_dir:
        message = f"--at {at}: a site of the past does not take the place of the present one"
        raise UsageError(message, hint="Name another directory: --into DIR.")
    return publish_at(place, past_moment("--at", at), into)
