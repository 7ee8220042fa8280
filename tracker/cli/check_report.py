"""How ``tracker check`` tells its answer: for people, for machines, and as annotations of a workflow on GitHub."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.cli.output import instant, note, say
from tracker.model import VerdictKind
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.cli.check_pins import Asked
    from tracker.model import Combination, Culprit, Value
    from tracker.naming import KnownValue
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.opened import OpenSnapshot


def print_answer(found: Answer, asked: Asked, snapshot: OpenSnapshot) -> None:
    """Print the answer for people."""
    factors = snapshot.factors
    verdict = found.verdict
    word = f"{verdict.kind} ({verdict.was})" if verdict.was else str(verdict.kind)
    say(f"{word.upper()}: {' '.join(map(str, found.pinned))}")
    say(verdict.sentence)
    if verdict.cause and verdict.cause not in verdict.sentence:
        say(f"Cause: {verdict.cause}")
    for culprit in found.culprits:
        if culprit.sentence not in verdict.sentence:
            say(f"{'Does not fit' if culprit.context else 'Proved'}: {culprit.sentence}")
    _print_evidence(found)
    if found.nearest_good:
        say(f"Nearest that works: {in_order(found.nearest_good, factors)}")
        say(f"Smallest change: {_change(found.pinned, found.nearest_good)}")
    for newer in found.newer_good[:3]:
        say(f"Newer that works: {in_order(newer, factors)}")
    _print_places(asked)
    _print_remarks(found, asked, snapshot)
    if not verdict.runs:
        note(f"To find out: tracker smoke {in_order(verdict.combination, factors)}")


def _print_remarks(found: Answer, asked: Asked, snapshot: OpenSnapshot) -> None:
    for place, remark in remarks(asked, snapshot):
        say(f"{place}: {remark}")
    for waiver in _waivers(found, snapshot):
        more = f" {waiver['url']}" if waiver["url"] else ""
        say(f"Accepted until {waiver['until']}: {waiver['reason']}{more}")


def _change(pinned: Sequence[Value], good: Combination) -> str:
    changes = [f"{value} -> {good[value.factor].text}" for value in pinned if value not in good]
    return ", ".join(changes) or "none of the pins; only parts that were not asked about"


def _print_places(asked: Asked) -> None:
    for one in asked.pins:
        if one.path:
            say(f"{one.place}: {one.value}")
    for open_pin in asked.unresolved:
        say(f"{open_pin.path}:{open_pin.line}: {open_pin.name}: no version can be told: {open_pin.why}")


def _print_evidence(found: Answer) -> None:
    verdict = found.verdict
    works = verdict.kind is VerdictKind.WORKS
    if found.chosen and found.tried and not works:
        say(f"No combination that was tried with these versions works ({found.tried} tried); this is the best of them:")
    if found.chosen:
        say(f"Answered with: {' '.join(map(str, found.chosen))}")
    if verdict.runs:
        say(f"Evidence: {_runs(verdict.runs)}, last on {instant(verdict.observed_at)}")
    if verdict.reported_by:
        say(f"Reported by: {verdict.reported_by}")
    if verdict.would_change and not works:
        say(f"What would change this: {verdict.would_change}")


def _runs(runs: tuple[int, ...]) -> str:
    return ("run " if len(runs) == 1 else "runs ") + ", ".join(map(str, runs[:5]))


def _waivers(found: Answer, snapshot: OpenSnapshot) -> list[Mapping[str, Any]]:
    """Return what persons accept of the combination that answers, where it does not work."""
    verdict = found.verdict
    if verdict.kind is VerdictKind.WORKS:
        return []
    held = {value.factor: value.text for value in verdict.combination}
    return [
        waiver
        for waiver in snapshot.waivers
        if waiver["capability"] in {"", verdict.capability, verdict.because_of}
        and all(held.get(factor) == text for factor, text in waiver["values"].items())
    ]


def remarks(asked: Asked, snapshot: OpenSnapshot) -> list[tuple[str, str]]:
    """Return what should be known of each pinned version, with its place."""
    factors = dict.fromkeys(one.value.factor for one in asked.pins)
    known = {one.value: one for factor in factors for one in snapshot.named(factor)}
    return [
        (one.place, f"{one.value}: {remark}")
        for one in asked.pins
        if one.value in known
        for remark in _remarks(known[one.value])
    ]


def _remarks(known: KnownValue) -> Iterator[str]:
    yield from known.remarks
    end = known.supported_until
    if end is not None and end < datetime.now(UTC).date():
        yield f"Upstream's support for its line ended on {end}."


def document(found: Answer, asked: Asked, snapshot: OpenSnapshot) -> dict[str, object]:
    """Return the answer for machines."""
    verdict = found.verdict
    return {
        "verdict": str(verdict.kind),
        "was": verdict.was,
        "sentence": verdict.sentence,
        "capability": verdict.capability,
        "because_of": verdict.because_of,
        "cause": verdict.cause,
        "pins": _values(found.pinned),
        "places": [
            {
                "factor": one.value.factor,
                "value": one.value.text,
                "place": one.place,
                "path": one.path,
                "line": one.line,
            }
            for one in asked.pins
        ],
        "unresolved": [
            {"name": one.name, "path": one.path, "line": one.line, "why": one.why} for one in asked.unresolved
        ],
        "waivers": [dict(waiver) for waiver in _waivers(found, snapshot)],
        "remarks": [{"place": place, "remark": remark} for place, remark in remarks(asked, snapshot)],
        "answered_with": _values(found.chosen),
        "host_key": snapshot.host_key,
        "evidence": {
            "runs": list(verdict.runs),
            "observed_at": instant(verdict.observed_at),
            "fresh_until": instant(verdict.fresh_until),
            "combinations_tried": found.tried,
            "inferred_from": _values(verdict.inferred_from),
            "reported_by": verdict.reported_by,
        },
        "culprits": [_culprit(one) for one in found.culprits],
        "suspects": {name: verdict.combination[name].text for name in verdict.exercised},
        "nearest_good": _combination(found.nearest_good),
        "newer_good": [_combination(one) for one in found.newer_good],
    }


def annotate(found: Answer, asked: Asked, snapshot: OpenSnapshot, *, is_failing: bool) -> None:
    """Print the commands by which a workflow on GitHub shows the answer at the lines that pin something."""
    level = "error" if is_failing else "notice"
    blamed = {value for culprit in found.culprits for value in culprit.values}
    places = [one for one in asked.pins if one.path]
    guilty = [one for one in places if one.value in blamed] or places[:1]
    title = f"{found.verdict.kind}: {' '.join(map(str, found.pinned))}"
    text = " ".join([found.verdict.sentence, *(one.sentence for one in found.culprits)])
    for one in guilty:
        say(f"::{level} file={_property(one.path)},line={one.line},title={_property(title)}::{_message(text)}")
    if not guilty:
        say(f"::{level} title={_property(title)}::{_message(text)}")
    for open_pin in asked.unresolved:
        where = f"file={_property(open_pin.path)},line={open_pin.line}"
        say(f"::warning {where},title=unresolved pin::{_message(f'{open_pin.name}: {open_pin.why}')}")
    for place, remark in remarks(asked, snapshot):
        say(f"::warning title={_property(place)}::{_message(remark)}")


def _message(text: str) -> str:
    """Return ``text`` as GitHub's workflow commands want it; see "Workflow commands" in GitHub's documentation."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _culprit(culprit: Culprit) -> dict[str, object]:
    return {
        "values": _values(culprit.values),
        "standing": str(culprit.standing),
        "context": _values(culprit.context),
        "capability": culprit.capability,
        "sentence": culprit.sentence,
        "cause": culprit.cause,
        "runs": [*culprit.failure.runs, *(culprit.second.runs if culprit.second else ())],
        "twin": _combination(culprit.twin.combination) if culprit.twin else None,
    }


def _values(values: Sequence[Value]) -> dict[str, str]:
    return {value.factor: value.text for value in values}


def _combination(combination: Combination | None) -> dict[str, str] | None:
    return _values(combination.values) if combination else None
