"""One planned execution, with the sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.model.combination import Combination


class JobKind(StrEnum):
    """Why a job is planned, most urgent first."""

    NAMED = "named"
    """A person asked for exactly this combination."""
    ANCHOR = "anchor"
    """A version that is new here, with everything else known to be good."""
    REFERENCE = "reference"
    """A known-good combination, to tell a broken part from a broken host."""
    RERUN = "rerun"
    """A failure again, to tell a fault from a flake."""
    ISOLATE = "isolate"
    """A row that tells which part, or which two, a failure is due to."""
    CONFIRM = "confirm"
    """A failing row or its passing twin once more, before anybody is blamed in public."""
    SWEEP = "sweep"
    """A row that meets pairs of versions that never met."""
    REFRESH = "refresh"
    """A recommended or pinned combination whose evidence has aged."""
    CLIMB = "climb"
    """A newer combination than the one that is recommended now."""
    AUDIT = "audit"
    """A spare job: something inferred, or long known, is tried all the same."""
    RETRY = "retry"
    """A run that ended in ERROR, after its back-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One planned execution of the profile's scenario.

    Attributes:
        combination: what to run.
        kind: which part of the plan asks for it.
        reason: why, in one sentence for people.
        limit_factor: by how much to stretch the time limits; 3.0 for the rerun of a time-out.
        id: assigned by the store; 0 before it is queued.
    """

    combination: Combination
    kind: JobKind
    reason: str
    limit_factor: float = 1.0
    id: int = 0
