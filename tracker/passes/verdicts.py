"""From a judgement to the verdict snapshot that ``check`` reads."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tracker.evidence.document import to_document
from tracker.local_files import is_local
from tracker.model import ABSENT, Value
from tracker.naming import KnownValue, find_pinned
from tracker.passes.versions import newest_first
from tracker.pins.vocabulary import Term
from tracker.snapshot import SnapshotRow, VerdictSnapshot
from tracker.snapshot.document import waiver_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.model import Factor, Waiver
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.store import StoredRelease


def verdict_snapshot(
    place: Workplace, judged: Judged, host_key: str, waivers: Sequence[Waiver] = ()
) -> VerdictSnapshot:
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
        terms=_terms(place, judged),
        waivers=tuple(waiver_document(one) for one in waivers),
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
            yield KnownValue(
                value=value,
                upstream=one.release.upstream_version,
                is_live=value in live,
                remarks=tuple(_remarks(one)),
            )
    for variant in factor.variants:
        yield KnownValue(value=factor.value(variant), upstream=variant, is_live=True)
    absent = Value(factor.name, ABSENT)
    if absent in live:
        yield KnownValue(value=absent, upstream=ABSENT, is_live=True)


def _remarks(stored: StoredRelease) -> Iterator[str]:
    """Yield what somebody who pins the release should know of it."""
    release = stored.release
    if is_local(release.version):
        return
    if not stored.offers:
        yield "No upstream offers it any more: it was withdrawn, or newer ones took its place."
    if release.is_prerelease:
        yield "It is a pre-release."
    yield from (f"{asset.name}: {asset.distrust}" for asset in release.assets if asset.distrust)


def _terms(place: Workplace, judged: Judged) -> tuple[Mapping[str, object], ...]:
    """Return how texts name the components of the profile's factors."""
    terms = []
    for factor in place.profile.factors:
        for name in factor.components:
            component = place.registry.components[name]
            places = (component.options, *(watch.options for watch in component.watches))
            versions = {one.release.upstream_version for one in judged.releases if one.release.component == name}
            terms.append(
                Term(
                    name=name,
                    factor=factor.name,
                    repositories=tuple(dict.fromkeys(one["repository"] for one in places if "repository" in one)),
                    images=tuple(dict.fromkeys(one["image"] for one in places if "image" in one)),
                    aliases=component.aliases,
                    versions=tuple(sorted(versions)),
                )
            )
    return tuple(asdict(term) for term in terms)
