"""From a judgement to the verdict snapshot that ``check`` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence import to_document
from tracker.model import ABSENT, Value
from tracker.naming import KnownValue, find_pinned
from tracker.passes.versions import newest_first
from tracker.snapshot import SnapshotRow, VerdictSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Factor
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace


def verdict_snapshot(place: Workplace, judged: Judged, host_key: str) -> VerdictSnapshot:
    """Return verdicts of all combinations that were ever run on this host key, and every value that has a name."""
    profile = place.profile
    combinations = sorted({trial.combination for trial in judged.trials})
    rows = tuple(
        SnapshotRow(
            combination=combination,
            verdicts={need: judged.judgement.verdict(combination, need) for need in profile.capabilities},
        )
        for combination in combinations
    )
    return VerdictSnapshot(
        profile=profile.name,
        title=profile.title,
        scenario=profile.scenario,
        host_key=host_key,
        capabilities=profile.capabilities,
        required=profile.required,
        factors=profile.factors,
        values=known_values(place, judged),
        rows=rows,
        judgement={**to_document(judged.judgement), "rows": [], "attempts": [], "doubts": [], "known_good": {}},
    )


def known_values(place: Workplace, judged: Judged) -> tuple[KnownValue, ...]:
    """Return every value that can be named: by factor in the profile's order, newest first."""
    return tuple(known for factor in place.profile.factors for known in _values_of(place, judged, factor))


def pinned_values(place: Workplace, judged: Judged) -> tuple[Value, ...]:
    """Return the values that [pins] of tracker.toml means.

    Raises:
        UsageError: a pin fits no known value, or several; before anything is known there is nothing to fit.
    """
    known = known_values(place, judged)
    if not judged.releases:
        return ()
    return tuple(find_pinned(name, text, place.profile.factors, known) for name, text in place.config.pins.items())


def _values_of(place: Workplace, judged: Judged, factor: Factor) -> Iterator[KnownValue]:
    live = {value for axis in judged.axes for value in axis.values}
    for component in factor.components:
        own = [one for one in judged.releases if one.release.component == component]
        for one in newest_first(own, place.registry):
            value = factor.value(one.release.version, component)
            yield KnownValue(value=value, upstream=one.release.upstream_version, is_live=value in live)
    for variant in factor.variants:
        yield KnownValue(value=factor.value(variant), upstream=variant, is_live=True)
    absent = Value(factor.name, ABSENT)
    if absent in live:
        yield KnownValue(value=absent, upstream=ABSENT, is_live=True)
