"""What to install on each host for each need, and the verdicts that the pages of two factors show."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from tracker.evidence.newest import newest_working
from tracker.passes.recommending import downloads, recommended
from tracker.render import Pick, SiteHost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.model import Axis, Combination, Profile, Value, Verdict
    from tracker.passes.elsewhere import Elsewhere
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.snapshot import VerdictSnapshot

_MOST_CELLS = 2500
"""Of one pair of factors: 50 values across 50."""


def site_hosts(
    place: Workplace, judged: Judged, known: VerdictSnapshot, elsewhere: Sequence[Elsewhere]
) -> tuple[SiteHost, ...]:
    """Return every host that the store has evidence of, this one first; none for a profile that only watches."""
    if not place.profile.scenario:
        return ()
    own = SiteHost(
        key=known.host_key,
        title=known.host_title,
        picks=tuple(_picks(place, judged)),
        culprits=judged.judgement.culprits,
    )
    return (own, *(_other(place, judged, one) for one in elsewhere))


def _other(place: Workplace, judged: Judged, other: Elsewhere) -> SiteHost:
    there = replace(judged, judgement=other.judgement, trials=other.trials)
    ran = sorted({trial.combination for trial in other.trials})
    chain = place.profile.capabilities
    return SiteHost(
        key=other.host_key,
        title=other.title,
        is_own=False,
        picks=tuple(_picks(place, there)),
        verdicts={one: {need: other.judgement.verdict(one, need) for need in chain} for one in ran},
        culprits=other.judgement.culprits,
    )


def needs(profile: Profile, axes: Sequence[Axis]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield what people come for: all that is required, the same with each live variant, then ever less.

    A variant is a choice that is no version (an isolation, a version of CNI); it is a need of its own, because somebody
    who needs it is not helped by what works without.
    """
    required = profile.required or profile.capabilities
    yield required[-1], ()
    for axis in axes:
        if axis.factor.variants and len(axis.values) > 1:
            yield from ((required[-1], (value,)) for value in axis.values)
    yield from ((need, ()) for need in reversed(required[:-1]))


def _picks(place: Workplace, judged: Judged) -> Iterator[Pick]:
    profile = place.profile
    for need, held in needs(profile, judged.axes):
        reached = profile.capabilities[: profile.capabilities.index(need) + 1]
        found = recommended(place, judged, reached, held=held)
        best = found.best
        yield Pick(
            need=need,
            held=held,
            combination=best,
            verdict=judged.judgement.verdict(best, need) if best else None,
            formerly=found.formerly,
            files=tuple((one.value, one.asset) for one in downloads(place, judged, best)) if best else (),
        )


def cells(
    profile: Profile, judged: Judged, shown: Mapping[Combination, object]
) -> dict[Combination, dict[str, Verdict]]:
    """Return the verdicts of all pairs of live values with the recommended rest, save of combinations in ``shown``."""
    found: dict[Combination, dict[str, Verdict]] = {}
    base = base_of(profile, judged)
    if base is None:
        return found
    for one, other in combinations(judged.axes, 2):
        for pair in islice(product(one.values, other.values), _MOST_CELLS):
            combination = base.replace(pair[0]).replace(pair[1])
            if combination not in shown and combination not in found:
                found[combination] = {
                    need: judged.judgement.verdict(combination, need) for need in profile.capabilities
                }
    return found


def base_of(profile: Profile, judged: Judged) -> Combination | None:
    """Return the newest combination that does most of what is required; ``None`` where nothing works."""
    wanted = reversed(profile.required or profile.capabilities)
    known = (newest_working(judged.axes, judged.judgement, need) for need in wanted)
    return next((one for one in known if one is not None), None)
