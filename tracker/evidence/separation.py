"""What it took to tell a culprit from all else that was suspected with it, beside what the search needs in theory."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import combinations
from math import ceil, log2
from typing import TYPE_CHECKING

from tracker.evidence.repeats import first_end
from tracker.model import Outcome, to_microseconds

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.evidence.field import Field
    from tracker.evidence.suspects import Failing
    from tracker.model import Suspect, Value

_TELLS = {Outcome.PASS, Outcome.FAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """The price of a name.

    Attributes:
        spent: runs, repeats included, that told of a part of the failing row between its first failure and the pass
            that left the culprit alone under suspicion; 0 where older passes had ruled out all else.
        need: what QuickXplain needs in theory for c culprits among d differences to the nearest row that had passed,
            c log2(d / c) + c, rounded up.
    """

    spent: int
    need: int


def separation(failure: Failing, culprit: Suspect, field: Field) -> Separation:
    """Return what it took to separate ``culprit`` in ``failure``, the same whatever order the trials came in."""
    began = first_end(failure.record.fails)
    ended = _alone_at(failure, culprit, field)
    return Separation(
        spent=_runs_between(failure, began, ended, field) if ended is not None and ended > began else 0,
        need=_need(failure, culprit, began, field),
    )


def _alone_at(failure: Failing, culprit: Suspect, field: Field) -> datetime | None:
    """Return when the last of the other suspects passed for the first time; ``None`` where there were none."""
    first: dict[tuple[Value, ...], datetime] = {}
    for record in field.good:
        for trial in record.passes:
            common = sorted(trial.exercised & failure.exercised)
            for suspect in (*((value,) for value in common), *combinations(common, 2)):
                if suspect not in first or trial.first_finished_at < first[suspect]:
                    first[suspect] = trial.first_finished_at
    # Of the culprit's own values one may have passed with others, or none may have.
    return max((moment for suspect, moment in first.items() if not set(suspect) <= set(culprit)), default=None)


def _runs_between(failure: Failing, began: datetime, ended: datetime, field: Field) -> int:
    within = [
        trial
        for record in field.records
        if record.row.trials[-1].finished_at > began
        and record.row.combination != failure.combination
        and any(value in failure.exercised for value in record.row.combination)
        for trial in record.row.trials
    ]
    after, until = to_microseconds(began), to_microseconds(ended)
    runs: set[int] = set()
    for trial in within:
        if trial.outcome not in _TELLS:
            continue
        ends = trial.earlier.finished
        # The ends are in order: of many thousand runs those in between are found without looking at the others.
        runs.update(trial.earlier.run_ids[bisect_right(ends, after) : bisect_right(ends, until)])
        if after < to_microseconds(trial.finished_at) <= until:
            runs.add(trial.run_id)
    return len(runs)


def _need(failure: Failing, culprit: Suspect, began: datetime, field: Field) -> int:
    passed = [record for record in field.good if first_end(record.passes) <= began]
    twin = min(
        passed,
        key=lambda record: (
            sum(value not in record.row.combination for value in failure.exercised),
            min(trial.moments[0] for trial in record.passes),
        ),
        default=None,
    )
    different = [value for value in failure.exercised if twin is None or value not in twin.row.combination]
    wanted = sum(value in different for value in culprit)
    return ceil(wanted * log2(len(different) / wanted) + wanted) if wanted else 0
