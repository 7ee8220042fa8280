"""A judgement as plain data for JSON, so that ``check`` and other machines can answer without the store."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.errors import TrackerError
from tracker.evidence.attempts import Attempt, Failure
from tracker.evidence.belief import Doubt, DoubtKind
from tracker.evidence.book import Book
from tracker.evidence.clearing import Clearings
from tracker.evidence.culprit_document import culprit_in, culprit_out, suspicion_in, suspicion_out
from tracker.evidence.culprits import Pending
from tracker.evidence.incidents import Incident
from tracker.evidence.judgement import Judgement
from tracker.evidence.verdict_document import time_document, time_from, verdict_document, verdict_from
from tracker.model import Combination, Value, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = 2


class DocumentError(TrackerError):
    """A judgement's document cannot be read by this program."""


def to_document(judgement: Judgement) -> dict[str, Any]:
    """Return ``judgement`` as dicts, lists, texts and numbers; the same evidence gives the same document.

    Values are written once and referred to by their number. The reader's time is left out. Bit masks are
    hexadecimal texts. Times are ISO 8601 in UTC.
    """
    book = Book.of(judgement)
    rows = [
        {
            "combination": book.numbers(combination),
            "verdicts": [verdict_document(found[name]) for name in judgement.capabilities if name in found],
        }
        for combination, found in judgement.verdicts.items()
    ]
    return {
        "schema": SCHEMA,
        "capabilities": list(judgement.capabilities),
        "values": [[one.factor, one.version, one.component, one.is_alternative] for one in book.values],
        "rows": rows,
        "clearings": [_clearings_out(judgement.cleared[name], book) for name in judgement.capabilities],
        "known_good": {name: [book.numbers(one) for one in judgement.good[name]] for name in judgement.capabilities},
        "incidents": [_incident_out(one, book) for one in judgement.incidents],
        "doubts": [_doubt_out(one, book) for one in judgement.doubts],
        "attempts": [_attempt_out(one, book) for one in judgement.attempts],
        "culprits": [culprit_out(one, book) for one in judgement.culprits],
        "pending": [[culprit_out(one.culprit, book), one.fails, one.passes] for one in judgement.pending],
        "suspicions": [suspicion_out(one, book) for one in judgement.suspicions],
    }


def from_document(document: Mapping[str, Any], *, now: datetime) -> Judgement:
    """Return the judgement that ``document`` holds, as it reads at ``now``.

    Args:
        document: what ``to_document`` made, possibly through JSON.
        now: aware UTC time of the reader.

    Raises:
        DocumentError: the document is of another schema, or none at all.
    """
    schema = document.get("schema")
    if schema != SCHEMA:
        message = f"judgement of schema {schema!r}: this program reads schema {SCHEMA}"
        raise DocumentError(message, hint="Judge again with this program: tracker up")
    try:
        return _judgement_in(document, now)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        message = f"judgement is damaged: {type(error).__name__}: {error}"
        raise DocumentError(message, hint="Judge again with this program: tracker up") from error


def _judgement_in(document: Mapping[str, Any], now: datetime) -> Judgement:
    book = Book([Value(*fields) for fields in document["values"]])
    verdicts: dict[Combination, dict[str, Verdict]] = {}
    for row in document["rows"]:
        combination = book.combination(row["combination"])
        verdicts[combination] = {one["capability"]: verdict_from(one, combination) for one in row["verdicts"]}
    return Judgement(
        capabilities=tuple(document["capabilities"]),
        now=now,
        verdicts=verdicts,
        cleared={one["capability"]: _clearings_in(one, book) for one in document["clearings"]},
        good={name: tuple(map(book.combination, found)) for name, found in document["known_good"].items()},
        incidents=tuple(_incident_in(one, book) for one in document["incidents"]),
        doubts=tuple(_doubt_in(one, book) for one in document["doubts"]),
        attempts=tuple(_attempt_in(one, book) for one in document["attempts"]),
        culprits=tuple(culprit_in(one, book) for one in document["culprits"]),
        pending=tuple(
            Pending(culprit=culprit_in(culprit, book), fails=fails, passes=passes)
            for culprit, fails, passes in document["pending"]
        ),
        suspicions=tuple(suspicion_in(one, book) for one in document["suspicions"]),
    )


def _clearings_out(clearings: Clearings, book: Book) -> dict[str, Any]:
    return {
        "capability": clearings.capability,
        "values": book.numbers(clearings.values),
        "partners": [f"{mask:x}" for mask in clearings.partners],
        "idle": sorted(clearings.idle),
    }


def _clearings_in(found: Mapping[str, Any], book: Book) -> Clearings:
    return Clearings(
        capability=found["capability"],
        values=book.read(found["values"]),
        partners=tuple(int(mask, 16) for mask in found["partners"]),
        idle=frozenset(found["idle"]),
    )


def _incident_out(incident: Incident, book: Book) -> dict[str, Any]:
    return {
        "capability": incident.capability,
        "started_at": time_document(incident.started_at),
        "last_at": time_document(incident.last_at),
        "ended_at": time_document(incident.ended_at),
        "runs": list(incident.runs),
        "references": list(incident.references),
        "failed_good": [book.numbers(one) for one in incident.failed_good],
        "good_count": incident.good_count,
    }


def _incident_in(found: Mapping[str, Any], book: Book) -> Incident:
    return Incident(
        capability=found["capability"],
        started_at=datetime.fromisoformat(found["started_at"]),
        last_at=datetime.fromisoformat(found["last_at"]),
        ended_at=time_from(found["ended_at"]),
        runs=tuple(found["runs"]),
        references=tuple(found["references"]),
        failed_good=tuple(map(book.combination, found["failed_good"])),
        good_count=found["good_count"],
    )


def _doubt_out(doubt: Doubt, book: Book) -> dict[str, Any]:
    return {
        "combination": book.numbers(doubt.combination),
        "capability": doubt.capability,
        "kind": doubt.kind.value,
        "fails": doubt.fails,
        "reruns": doubt.reruns,
        "is_slow": doubt.is_slow,
        "has_reference": doubt.has_reference,
    }


def _doubt_in(found: Mapping[str, Any], book: Book) -> Doubt:
    return Doubt(
        combination=book.combination(found["combination"]),
        capability=found["capability"],
        kind=DoubtKind(found["kind"]),
        fails=found["fails"],
        reruns=found["reruns"],
        is_slow=found["is_slow"],
        has_reference=found["has_reference"],
    )


def _attempt_out(attempt: Attempt, book: Book) -> dict[str, Any]:
    return {
        "combination": book.numbers(attempt.combination),
        "together": [book.numbers(values) for values in attempt.together],
        "last_at": time_document(attempt.last_at),
        "failures": [[one.capability, book.numbers(sorted(one.exercised))] for one in attempt.failures],
    }


def _attempt_in(found: Mapping[str, Any], book: Book) -> Attempt:
    return Attempt(
        combination=book.combination(found["combination"]),
        together=tuple(book.read(numbers) for numbers in found["together"]),
        last_at=datetime.fromisoformat(found["last_at"]),
        failures=tuple(
            Failure(capability=name, exercised=frozenset(book.read(numbers))) for name, numbers in found["failures"]
        ),
    )
