"""Progress of a pass on standard error: a line for each thing that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.output import note
from tracker.model import Outcome
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Factor, Job, Run
    from tracker.store import Look


class Progress:
    """Tells a waiting person what goes on; the same lines make a readable log."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        self._factors = factors
        self._planned = 0
        self._finished = 0

    def looked(self, look: Look) -> None:
        """Tell what a look at an upstream brought."""
        note(f"look  {look.title}: {look.result}" + (f": {look.message}" if look.message else ""))

    def planned(self, count: int) -> None:
        """Tell how much there is to do."""
        self._planned += count
        note(f"plan  {count} jobs")

    def started(self, job: Job) -> None:
        """Nothing is said of a start: runs take about a second."""

    def finished(self, job: Job, run: Run) -> None:
        """Tell how a job ended and why it was run."""
        self._finished += 1
        note(f"run   [{self._finished}/{self._planned}] {run.outcome} {in_order(run.combination, self._factors)}")
        why = next((step.cause or step.reason for step in run.steps if step.outcome is run.outcome), run.reason)
        if run.outcome is not Outcome.PASS and (run.reason or why):
            note(f"      {run.reason or why}")
        note(f"      {job.kind}: {job.reason}")

    def said(self, text: str) -> None:
        """Pass on a line."""
        note(text)
