"""How often something that works fails all the same, and how many reruns that asks for (rule 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.repeats import run_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.evidence.trials import Record

PRIOR_FLAKES = 1
PRIOR_STEADY = 19
MOST_RERUNS = 4
ACCEPTED_CHANCE = 0.005
"""Chance, at most, that a combination which works fails in the first run and in all reruns."""


def flake_rate(records: Iterable[Record]) -> float:
    """Return the expected share of runs that fail though the combination works: the mean of Beta(1, 19) plus counts.

    Counted are the runs of rows that passed at least once: only there is a failure known to be a flake.
    """
    flakes = steady = 0
    for record in records:
        if record.passes:
            flakes += run_count(record.fails)
            steady += run_count(record.passes)
    return (PRIOR_FLAKES + flakes) / (PRIOR_FLAKES + PRIOR_STEADY + flakes + steady)


def reruns_needed(rate: float) -> int | None:
    """Return how many reruns must fail before a failure is believed; ``None`` where no affordable number is enough.

    At least one, however rare flakes are: a rerun costs less than a false accusation.

    Args:
        rate: the flake rate of the capability, between 0 and 1.
    """
    for reruns in range(1, MOST_RERUNS + 1):
        if rate ** (reruns + 1) <= ACCEPTED_CHANCE:
            return reruns
    return None
