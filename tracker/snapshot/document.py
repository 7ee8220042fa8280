"""The snapshot as plain JSON values: the form of ``matrix.json``, and of the parts inside the SQLite file."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.evidence.verdict_document import verdict_document, verdict_from
from tracker.model import Combination, Exclusion, Factor, Value
from tracker.naming import KnownValue
from tracker.snapshot.content import HostVerdicts, SnapshotRow, VerdictSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.model import Waiver

SCHEMA = "matrix/2"
_EXCLUSION_TEXTS = ("one_texts", "other_texts", "except_other")


def to_document(snapshot: VerdictSnapshot) -> dict[str, Any]:
    """Return the snapshot as JSON values; times are ISO 8601 in UTC, orders are the snapshot's."""
    return {
        "schema": SCHEMA,
        "profile": snapshot.profile,
        "title": snapshot.title,
        "scenario": snapshot.scenario,
        "host_key": snapshot.host_key,
        "host_title": snapshot.host_title,
        "capabilities": list(snapshot.capabilities),
        "required": list(snapshot.required),
        "factors": [asdict(factor) for factor in snapshot.factors],
        "values": [
            {
                **value_document(one.value),
                "upstream": one.upstream,
                "live": one.is_live,
                "remarks": list(one.remarks),
                "supported_until": one.supported_until.isoformat() if one.supported_until else None,
                "proposable": one.is_proposable,
            }
            for one in snapshot.values
        ],
        "terms": [dict(term) for term in snapshot.terms],
        "waivers": [dict(waiver) for waiver in snapshot.waivers],
        "exclusions": [_exclusion_document(one) for one in snapshot.exclusions],
        "judgement": snapshot.judgement,
        "others": [_host_document(one) for one in snapshot.others],
        "rows": [row_document(row) for row in snapshot.rows],
    }


def value_document(value: Value) -> dict[str, Any]:
    """Return a value as JSON values."""
    return {
        "factor": value.factor,
        "version": value.version,
        "component": value.component,
        "alternative": value.is_alternative,
    }


def value_from(document: Mapping[str, Any]) -> Value:
    """Return the value that ``value_document`` made a document of."""
    return Value(document["factor"], document["version"], document["component"], document["alternative"])


def waiver_document(waiver: Waiver) -> dict[str, Any]:
    """Return a waiver as JSON values."""
    return {
        "id": waiver.id,
        "values": {value.factor: value.text for value in waiver.values},
        "capability": waiver.capability,
        "reason": waiver.reason,
        "url": waiver.url,
        "until": waiver.until.isoformat(),
    }


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


def from_parts(parts: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> VerdictSnapshot:
    """Return the snapshot whose document has ``parts``, with ``rows`` of it.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: it is no such document.
    """
    return VerdictSnapshot(
        profile=parts["profile"],
        title=parts["title"],
        scenario=parts["scenario"],
        host_key=parts["host_key"],
        host_title=parts["host_title"],
        capabilities=tuple(parts["capabilities"]),
        required=tuple(parts["required"]),
        factors=tuple(factor_from(one) for one in parts["factors"]),
        values=tuple(known_from(one) for one in parts["values"]),
        rows=tuple(row_from(one) for one in rows),
        judgement=parts["judgement"],
        others=tuple(_host_from(one) for one in parts["others"]),
        exclusions=tuple(exclusion_from(one) for one in parts["exclusions"]),
        waivers=tuple(parts["waivers"]),
        terms=tuple(parts["terms"]),
    )


def exclusion_from(document: Mapping[str, Any]) -> Exclusion:
    """Return one entry of ``exclusions``."""
    texts = {name: frozenset(document[name]) for name in _EXCLUSION_TEXTS}
    return Exclusion(one=document["one"], other=document["other"], reason=document["reason"], **texts)


def _exclusion_document(exclusion: Exclusion) -> dict[str, Any]:
    texts = {name: sorted(getattr(exclusion, name)) for name in _EXCLUSION_TEXTS}
    return {"one": exclusion.one, "other": exclusion.other, "reason": exclusion.reason, **texts}


def _host_document(host: HostVerdicts) -> dict[str, Any]:
    return {
        "host_key": host.host_key,
        "host_title": host.host_title,
        "judgement": host.judgement,
        "rows": [row_document(row) for row in host.rows],
    }


def _host_from(document: Mapping[str, Any]) -> HostVerdicts:
    return HostVerdicts(
        host_key=document["host_key"],
        host_title=document["host_title"],
        judgement=document["judgement"],
        rows=tuple(row_from(one) for one in document["rows"]),
    )


def factor_from(document: Mapping[str, Any]) -> Factor:
    """Return one entry of ``factors``."""
    return Factor(
        name=document["name"],
        title=document["title"],
        components=tuple(document["components"]),
        variants=tuple(document["variants"]),
        may_be_absent=bool(document.get("may_be_absent", False)),
    )


def row_document(row: SnapshotRow) -> dict[str, Any]:
    """Return a combination with its verdicts as JSON values."""
    return {
        "key": row.combination.key,
        "combination": [value_document(value) for value in row.combination],
        "verdicts": {capability: verdict_document(verdict) for capability, verdict in row.verdicts.items()},
    }


def row_from(document: Mapping[str, Any]) -> SnapshotRow:
    """Return the row that ``row_document`` made a document of."""
    combination = Combination.of(value_from(value) for value in document["combination"])
    verdicts = {capability: verdict_from(verdict, combination) for capability, verdict in document["verdicts"].items()}
    return SnapshotRow(combination=combination, verdicts=verdicts)
