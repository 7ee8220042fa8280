"""A verdict as plain data for JSON; the one form in which it stands in every document."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.model import Verdict, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Combination


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """Return ``verdict`` without its combination; times are ISO 8601 in UTC."""
    return {
        "capability": verdict.capability,
        "verdict": verdict.kind.value,
        "sentence": verdict.sentence,
        "runs": list(verdict.runs),
        "would_change": verdict.would_change,
        "because_of": verdict.because_of,
        "cause": verdict.cause,
        "exercised": list(verdict.exercised),
        "was": verdict.was,
        "inferred_from": [value.factor for value in verdict.inferred_from],
        "reported_by": verdict.reported_by,
        "observed_at": time_document(verdict.observed_at),
        "fresh_until": time_document(verdict.fresh_until),
    }


def verdict_from(document: Mapping[str, Any], combination: Combination) -> Verdict:
    """Return the verdict on ``combination`` that ``verdict_document`` made a document of."""
    names = ("capability", "sentence", "would_change", "because_of", "cause", "was", "reported_by")
    return Verdict(
        combination=combination,
        kind=VerdictKind(document["verdict"]),
        runs=tuple(document["runs"]),
        exercised=tuple(document["exercised"]),
        inferred_from=tuple(combination[name] for name in document["inferred_from"]),
        observed_at=time_from(document["observed_at"]),
        fresh_until=time_from(document["fresh_until"]),
        **{name: document[name] for name in names},
    )


def time_document(moment: datetime | None) -> str | None:
    """Return ``moment`` in ISO 8601 with its zone."""
    return None if moment is None else moment.isoformat()


def time_from(text: str | None) -> datetime | None:
    """Return the moment that ``time_document`` wrote."""
    return None if text is None else datetime.fromisoformat(text)
