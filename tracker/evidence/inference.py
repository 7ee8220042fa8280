"""What follows from a culprit for combinations that nobody ran (rule 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.blame import told
from tracker.model import Verdict, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Combination, Culprit


def infer(combination: Combination, capability: str, culprits: Iterable[Culprit]) -> Verdict | None:
    """Return ``broken`` with its reason where ``combination`` holds a culprit of ``capability``; else ``None``.

    Of several culprits a proved one speaks before a named one, and then the first.
    """
    holding = [one for one in culprits if one.capability == capability and one.is_in(combination)]
    if not holding:
        return None
    culprit = min(holding, key=lambda one: (bool(one.context), one.values))
    runs = (*culprit.failure.runs, *(culprit.second.runs if culprit.second else ()))
    return Verdict(
        combination=combination,
        capability=capability,
        kind=VerdictKind.BROKEN,
        sentence=f"Does not work together, by inference from other runs: {culprit.sentence}",
        runs=tuple(sorted(runs, reverse=True)),
        would_change=f"A pass of any combination that holds {told(culprit.values)}.",
        cause=culprit.cause,
        exercised=tuple(sorted(value.factor for value in (*culprit.values, *culprit.context))),
        inferred_from=culprit.values,
        observed_at=culprit.observed_at,
        fresh_until=culprit.fresh_until,
    )
