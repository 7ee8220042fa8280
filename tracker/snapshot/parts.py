"""The parts of a snapshot out of plain JSON values; all that a question needs of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.evidence.verdict_document import verdict_from
from tracker.model import Combination, Exclusion, Factor, Value
from tracker.naming import KnownValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Verdict

EXCLUSION_TEXTS = ("one_texts", "other_texts", "except_other")


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """The verdicts of one combination that was run at least once, by capability."""

    combination: Combination
    verdicts: Mapping[str, Verdict]


def value_from(document: Mapping[str, Any]) -> Value:
    """Return the value that ``value_document`` made a document of."""
    return Value(document["factor"], document["version"], document["component"], document["alternative"])


def known_from(document: Mapping[str, Any]) -> KnownValue:
    """Return one entry of ``values``."""
    return KnownValue(
        value=value_from(document),
        upstream=document["upstream"],
        is_live=document["live"],
        remarks=tuple(document["remarks"]),
        supported_until=date.fromisoformat(end) if (end := document["supported_until"]) else None,
        is_proposable=document["proposable"],
    )


def exclusion_from(document: Mapping[str, Any]) -> Exclusion:
    """Return one entry of ``exclusions``."""
    texts = {name: frozenset(document[name]) for name in EXCLUSION_TEXTS}
    return Exclusion(one=document["one"], other=document["other"], reason=document["reason"], **texts)


def factor_from(document: Mapping[str, Any]) -> Factor:
    """Return one entry of ``factors``."""
    return Factor(
        name=document["name"],
        title=document["title"],
        components=tuple(document["components"]),
        variants=tuple(document["variants"]),
        may_be_absent=bool(document.get("may_be_absent", False)),
    )


def retraction_from(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return one entry of ``retractions``, which may come from a stranger's site."""
    return {
        "run": int(document["run"]),
        **{name: str(document[name]) for name in ("retracted_at", "reason", "url", "host_key")},
        "values": {str(factor): str(text) for factor, text in document["values"].items()},
    }


def row_from(document: Mapping[str, Any]) -> SnapshotRow:
    """Return the row that ``row_document`` made a document of."""
    combination = Combination.of(value_from(value) for value in document["combination"])
    verdicts = {capability: verdict_from(verdict, combination) for capability, verdict in document["verdicts"].items()}
    return SnapshotRow(combination=combination, verdicts=verdicts)
