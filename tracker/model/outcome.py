"""How a step or run ended, and where a run stands: two things, never mixed."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a step, or a whole run, says."""

    PASS = "PASS"  # noqa: S105 - an outcome, no secret
    """The capability was demonstrated."""
    FAIL = "FAIL"
    """The software under test is at fault."""
    ERROR = "ERROR"
    """Our test, the host or the network is at fault: says nothing about the software."""
    SKIP = "SKIP"
    """Not applicable here; the reason says why."""
    NOT_REACHED = "NOT_REACHED"
    """An earlier step ended the run."""


class RunState(StrEnum):
    """Where a job or run stands in its life."""

    QUEUED = "queued"
    LEASED = "leased"
    RUNNING = "running"
    FINISHED = "finished"
    ABANDONED = "abandoned"
