"""How ``tracker check`` tells its answer to people, line by line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.cli.output import instant
from tracker.model import VerdictKind
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.cli.check_pins import Asked, Pinned
    from tracker.cli.check_question import Answered
    from tracker.model import Combination, Value
    from tracker.naming import KnownValue
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.opened import OpenSnapshot

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MOST_TAKEN_BACK = 5
_STANDINGS = {"proved": "Proved", "named": "Does not fit", "flaky": "Sometimes does not fit"}


def printable(text: str) -> str:
    """Return ``text``, which may come from a log or a strange site, on one line that no terminal obeys."""
    return _CONTROL.sub(" ", text)


def answer_lines(found: Answer, asked: Asked, snapshot: OpenSnapshot) -> Iterator[str]:
    """Yield the answer for people, the verdict first."""
    factors, verdict = snapshot.factors, found.verdict
    yield f"{headline(found)}: {' '.join(map(str, found.pinned))}"
    yield verdict.sentence
    yield from (line for line, told in _blame(found) if told not in verdict.sentence)
    yield from _evidence(found)
    if found.nearest_good:
        yield f"Nearest that works: {in_order(found.nearest_good, factors)}"
        yield f"Smallest change: {change_of(found.pinned, found.nearest_good)}"
    yield from (f"Newer that works: {in_order(newer, factors)}" for newer in found.newer_good[:3])
    yield from (f"{one.place}: {one.value}" for one in asked.pins if one.path)
    for open_pin in asked.unresolved:
        yield f"{open_pin.path}:{open_pin.line}: {open_pin.name}: no version can be told: {open_pin.why}"
    yield from (f"{pin.place}: {pin.value}: {remark}" for pin, remark in remarks(asked, snapshot))
    for run in taken_back(found, snapshot)[-_MOST_TAKEN_BACK:]:
        reason = f"{run['reason']} {run['url']}".rstrip()
        yield f"Run {run['run']} was taken back on {run['retracted_at'][:10]}: {reason}"
    for waiver in waivers(found, snapshot):
        yield f"Accepted until {waiver['until']}: {waiver['reason']} {waiver['url']}".rstrip()


def whole_answer(answered: Answered, snapshot: OpenSnapshot) -> Iterator[str]:
    """Yield all that came of a question for people: what was before a change, the answer, the other sets."""
    before = answered.before
    if before:
        yield f"Before: {headline(before)}: {' '.join(map(str, before.pinned))}"
    yield from answer_lines(answered.found, answered.asked, snapshot)
    for one in answered.also:
        yield f"Also asked, and no worse: {headline(one)}: {' '.join(map(str, one.pinned))}"


def headline(found: Answer) -> str:
    """Return the verdict in a word or two."""
    verdict = found.verdict
    return (f"{verdict.kind} ({verdict.was})" if verdict.was else str(verdict.kind)).upper()


def change_of(pinned: Sequence[Value], good: Combination) -> str:
    """Return which pins have to change towards a set that works."""
    changes = [f"{value} -> {good[value.factor].text}" for value in pinned if value not in good]
    return ", ".join(changes) or "none of the pins; only parts that were not asked about"


def waivers(found: Answer, snapshot: OpenSnapshot) -> list[Mapping[str, Any]]:
    """Return what persons accept today of the combination that answers, where it does not work."""
    verdict = found.verdict
    if verdict.kind is VerdictKind.WORKS:
        return []
    held = {value.factor: value.text for value in verdict.combination}
    today = datetime.now(UTC).date().isoformat()
    return [
        waiver
        for waiver in snapshot.waivers
        if waiver["until"] >= today
        and waiver["capability"] in {"", verdict.capability, verdict.because_of}
        and all(held.get(factor) == text for factor, text in waiver["values"].items())
    ]


def taken_back(found: Answer, snapshot: OpenSnapshot) -> list[Mapping[str, Any]]:
    """Return the runs of all that was asked about, on this host, on which nothing rests any more, by run."""
    pinned = {value.factor: value.text for value in found.pinned}
    return [
        run
        for run in snapshot.retractions
        if run["host_key"] == snapshot.host_key and pinned.items() <= run["values"].items()
    ]


def remarks(asked: Asked, snapshot: OpenSnapshot) -> list[tuple[Pinned, str]]:
    """Return what should be known of each pinned version, once, at the first place that names it."""
    factors = dict.fromkeys(one.value.factor for one in asked.pins)
    known = {one.value: one for factor in factors for one in snapshot.named(factor)}
    first: dict[Value, Pinned] = {}
    for one in asked.pins:
        first.setdefault(one.value, one)
    return [(one, remark) for value, one in first.items() if value in known for remark in _remarks_today(known[value])]


def _remarks_today(known: KnownValue) -> Iterator[str]:
    yield from known.remarks
    end = known.supported_until
    if end is not None and end < datetime.now(UTC).date():
        yield f"Upstream's support for its line ended on {end}."


def _blame(found: Answer) -> Iterator[tuple[str, str]]:
    """Yield lines on what does not fit, each with what it tells."""
    if found.verdict.cause:
        yield f"Cause: {found.verdict.cause}", found.verdict.cause
    for culprit in found.culprits:
        yield f"{_STANDINGS[culprit.standing]}: {culprit.sentence}", culprit.sentence
    for suspicion in found.suspicions:
        yield f"Suspected: {suspicion.sentence}", suspicion.sentence


def _evidence(found: Answer) -> Iterator[str]:
    verdict = found.verdict
    works = verdict.kind is VerdictKind.WORKS
    if found.chosen and found.tried and not works:
        tried = f"({found.tried} tried)"
        yield f"No combination that was tried with these versions works {tried}; this is the best of them:"
    if found.chosen:
        yield f"Answered with: {' '.join(map(str, found.chosen))}"
    if verdict.runs:
        shown = ", ".join(map(str, verdict.runs[:5]))
        runs = f"run {shown}" if len(verdict.runs) == 1 else f"runs {shown}"
        yield f"Evidence: {runs}, last on {instant(verdict.observed_at)}"
    if verdict.reported_by:
        yield f"Reported by: {verdict.reported_by}"
    if verdict.would_change and not works:
        yield f"What would change this: {verdict.would_change}"
