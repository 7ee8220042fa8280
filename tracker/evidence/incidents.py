"""Finds the times at which the host, not the software, failed (rule 3).

Between two passes of a capability lies a gap in which everything failed. When all combinations that were known to be
good before the gap fail in it too, or three of many, the host is at fault: nothing that failed in the gap is held
against anybody. In the last gap, which no pass has ended, the first of them to fail is enough to suspect the host, and
judgement is suspended until the next ones have told.

Before the first pass of all nothing is known to be good yet: a host that was bad from the start, or that went bad while
the scenario changed, is known by what came after it. When three combinations that failed then pass at their next run,
or all that failed where they are two, it was the host.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from typing import TYPE_CHECKING

from tracker.model import Outcome, from_microseconds, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tracker.evidence.trials import Row
    from tracker.model import Combination, Moment, Trial

MOST_REFERENCES = 3
"""So many known-good combinations that fail in a row are enough, however many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A time in which no combination passed a capability, known-good ones included.

    Attributes:
        capability: what failed.
        started_at: aware UTC start of the first run that failed.
        last_at: aware UTC end of the last run that failed.
        ended_at: aware UTC end of the run that passed again; ``None`` while the incident lasts.
        runs: ids of the runs that failed, ascending; held against no version.
        references: ids of those among them that ran a known-good combination, ascending.
        failed_good: the known-good combinations that failed, by key.
        good_count: how many combinations were known to be good when it began; where nothing had passed before, how
            many were found to be good after it.
    """

    capability: str
    started_at: datetime
    last_at: datetime
    ended_at: datetime | None
    runs: tuple[int, ...]
    references: tuple[int, ...]
    failed_good: tuple[Combination, ...]
    good_count: int

    @property
    def asked_count(self) -> int:
        """How many known-good combinations must fail before the host is at fault for certain."""
        return min(self.good_count, MOST_REFERENCES)

    @property
    def is_confirmed(self) -> bool:
        """Whether so many have failed; else the host is only suspected."""
        return len(self.failed_good) >= self.asked_count

    @property
    def is_open(self) -> bool:
        """Whether nothing has passed since."""
        return self.ended_at is None


def find_incidents(capability: str, rows: Iterable[Row]) -> tuple[Incident, ...]:
    """Return the incidents of ``capability`` among ``rows`` of one scenario and host, oldest first."""
    passes = [trial for row in rows for trial in row.trials if trial.outcome is Outcome.PASS]
    fails = [trial for row in rows for trial in row.trials if trial.outcome is Outcome.FAIL]
    if not fails or not passes:
        return ()
    # By moments: no two runs have the same one.
    failed = sorted(((moment, trial) for trial in fails for moment in trial.moments), key=lambda one: one[0])
    timeline = _Timeline(passes, [moment for moment, _ in failed])
    recovered = _recovered(failed, passes, timeline.gaps)
    # Only the first pass of a combination tells that it is good; later ones do nothing but end gaps.
    firsts = sorted(((trial.moments[0], trial.combination) for trial in passes), key=lambda one: one[0], reverse=True)
    good: set[Combination] = set()
    spoiled: set[Combination] = set()
    found: list[Incident] = []
    for number, members in groupby(zip(timeline.gaps, failed, strict=True), key=lambda one: one[0]):
        gap = [one for _, one in members]
        while firsts and firsts[-1][0] < gap[0][0]:
            _, combination = firsts.pop()
            if combination not in spoiled:
                good.add(combination)
        known = good if number else recovered
        incident = _incident(capability, gap, known, ended_at=timeline.end_of(number))
        if incident is not None:
            found.append(incident)
        else:
            blamed = {trial.combination for _, trial in gap if not trial.timed_out}
            spoiled |= blamed
            good -= blamed
    return tuple(found)


def _recovered(
    failed: Sequence[tuple[Moment, Trial]], passes: Sequence[Trial], gaps: Sequence[int]
) -> set[Combination]:
    """Return what failed before the first pass of all and passed at its next run; nothing where that is too little.

    Args:
        failed: all failures, oldest first.
        passes: all passes.
        gaps: the number of the gap in which each failure lies.
    """
    count = bisect_left(gaps, 1)
    early = {trial.combination for _, trial in failed[:count]}
    passed_at: dict[Combination, Moment] = {}
    for trial in passes if early else ():
        if trial.combination in early:
            first = trial.moments[0]
            passed_at[trial.combination] = min(first, passed_at.get(trial.combination, first))
    for moment, trial in failed[count:] if passed_at else ():
        if moment < passed_at.get(trial.combination, moment):
            del passed_at[trial.combination]
    return set(passed_at) if len(passed_at) >= max(2, min(len(early), MOST_REFERENCES)) else set()


class _Timeline:
    """The ends of all passes: between two of them lies a gap, or nothing.

    Attributes:
        gaps: for each failure the number of the gap in which it lies: how many passes came before it.
    """

    def __init__(self, passes: Sequence[Trial], failed: Sequence[Moment]) -> None:
        self._passes = passes
        # Microseconds are exact as floats until the year 2255, and sort much faster than whole numbers.
        columns = (map(float, trial.earlier.finished) for trial in passes)
        self._ends = sorted(chain((float(to_microseconds(trial.finished_at)) for trial in passes), *columns))
        self._together: dict[int, list[Moment]] = {}
        self.gaps = list(map(partial(bisect_left, self._ends), [moment[0] for moment in failed]))
        for place, (number, moment) in enumerate(zip(self.gaps, failed, strict=True)):
            if number < len(self._ends) and self._ends[number] == moment[0]:
                self.gaps[place] += bisect_left(self._ended_at(moment[0]), moment)

    def end_of(self, gap: int) -> datetime | None:
        """Return the aware UTC end of the pass that ended a gap; ``None`` where nothing has."""
        return from_microseconds(int(self._ends[gap])) if gap < len(self._ends) else None

    def _ended_at(self, end: int) -> list[Moment]:
        """Return the passes that ended in one microsecond, in order; it is rare, so that looking for them may take."""
        if end not in self._together:
            moments = (moment for trial in self._passes for moment in trial.moments)
            self._together[end] = sorted(moment for moment in moments if moment[0] == end)
        return self._together[end]


def _incident(
    capability: str, gap: Sequence[tuple[Moment, Trial]], good: set[Combination], *, ended_at: datetime | None
) -> Incident | None:
    """Return the incident that ``gap`` is, or, while nothing has ended it, may be.

    A single known-good combination that fails alone is flaky, and no sign of a bad host.
    """
    failed = {trial.combination for _, trial in gap}
    references = failed & good
    if not references or (failed == references and len(references) == 1):
        return None
    incident = Incident(
        capability=capability,
        started_at=from_microseconds(min(moment[1] for moment, _ in gap)),
        last_at=from_microseconds(max(moment[0] for moment, _ in gap)),
        ended_at=ended_at,
        runs=tuple(sorted(moment[2] for moment, _ in gap)),
        references=tuple(sorted(moment[2] for moment, trial in gap if trial.combination in references)),
        failed_good=tuple(sorted(references, key=lambda combination: combination.key)),
        good_count=len(good),
    )
    return incident if incident.is_open or incident.is_confirmed else None
