"""What is newly broken, newly fixed, and what never worked: a version beside the one before it, all else equal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.model import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Combination, Value, Verdict


class Novelty(StrEnum):
    """How a verdict stands to that of the version before."""

    NEWLY_BROKEN = "newly broken"
    """The same capability worked with the version before."""
    NEWLY_FIXED = "newly fixed"
    """It was broken with the version before."""
    ALWAYS_FAILED = "always failed"
    """It was tried with at least one version before, and never worked with any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One version that changed what works, all else equal.

    Attributes:
        novelty: how.
        capability: of what.
        value: the version.
        before: the next older one that was tried with the same other values; both are of one component.
        combination: with the version.
        observed_at: aware UTC end of the newest run that tells it; ``None`` for what no run tells.
    """

    novelty: Novelty
    capability: str
    value: Value
    before: Value
    combination: Combination
    observed_at: datetime | None


def news(
    verdicts: Mapping[Combination, Mapping[str, Verdict]],
    newest_first: Sequence[Value],
    capabilities: Sequence[str],
) -> tuple[News, ...]:
    """Return what each version that was tried changed, newest first, then by combination.

    Only what was run says so: an inferred verdict is no news, and neither is a failure that is due to an earlier
    capability, which has its own.

    Args:
        verdicts: of all combinations that were ever run, on one host.
        newest_first: every value; those of one component stand in its order, newest first.
        capabilities: the chain, earliest first.
    """
    rank = {value: place for place, value in enumerate(newest_first)}
    tried = {one: own for one, own in verdicts.items() if any(map(_is_told, own.values()))}
    groups: dict[tuple[Combination, str], list[Combination]] = {}
    for combination in tried:
        for value in combination:
            if value.component and value in rank:
                # What is left without the value: combinations that differ in its version alone share it.
                groups.setdefault((_without(combination, value), f"{value.factor} {value.component}"), []).append(
                    combination
                )
    found = [
        one
        for (_, name), members in groups.items()
        for capability in capabilities
        for one in _in_group(name.partition(" ")[0], members, capability, tried, rank)
    ]
    ordered = sorted(found, key=lambda one: (one.combination.key, capabilities.index(one.capability), one.value))
    return tuple(sorted(ordered, key=lambda one: one.observed_at.timestamp() if one.observed_at else 0, reverse=True))


def _in_group(
    factor: str,
    members: Sequence[Combination],
    capability: str,
    tried: Mapping[Combination, Mapping[str, Verdict]],
    rank: Mapping[Value, int],
) -> Iterator[News]:
    told = [
        (one, verdict)
        for one in sorted(members, key=lambda one: rank[one[factor]], reverse=True)
        if (verdict := tried[one].get(capability)) is not None and _is_told(verdict)
    ]
    has_worked = False
    for (older, before), (newer, now) in pairwise(told):
        has_worked |= before.kind is VerdictKind.WORKS
        novelty = _novelty(before.kind, now.kind, has_worked=has_worked)
        if novelty:
            yield News(
                novelty=novelty,
                capability=capability,
                value=newer[factor],
                before=older[factor],
                combination=newer,
                observed_at=now.observed_at,
            )


def _novelty(before: VerdictKind, now: VerdictKind, *, has_worked: bool) -> Novelty | None:
    if now is VerdictKind.WORKS:
        return Novelty.NEWLY_FIXED if before is VerdictKind.BROKEN else None
    if before is VerdictKind.WORKS:
        return Novelty.NEWLY_BROKEN
    return None if has_worked else Novelty.ALWAYS_FAILED


def _is_told(verdict: Verdict) -> bool:
    """Whether runs of this very combination say that it works, or that it does not for a cause of its own."""
    return (
        verdict.kind in {VerdictKind.WORKS, VerdictKind.BROKEN}
        and bool(verdict.runs)
        and not verdict.inferred_from
        and not verdict.because_of
        and not verdict.reported_by
    )


def _without(combination: Combination, value: Value) -> Combination:
    return type(combination)(tuple(one for one in combination if one != value))
