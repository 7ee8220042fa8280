"""How ``tracker check`` tells its answer to machines: the document ``check/2``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.check_report import remarks, taken_back, waivers
from tracker.cli.output import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.cli.check_pins import Asked, Pinned
    from tracker.cli.check_question import Answered
    from tracker.model import Combination, Culprit, Suspicion, Value
    from tracker.pins import UnresolvedPin
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.opened import OpenSnapshot

SCHEMA = "check/2"


def answer_document(found: Answer, asked: Asked, snapshot: OpenSnapshot) -> dict[str, object]:
    """Return the answer as JSON values."""
    verdict = found.verdict
    return {
        **verdict_part(found),
        "capability": verdict.capability,
        "because_of": verdict.because_of,
        "cause": verdict.cause,
        "pins": _texts(found.pinned),
        "places": [_place(one) for one in asked.pins],
        "unresolved": [_unresolved(one) for one in asked.unresolved],
        "waivers": [dict(waiver) for waiver in waivers(found, snapshot)],
        **({"taken_back": gone} if (gone := _taken_back(found, snapshot)) else {}),
        "remarks": [{**_place(pin), "remark": remark} for pin, remark in remarks(asked, snapshot)],
        "answered_with": _texts(found.chosen),
        "host_key": snapshot.host_key,
        "host_title": snapshot.host_title,
        "signed_by": snapshot.signed_by,
        "evidence": {
            "runs": list(verdict.runs),
            "observed_at": instant(verdict.observed_at),
            "fresh_until": instant(verdict.fresh_until),
            "combinations_tried": found.tried,
            "inferred_from": _texts(verdict.inferred_from),
            "reported_by": verdict.reported_by,
        },
        "culprits": [_culprit(one) for one in found.culprits],
        "suspicions": [_suspicion(one) for one in found.suspicions],
        "suspects": {name: verdict.combination[name].text for name in verdict.exercised},
        "nearest_good": _combination(found.nearest_good),
        "change": _change(found),
        "newer_good": [_combination(one) for one in found.newer_good],
    }


def whole_document(answered: Answered, snapshot: OpenSnapshot) -> dict[str, object]:
    """Return all that came of a question as JSON values: the answer, the other sets, and the change asked about."""
    also = [{**verdict_part(one), "pins": _texts(one.pinned)} for one in answered.also]
    document = {**answer_document(answered.found, answered.asked, snapshot), "also": also}
    if answered.change:
        document["change_asked"] = answered.change
        document["before"] = before_part(answered.before)
        document["is_worse"] = answered.is_worse
    return document


def verdict_part(found: Answer) -> dict[str, object]:
    """Return the verdict of an answer alone, as JSON values."""
    verdict = found.verdict
    return {"verdict": str(verdict.kind), "was": verdict.was, "sentence": verdict.sentence}


def before_part(before: Answer | None) -> dict[str, object] | None:
    """Return what was known of the pins before a change; ``None`` when there were none."""
    return None if before is None else {**verdict_part(before), "pins": _texts(before.pinned)}


def _place(one: Pinned) -> dict[str, object]:
    return {
        "factor": one.value.factor,
        "value": one.value.text,
        "place": one.place,
        "path": one.path,
        "line": one.line,
        "form": one.form,
    }


def _taken_back(found: Answer, snapshot: OpenSnapshot) -> list[dict[str, object]]:
    names = ("run", "retracted_at", "reason", "url")
    return [{name: run[name] for name in names} for run in taken_back(found, snapshot)]


def _unresolved(one: UnresolvedPin) -> dict[str, object]:
    return {"name": one.name, "path": one.path, "line": one.line, "text": one.text, "why": one.why}


def _culprit(culprit: Culprit) -> dict[str, object]:
    return {
        "key": culprit.key,
        "values": _texts(culprit.values),
        "standing": str(culprit.standing),
        "context": _texts(culprit.context),
        "capability": culprit.capability,
        "sentence": culprit.sentence,
        "cause": culprit.cause,
        "runs": [*culprit.failure.runs, *(culprit.second.runs if culprit.second else ())],
        "twin": _combination(culprit.twin.combination) if culprit.twin else None,
    }


def _suspicion(suspicion: Suspicion) -> dict[str, object]:
    return {
        "capability": suspicion.capability,
        "sentence": suspicion.sentence,
        "suspects": [_texts(one) for one in suspicion.suspects],
        "is_the_test_suspected": suspicion.is_the_test_suspected,
        "runs": list(suspicion.failure.runs),
    }


def _change(found: Answer) -> dict[str, dict[str, str]] | None:
    good = found.nearest_good
    if good is None:
        return None
    return {one.factor: {"from": one.text, "to": good[one.factor].text} for one in found.pinned if one not in good}


def _texts(values: Iterable[Value]) -> dict[str, str]:
    return {value.factor: value.text for value in values}


def _combination(combination: Combination | None) -> dict[str, str] | None:
    return _texts(combination) if combination else None
