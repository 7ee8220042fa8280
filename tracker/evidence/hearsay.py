"""What runs of others say whose key nobody trusts: it is told, with whose it is, and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.chain import carry
from tracker.evidence.repeats import newest_runs
from tracker.evidence.trials import group_trials, tell_apart
from tracker.evidence.verdicts import counted, dates
from tracker.model import Verdict, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from tracker.evidence.trials import Row
    from tracker.model import Combination, EvidenceKey, Trial


def hearsay(
    trials: Sequence[Trial],
    current: Callable[[Combination], EvidenceKey | None],
    chain: Sequence[str],
    max_age: timedelta,
) -> Mapping[Combination, Mapping[str, Verdict]]:
    """Return what ``trials``, of no trusted key, say of their combinations on the present bytes.

    Args:
        trials: imported ones.
        current: the present key of a combination.
        chain: the capabilities, earliest first.
        max_age: after it what is told is stale.
    """
    told = {}
    for combination, rows in group_trials(trials, current).items():
        own = {
            row.capability: verdict for row in rows if row.is_current and (verdict := _heard(row, max_age)) is not None
        }
        if own:
            told[combination] = carry(own, chain)
    return told


def _heard(row: Row, max_age: timedelta) -> Verdict | None:
    record = tell_apart(row, frozenset())
    backing = record.passes or record.fails
    if record.is_mixed or not backing:
        return None
    whose = ", ".join(sorted({trial.origin for trial in backing}))
    works = bool(record.passes)
    word, verb = ("works", "passed") if works else ("does not work", "failed")
    return Verdict(
        combination=row.combination,
        capability=row.capability,
        kind=VerdictKind.WORKS if works else VerdictKind.BROKEN,
        sentence=f"Reported by {whose}, whose key is not trusted here: it {word}, for {counted(backing)} "
        f"{dates(backing)} {verb}.",
        runs=newest_runs(backing),
        would_change="A run on this host.",
        cause="" if works else backing[-1].cause,
        exercised=() if works else tuple(sorted(value.factor for value in backing[-1].exercised)),
        reported_by=whose,
        observed_at=backing[-1].finished_at,
        fresh_until=backing[-1].finished_at + max_age,
    )
