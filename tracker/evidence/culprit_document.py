"""Culprits and suspicions as plain data for JSON, inside the document of a judgement."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.model import Clearance, Culprit, CulpritStanding, Suspicion, Witness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.evidence.book import Book


def culprit_out(culprit: Culprit, book: Book) -> dict[str, Any]:
    """Return ``culprit`` as JSON values; times are ISO 8601 in UTC."""
    return {
        "capability": culprit.capability,
        "values": book.numbers(culprit.values),
        "standing": culprit.standing.value,
        "context": book.numbers(culprit.context),
        "failure": _witness_out(culprit.failure, book),
        "second": _witness_out(culprit.second, book),
        "twin": _witness_out(culprit.twin, book),
        "cleared": [[book.numbers(one.suspect), _witness_out(one.witness, book)] for one in culprit.cleared],
        "tried": culprit.tried,
        "partners": culprit.partners,
        "spent": culprit.spent,
        "need": culprit.need,
        "cause": culprit.cause,
        "cause_name": culprit.cause_name,
        "since": culprit.since.isoformat(),
        "observed_at": culprit.observed_at.isoformat(),
        "fresh_until": culprit.fresh_until.isoformat(),
        "sentence": culprit.sentence,
    }


def culprit_in(found: Mapping[str, Any], book: Book) -> Culprit:
    """Return the culprit that ``culprit_out`` wrote."""
    return Culprit(
        capability=str(found["capability"]),
        values=book.read(found["values"]),
        standing=CulpritStanding(found["standing"]),
        context=book.read(found["context"]),
        failure=_witness_in(found["failure"], book),
        second=_witness_in(found["second"], book) if found["second"] else None,
        twin=_witness_in(found["twin"], book) if found["twin"] else None,
        cleared=tuple(
            Clearance(suspect=book.read(suspect), witness=_witness_in(witness, book))
            for suspect, witness in found["cleared"]
        ),
        tried=found["tried"],
        partners=found["partners"],
        spent=int(found.get("spent", 0)),
        need=int(found.get("need", 0)),
        cause=str(found["cause"]),
        cause_name=str(found["cause_name"]),
        since=datetime.fromisoformat(found["since"]),
        observed_at=datetime.fromisoformat(found["observed_at"]),
        fresh_until=datetime.fromisoformat(found["fresh_until"]),
        sentence=str(found["sentence"]),
    )


def suspicion_out(suspicion: Suspicion, book: Book) -> dict[str, Any]:
    """Return ``suspicion`` as JSON values."""
    return {
        "capability": suspicion.capability,
        "failure": _witness_out(suspicion.failure, book),
        "suspects": [book.numbers(suspect) for suspect in suspicion.suspects],
        "is_the_test_suspected": suspicion.is_the_test_suspected,
        "sentence": suspicion.sentence,
    }


def suspicion_in(found: Mapping[str, Any], book: Book) -> Suspicion:
    """Return the suspicion that ``suspicion_out`` wrote."""
    return Suspicion(
        capability=str(found["capability"]),
        failure=_witness_in(found["failure"], book),
        suspects=tuple(book.read(suspect) for suspect in found["suspects"]),
        is_the_test_suspected=found["is_the_test_suspected"],
        sentence=str(found["sentence"]),
    )


def _witness_out(witness: Witness | None, book: Book) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {"combination": book.numbers(witness.combination), "runs": list(witness.runs)}


def _witness_in(found: Mapping[str, Any], book: Book) -> Witness:
    return Witness(combination=book.combination(found["combination"]), runs=tuple(found["runs"]))
