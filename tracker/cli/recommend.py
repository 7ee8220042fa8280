"""``tracker recommend``: what to install here, how sure that is, and what is newer."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import print_json
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Profile, Value
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace

EXAMPLE = "tracker recommend containerd=1.7.24 --need networks"


def command(
    context: typer.Context,
    pins: Annotated[
        list[str] | None, typer.Argument(metavar="[FACTOR=VALUE]...", help="What is used now; else [pins].")
    ] = None,
    need: Annotated[list[str] | None, typer.Option("--need", help="A capability that must work; repeatable.")] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="FACTOR=VALUE", help="Only sets with this; repeatable.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Name the newest set that is known to work here, what is newer and why it is not named.

    Of versions that are used now it tells the smallest change that leads to a set that works.
    """
    from tracker.cli.recommendation import document, tell
    from tracker.passes.judging import judge_store
    from tracker.passes.recommending import downloads, recommended
    from tracker.passes.verdicts import pinned_values
    from tracker.passes.whole import open_runner

    place = workplace(context)
    place.require_scenario()
    needs = needed(place.profile, need or [])
    with place.open_store() as store, closing(place.open_http()) as http:
        runner = open_runner(place, http)
        judged = judge_store(place, store, runner, now=datetime.now(UTC))
    given = _values(place, judged, pins) if pins else pinned_values(place, judged)
    held = _values(place, judged, keep or [])
    found = recommended(place, judged, needs, given=given, held=held)
    files = downloads(place, judged, found.best) if found.best else ()
    if json:
        print_json("recommend/1", document(found, files, host_key=runner.host_key, given=given, held=held))
    else:
        tell(found, files, place.profile.factors, host_key=runner.host_key, held=held)


def needed(profile: Profile, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the capabilities that are asked for, earliest first; those that the profile requires where none is.

    Raises:
        UsageError: the profile has no such capability.
    """
    for need in wanted:
        if need not in profile.capabilities:
            message = f"there is no capability '{need}'"
            raise UsageError(message, hint=f"Capabilities: {', '.join(profile.capabilities)}")
    return tuple(one for one in profile.capabilities if one in (wanted or profile.required))


def _values(place: Workplace, judged: Judged, pins: Sequence[str]) -> tuple[Value, ...]:
    from tracker.local_files import named_by_digest
    from tracker.naming import find_pinned, split_pins
    from tracker.passes.verdicts import known_values

    known = known_values(place, judged)
    named = named_by_digest(split_pins(pins)).items()
    values = tuple(find_pinned(name, text, place.profile.factors, known) for name, text in named)
    factors = [value.factor for value in values]
    for factor in factors:
        if factors.count(factor) > 1:
            two = " and ".join(value.text for value in values if value.factor == factor)
            message = f"two values for {factor}: {two}"
            raise UsageError(message, hint="Name each factor once.")
    return values
