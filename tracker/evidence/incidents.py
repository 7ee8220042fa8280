"""Finds the times at which the host, not the software, failed (rule 3).

Between two passes of a capability lies a gap in which everything failed. When all combinations that were known to be
good before the gap fail in it too, or three of many, the host is at fault: nothing that failed in the gap is held
against anybody. In the last gap, which no pass has ended, the first of them to fail is enough to suspect the host, and
judgement is suspended until the next ones have told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.trials import chronology
from tracker.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tracker.evidence.trials import Row
    from tracker.model import Combination, Trial

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
        good_count: how many combinations were known to be good when it began.
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
    events = [trial for row in rows for trial in row.trials if trial.outcome in {Outcome.PASS, Outcome.FAIL}]
    good: set[Combination] = set()
    spoiled: set[Combination] = set()
    gap: list[Trial] = []
    found: list[Incident] = []
    for trial in sorted(events, key=chronology):
        if trial.outcome is Outcome.FAIL:
            gap.append(trial)
            continue
        incident = _incident(capability, gap, good, ended_at=trial.finished_at)
        if incident is None:
            spoiled.update(failed.combination for failed in gap if not failed.timed_out)
            good.difference_update(failed.combination for failed in gap if not failed.timed_out)
        else:
            found.append(incident)
        gap = []
        if trial.combination not in spoiled:
            good.add(trial.combination)
    last = _incident(capability, gap, good, ended_at=None)
    return (*found, last) if last else tuple(found)


def _incident(
    capability: str, gap: Sequence[Trial], good: set[Combination], *, ended_at: datetime | None
) -> Incident | None:
    """Return the incident that ``gap`` is, or, while nothing has ended it, may be.

    A single known-good combination that fails alone is flaky, and no sign of a bad host.
    """
    failed = {trial.combination for trial in gap}
    references = failed & good
    if not references or (failed == references and len(references) == 1):
        return None
    incident = Incident(
        capability=capability,
        started_at=min(trial.started_at for trial in gap),
        last_at=max(trial.finished_at for trial in gap),
        ended_at=ended_at,
        runs=tuple(sorted(trial.run_id for trial in gap)),
        references=tuple(sorted(trial.run_id for trial in gap if trial.combination in references)),
        failed_good=tuple(sorted(references, key=lambda combination: combination.key)),
        good_count=len(good),
    )
    return incident if incident.is_open or incident.is_confirmed else None
