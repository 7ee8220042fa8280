"""``tracker declared``: what upstreams and others say about versions, and what that lets one expect."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.output import note, print_json, print_table, say
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tracker.evidence.declared import Expectations, Expected
    from tracker.model import Combination, Declaration
    from tracker.passes.workplace import Workplace

EXAMPLE = "tracker declared containerd=2.3.1 isolation=hyperv"


def command(
    context: typer.Context,
    pins: Annotated[
        list[str] | None, typer.Argument(metavar="[FACTOR=VALUE]...", help="Only what bears on these.")
    ] = None,
    component: Annotated[str | None, typer.Option("--component", help="Only what speaks of this part.")] = None,
    json: JsonOption = False,
) -> None:
    """List what is declared about versions, by whom, and what it lets one expect; nothing of it was run here."""
    from tracker.passes.asked import asked_combination
    from tracker.passes.declaring import bears_on, collect_declared, expectations, strongest_first

    place = workplace(context)
    releases, sightings = _observed(place)
    collected = collect_declared(place, releases, sightings)
    for problem in collected.problems:
        note(f"warning: {problem}")
    asked, unseen = asked_combination(place, pins or [], releases)
    for value in unseen if releases else ():
        note(f"{value} was never seen upstream")
    today = datetime.now(UTC).date()
    book = expectations(place, collected, releases, today=today)
    told = strongest_first(collected.declarations)
    if asked.values:
        told = [one for one in told if bears_on(one, asked, book, place.profile)]
    if component is not None:
        told = _about(component, told, place)
    expected = {name: book.of(asked, name) for name in place.profile.capabilities} if asked.values else {}
    if json:
        print_json("declared/1", _document(told, asked, book, expected))
        return
    print_table(
        ["WHO SAYS IT", "LETS EXPECT", "UNTIL", "WHAT IS DECLARED", "WHERE"],
        [_row(one, today) for one in told],
        empty="nothing is declared about that",
    )
    if asked.values:
        _print_expected(expected)


def _observed(place: Workplace) -> tuple[Any, Any]:
    """Return stored releases and sightings; before the first look there are none, and the plugins' own facts remain."""
    if not place.config.store_path.exists():
        note("nothing was looked at yet: this is what the plugins bring along")
        return (), ()
    with place.open_store() as store:
        return store.releases(), store.sightings()


def _about(name: str, told: Sequence[Declaration], place: Workplace) -> list[Declaration]:
    parts = {factor.name: {factor.name, *factor.components} for factor in place.profile.factors}
    parts |= {component: {component} for component in place.profile.component_names if component not in parts}
    if name not in parts:
        message = f"the profile {place.profile.name} has no part '{name}'"
        raise UsageError(message, hint=f"Parts: {', '.join(parts)}")
    return [one for one in told if any(condition.name in parts[name] for condition in one.conditions)]


def _row(one: Declaration, today: date) -> list[str]:
    until = one.until.isoformat() if one.until else "-"
    ended = " (over)" if one.until and one.until < today else ""
    return [str(one.kind), str(one.expectation), f"{until}{ended}", one.sentence, one.provenance]


def _print_expected(expected: Mapping[str, Expected | None]) -> None:
    say("")
    for found, names in groupby(expected, key=lambda name: expected[name]):
        told = ", ".join(names)
        if found is None:
            say(f"{told}: nothing that is declared lets one expect anything")
        else:
            say(f"{told}: {str(found.kind).upper()}")
            say(f"  {found.sentence}")
    say("Declared is not tried: only a run on this machine says what works here.")


def _document(
    told: Sequence[Declaration], asked: Combination, book: Expectations, expected: Mapping[str, Expected | None]
) -> dict[str, Any]:
    applying = {one.id for one in book.applying(asked)}
    return {
        "combination": {value.factor: value.text for value in asked},
        "declarations": [
            {
                "id": one.id,
                "kind": str(one.kind),
                "expectation": str(one.expectation),
                "capability": one.capability,
                "sentence": one.sentence,
                "reason": one.reason,
                "provenance": one.provenance,
                "confidence": one.confidence,
                "said_on": one.said_on,
                "until": one.until,
                "applies": one.id in applying,
            }
            for one in told
        ],
        "expectations": {
            name: {
                "verdict": str(found.kind),
                "sentence": found.sentence,
                "declarations": [one.id for one in found.declarations],
            }
            if found
            else None
            for name, found in expected.items()
        },
    }
