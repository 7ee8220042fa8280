"""What a pass tells while it goes on, for people who wait and for logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tracker.model import Job, Run
    from tracker.store import Look


class PassEvents(Protocol):
    """Hears of a pass; called from the thread that makes it."""

    def looked(self, look: Look) -> None:
        """An upstream was asked."""

    def planned(self, count: int) -> None:
        """So many jobs are planned for now; more may follow from their results."""

    def started(self, job: Job) -> None:
        """A job began."""

    def finished(self, job: Job, run: Run) -> None:
        """A job ended, and its run is stored."""

    def said(self, text: str) -> None:
        """Anything else worth a line."""
