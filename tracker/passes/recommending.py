"""From the store to what is worth installing, and where it is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.recommend import recommend
from tracker.passes.proposing import why_never
from tracker.passes.verdicts import known_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.evidence.recommend import Recommendation
    from tracker.model import Asset, Combination, Value
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.store import StoredRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that a recommended value is installed from.

    Attributes:
        value: the value.
        asset: the file; its digest is ``None`` where the upstream publishes none.
    """

    value: Value
    asset: Asset


def recommended(
    place: Workplace,
    judged: Judged,
    needs: Sequence[str],
    *,
    given: Sequence[Value] = (),
    held: Sequence[Value] = (),
) -> Recommendation:
    """Return what is worth installing on the judged host.

    Args:
        place: plugins and profile.
        judged: what is known.
        needs: capabilities that are needed; at least one.
        given: what somebody uses; at most one value a factor.
        held: values that the answer must hold; at most one a factor.
    """
    return recommend(
        judged.axes,
        judged.judgement,
        needs,
        given=given,
        held=held,
        exclusions=place.profile.exclusions,
        never=never_recommended(place, judged.releases),
        order=[one.value for one in known_values(place, judged)],
    )


def never_recommended(place: Workplace, releases: Iterable[StoredRelease]) -> Mapping[Value, str]:
    """Return the values that nobody is told to install, each with a sentence that says why."""
    owners = {name: factor for factor in place.profile.factors for name in factor.components}
    found = {}
    for one in releases:
        factor = owners.get(one.release.component)
        why = why_never(one) if factor is not None else ""
        if factor is not None and why:
            found[factor.value(one.release.version, one.release.component)] = why
    return found


def downloads(place: Workplace, judged: Judged, combination: Combination) -> tuple[Download, ...]:
    """Return the files from which ``combination`` is installed on the profile's platform, in its order of factors."""
    values = [combination[factor.name] for factor in place.profile.factors]
    return tuple(
        Download(value=value, asset=asset)
        for value in values
        if value in judged.installable
        for asset in judged.installable[value].assets
    )
