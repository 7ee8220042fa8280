"""From a judgement to the verdict snapshot that ``check`` reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracker.evidence.document import to_document
from tracker.model import ABSENT, Value
from tracker.naming import KnownValue, find_pinned
from tracker.passes.proposing import why_never
from tracker.passes.remarks import Remarks, read_remarks
from tracker.passes.terms import read_terms
from tracker.passes.versions import newest_first
from tracker.snapshot import SnapshotRow, VerdictSnapshot
from tracker.snapshot.content import HostVerdicts
from tracker.snapshot.document import retraction_document, waiver_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Factor, Profile, Trial, Waiver
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.store import Store

_NO_TIME = datetime.min.replace(tzinfo=UTC)


def verdict_snapshot(  # noqa: PLR0913 - all that a snapshot holds
    place: Workplace,
    judged: Judged,
    host_key: str,
    waivers: Sequence[Waiver] = (),
    *,
    store: Store | None = None,
    title: str = "",
    others: Sequence[HostVerdicts] = (),
) -> VerdictSnapshot:
    """Return verdicts of all combinations that were ever run on this host key, and every value that has a name.

    Args:
        place: plugins and profile.
        judged: what is known.
        host_key: what the evidence is about.
        waivers: failures that persons accept.
        store: tells what happened to releases; without it no more is said of them than their offers tell.
        title: the host for people.
        others: what is known on other hosts, by key.
    """
    profile = place.profile
    own = host_verdicts(profile, judged.trials, judged.judgement, host_key, title)
    return VerdictSnapshot(
        profile=profile.name,
        title=profile.title,
        scenario=profile.scenario,
        host_key=own.host_key,
        host_title=own.host_title,
        capabilities=profile.capabilities,
        required=profile.required,
        factors=profile.factors,
        values=known_values(place, judged, read_remarks(place, store, judged.releases) if store else None),
        terms=read_terms(profile, place.registry, judged.releases),
        exclusions=profile.exclusions,
        waivers=tuple(waiver_document(one) for one in waivers),
        retractions=tuple(
            retraction_document(one) for one in (store.corrections.retracted_runs(profile.name) if store else ())
        ),
        rows=own.rows,
        judgement=own.judgement,
        others=tuple(others),
    )


def host_verdicts(
    profile: Profile, trials: Iterable[Trial], judgement: Judgement, host_key: str, title: str
) -> HostVerdicts:
    """Return what a judgement says of all combinations that were ever run on a host, as if no time had passed since.

    Whoever reads it tells ages by a clock of his own; so the same evidence gives the same bytes at any time.
    """
    timeless = replace(judgement, now=_NO_TIME)
    return HostVerdicts(
        host_key=host_key,
        host_title=title,
        rows=tuple(
            SnapshotRow(
                combination=combination,
                verdicts={need: timeless.verdict(combination, need) for need in profile.capabilities},
            )
            for combination in sorted({trial.combination for trial in trials}, key=lambda one: one.key)
        ),
        judgement={**to_document(judgement), "rows": [], "attempts": [], "doubts": [], "known_good": {}},
    )


def host_title(host_key: str, facts: Mapping[str, str]) -> str:
    """Return what people call a host: its system, where that is known, and what tells it from others."""
    key = ", ".join(part.replace("=", " ") for part in host_key.split())
    return f"{facts['os']} ({key})" if "os" in facts else key


def known_values(place: Workplace, judged: Judged, remarks: Remarks | None = None) -> tuple[KnownValue, ...]:
    """Return every value that can be named: by factor in the profile's order, newest first.

    Args:
        place: plugins and profile.
        judged: what is known.
        remarks: what happened to releases; ``None`` when only their offers are to be told.
    """
    told = remarks or Remarks()
    return tuple(known for factor in place.profile.factors for known in _values_of(place, judged, factor, told))


def pinned_values(place: Workplace, judged: Judged) -> tuple[Value, ...]:
    """Return the values that [pins] of tracker.toml means.

    Raises:
        UsageError: a pin fits no known value, or several; before anything is known there is nothing to fit.
    """
    known = known_values(place, judged)
    if not judged.releases:
        return ()
    return tuple(find_pinned(name, text, place.profile.factors, known) for name, text in place.config.pins.items())


def _values_of(place: Workplace, judged: Judged, factor: Factor, told: Remarks) -> Iterator[KnownValue]:
    live = {value for axis in judged.axes for value in axis.values}
    for component in factor.components:
        own = [one for one in judged.releases if one.release.component == component]
        for one in newest_first(own, place.registry):
            value = factor.value(one.release.version, component)
            yield KnownValue(
                value=value,
                upstream=one.release.upstream_version,
                is_live=value in live,
                remarks=told.of(one),
                supported_until=told.supported_until(one),
                is_proposable=not why_never(one),
            )
    for variant in factor.variants:
        yield KnownValue(value=factor.value(variant), upstream=variant, is_live=True)
    absent = Value(factor.name, ABSENT)
    if absent in live:
        yield KnownValue(value=absent, upstream=ABSENT, is_live=True)
