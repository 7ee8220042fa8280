"""``tracker check``: may I use these versions together?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import instant, note, print_json, say
from tracker.cli.settings import JsonOption, settings
from tracker.errors import UsageError
from tracker.local_files import named_by_digest
from tracker.model import VerdictKind
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Combination, Factor, Value
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.content import VerdictSnapshot

EXAMPLE = "tracker check containerd=1.7.24 runtime=runc@1.1.5 --need networks"


def command(
    context: typer.Context,
    pins: Annotated[
        list[str] | None, typer.Argument(metavar="[FACTOR=VALUE]...", help="Versions to ask about.")
    ] = None,
    need: Annotated[list[str] | None, typer.Option("--need", help="A capability that must work; repeatable.")] = None,
    json: JsonOption = False,
) -> None:
    """Say whether these versions work together: 0 works, 1 broken, 2 usage, 3 cannot answer, 4 unknown, 5 stale.

    Without arguments it asks about [pins] of tracker.toml. A factor that is not named means some tested value.
    """
    from tracker.naming import find_pinned, split_pins
    from tracker.snapshot.answer import answer
    from tracker.snapshot.file import read_snapshot

    config = settings(context)
    named = split_pins(pins) if pins else dict(config.pins)
    if not named:
        message = "no pins to check"
        raise UsageError(message, hint=f"Name them as in: {EXAMPLE}\nor write them into [pins] of tracker.toml.")
    snapshot = read_snapshot(config.verdicts_path)
    values = [
        find_pinned(factor, text, snapshot.factors, snapshot.values) for factor, text in named_by_digest(named).items()
    ]
    if len({value.factor for value in values}) < len(values):
        message = f"two values for one factor: {' '.join(map(str, values))}"
        raise UsageError(message)
    found = answer(snapshot, values, _needs(snapshot, need or []), now=datetime.now(UTC))
    if json:
        print_json("check/1", _document(found, snapshot))
    else:
        _print(found, snapshot.factors)
    raise typer.Exit(int(found.exit_code))


def _needs(snapshot: VerdictSnapshot, wanted: list[str]) -> list[str]:
    for need in wanted:
        if need not in snapshot.capabilities:
            message = f"there is no capability '{need}'"
            raise UsageError(message, hint=f"Capabilities: {', '.join(snapshot.capabilities)}")
    return [one for one in snapshot.capabilities if one in (wanted or snapshot.required)]


def _print(found: Answer, factors: Sequence[Factor]) -> None:
    verdict = found.verdict
    word = f"{verdict.kind} ({verdict.was})" if verdict.was else str(verdict.kind)
    say(f"{word.upper()}: {' '.join(map(str, found.pinned))}")
    say(verdict.sentence)
    if verdict.cause and verdict.cause not in verdict.sentence:
        say(f"Cause: {verdict.cause}")
    _print_evidence(found)
    if found.nearest_good:
        say(f"Nearest that works: {in_order(found.nearest_good, factors)}")
    for newer in found.newer_good[:3]:
        say(f"Newer that works: {in_order(newer, factors)}")
    if not verdict.runs:
        note(f"To find out: tracker smoke {in_order(verdict.combination, factors)}")


def _print_evidence(found: Answer) -> None:
    verdict = found.verdict
    works = verdict.kind is VerdictKind.WORKS
    if found.chosen and found.tried and not works:
        say(f"No combination that was tried with these versions works ({found.tried} tried); this is the best of them:")
    if found.chosen:
        say(f"Answered with: {' '.join(map(str, found.chosen))}")
    if verdict.runs:
        say(f"Evidence: {_runs(verdict.runs)}, last on {instant(verdict.observed_at)}")
    if verdict.would_change and not works:
        say(f"What would change this: {verdict.would_change}")


def _runs(runs: tuple[int, ...]) -> str:
    return ("run " if len(runs) == 1 else "runs ") + ", ".join(map(str, runs[:5]))


def _document(found: Answer, snapshot: VerdictSnapshot) -> dict[str, object]:
    verdict = found.verdict
    return {
        "verdict": str(verdict.kind),
        "was": verdict.was,
        "sentence": verdict.sentence,
        "capability": verdict.capability,
        "because_of": verdict.because_of,
        "cause": verdict.cause,
        "pins": _values(found.pinned),
        "answered_with": _values(found.chosen),
        "host_key": snapshot.host_key,
        "evidence": {
            "runs": list(verdict.runs),
            "observed_at": instant(verdict.observed_at),
            "fresh_until": instant(verdict.fresh_until),
            "combinations_tried": found.tried,
        },
        # Naming a culprit takes a proof; what the failing step exercised is where it must be looked for.
        "culprits": [],
        "suspects": {name: verdict.combination[name].text for name in verdict.exercised},
        "nearest_good": _combination(found.nearest_good),
        "newer_good": [_combination(one) for one in found.newer_good],
    }


def _values(values: tuple[Value, ...]) -> dict[str, str]:
    return {value.factor: value.text for value in values}


def _combination(combination: Combination | None) -> dict[str, str] | None:
    return _values(combination.values) if combination else None
