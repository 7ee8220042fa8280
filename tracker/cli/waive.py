"""``tracker waive``: a person accepts a failure for a while."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import print_json, print_table, say
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Waiver
    from tracker.passes.workplace import Workplace
    from tracker.store import Store

EXAMPLE = 'tracker waive containerd=1.7.24 cni-spec=1.1.0 --reason "not used together" --until 2026-12-31'


def command(  # noqa: PLR0913, PLR0917 - what a waiver says
    context: typer.Context,
    pins: Annotated[list[str] | None, typer.Argument(metavar="[FACTOR=VALUE]...", help="Versions it is about.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is accepted, in a sentence.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="Its last day: 2026-12-31.")] = "",
    capability: Annotated[str, typer.Option("--capability", help="What may fail; otherwise everything.")] = "",
    url: Annotated[str, typer.Option("--url", help="Where more is said.")] = "",
    closes_after: Annotated[int, typer.Option("--closes-after", min=1, help="It ends after so many passes.")] = 3,
    close: Annotated[int | None, typer.Option("--close", metavar="ID", help="End this waiver.")] = None,
    json: JsonOption = False,
) -> None:
    """Accept a failure, with a reason and an end: it is shown beside the verdict, never instead of it.

    Without arguments it lists what is accepted now.
    """
    from tracker.passes.whole import conclude, open_runner

    place = workplace(context)
    if not pins and close is None:
        _list(place, is_json=json)
        return
    from tracker.passes.lock import Work, only_one

    with only_one(place.config.home, Work.WATCH), place.open_store() as store, closing(place.open_http()) as http:
        if close is not None:
            store.corrections.close_waiver(close, because=reason or "closed by a person", now=datetime.now(UTC))
            told = f"waiver {close} is closed"
        else:
            waiver = _asked(place, store, pins or [], (reason, until, capability, url), closes_after)
            number = store.corrections.add_waiver(waiver, profile=place.profile.name, now=datetime.now(UTC))
            told = f"waiver {number}: {' '.join(map(str, waiver.values))} until {waiver.until.isoformat()}"
        conclude(place, store, open_runner(place, http), looks=(), runs=())
    say(told)


def _asked(
    place: Workplace, store: Store, pins: Sequence[str], words: tuple[str, str, str, str], closes_after: int
) -> Waiver:
    from tracker.model import Waiver
    from tracker.passes.asked import asked_combination

    reason, until, capability, url = words
    if not reason.strip() or not until:
        message = "a waiver needs a reason and an end"
        raise UsageError(message, hint=f"As in: {EXAMPLE}")
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        message = f"--until {until}: is no day"
        raise UsageError(message, hint="Write it as 2026-12-31.") from error
    if capability and capability not in place.profile.capabilities:
        message = f"there is no capability '{capability}'"
        raise UsageError(message, hint=f"Capabilities: {', '.join(place.profile.capabilities)}")
    combination, _ = asked_combination(place, pins, store.releases())
    return Waiver(
        values=combination.values, capability=capability, reason=reason, url=url, until=day, closes_after=closes_after
    )


def _list(place: Workplace, *, is_json: bool) -> None:
    from tracker.passes.judging import judge_store
    from tracker.passes.waivers import open_waivers
    from tracker.passes.whole import open_runner
    from tracker.snapshot.document import waiver_document

    with place.open_store() as store, closing(place.open_http()) as http:
        judged = judge_store(place, store, open_runner(place, http), now=datetime.now(UTC))
        found = open_waivers(place, store, judged)
    if is_json:
        print_json("waivers/1", {"waivers": [waiver_document(one) for one in found]})
        return
    rows = [
        [str(one.id or "tracker.toml"), " ".join(map(str, one.values)), one.capability, str(one.until), one.reason]
        for one in found
    ]
    print_table(["WAIVER", "VERSIONS", "CAPABILITY", "UNTIL", "REASON"], rows, empty="nothing is accepted")
