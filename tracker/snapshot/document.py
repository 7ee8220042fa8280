"""The snapshot as plain JSON values: the form of ``matrix.json``, and of the parts inside the SQLite file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.evidence.verdict_document import verdict_document
from tracker.snapshot.content import HostVerdicts, VerdictSnapshot
from tracker.snapshot.parts import EXCLUSION_TEXTS, exclusion_from, factor_from, known_from, row_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.model import Exclusion, RetractedRun, Value, Waiver
    from tracker.snapshot.parts import SnapshotRow

SCHEMA = "matrix/2"


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
        # There only where something was taken back: readers of this schema that know nothing of it are not disturbed.
        **({"retractions": [dict(one) for one in snapshot.retractions]} if snapshot.retractions else {}),
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


def retraction_document(run: RetractedRun) -> dict[str, Any]:
    """Return a run that was taken back as JSON values."""
    told = run.retraction
    return {
        "run": told.run_id,
        "retracted_at": told.retracted_at.isoformat(),
        "reason": told.reason,
        "url": told.url,
        "host_key": run.host_key,
        "values": {value.factor: value.text for value in run.combination},
    }


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
        retractions=tuple(parts.get("retractions", ())),
    )


def _exclusion_document(exclusion: Exclusion) -> dict[str, Any]:
    texts = {name: sorted(getattr(exclusion, name)) for name in EXCLUSION_TEXTS}
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


def row_document(row: SnapshotRow) -> dict[str, Any]:
    """Return a combination with its verdicts as JSON values."""
    return {
        "key": row.combination.key,
        "combination": [value_document(value) for value in row.combination],
        "verdicts": {capability: verdict_document(verdict) for capability, verdict in row.verdicts.items()},
    }
