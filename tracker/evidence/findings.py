"""Looks for culprits down the chain of capabilities: what fails at an earlier one tells nothing at a later one."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from tracker.evidence.belief import DoubtKind, Standing
from tracker.evidence.culprits import Blame, Findings
from tracker.evidence.partners import Partners
from tracker.evidence.suspects import failing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from tracker.evidence.belief import Belief, Doubt
    from tracker.evidence.clearing import Clearings
    from tracker.evidence.field import Field
    from tracker.evidence.trials import Record
    from tracker.model import Axis, Combination, Culprit, Exclusion, Value


def find_culprits(  # noqa: PLR0913 - all that decides
    fields: Mapping[str, Field],
    believed: Mapping[str, Sequence[tuple[Record, Belief]]],
    *,
    cleared: Mapping[str, Clearings],
    formerly: Mapping[str, Clearings],
    axes: Sequence[Axis],
    exclusions: Sequence[Exclusion],
    tried: Sequence[Combination],
    erred: Mapping[Combination, int],
    revocations: Mapping[str, int],
    max_age: timedelta,
) -> tuple[Findings, ...]:
    """Return what does not fit at each capability, in order of the chain.

    Args:
        fields: all current rows, by capability in order of the chain.
        believed: the current records of each capability and what they say.
        cleared: what passes have cleared, by capability.
        formerly: what passes of the same files had cleared under older scenarios, by capability.
        axes: the live values; may be empty.
        exclusions: values that never meet.
        tried: combinations with a finished run.
        erred: how many runs ended in ERROR, of each combination of which no run has finished.
        revocations: how often a pass has revoked a culprit, by its key.
        max_age: after it what is inferred is stale.
    """
    found: list[Findings] = []
    out: set[Value] = set()
    known: list[Culprit] = []
    partners = Partners(
        axes,
        tried,
        erred=erred,
        may_meet=lambda values: _may_meet(values, exclusions) and not any(one.is_in(values) for one in known),
        is_out=lambda value: value in out,
    )
    for name, field in fields.items():
        records = [record for record, belief in believed[name] if belief.standing is Standing.BROKEN]
        single = [
            (record, belief.doubt) for record, belief in believed[name] if belief.doubt and _is_single(belief.doubt)
        ]
        one = Blame(
            field,
            failing(records, cleared[name]),
            doubted=failing([record for record, _ in single], cleared[name]),
            vouched=[record.row.combination for record, doubt in single if doubt.has_reference],
            clearings=cleared[name],
            formerly=formerly[name],
            partners=partners,
            revocations=revocations,
            max_age=max_age,
        ).find()
        found.append(one)
        found_here = (*one.culprits, *(pending.culprit for pending in one.pending))
        out.update(culprit.values[0] for culprit in found_here if len(culprit.values) == 1)
        known += found_here
    return tuple(found)


def _is_single(doubt: Doubt) -> bool:
    """Whether nothing but reruns is missing."""
    return doubt.kind is DoubtKind.RERUN and not doubt.is_slow


def _may_meet(values: Sequence[Value], exclusions: Sequence[Exclusion]) -> bool:
    return not any(exclusion.forbids(one, other) for exclusion in exclusions for one, other in combinations(values, 2))
