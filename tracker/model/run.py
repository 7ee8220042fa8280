"""One execution of a scenario on a combination, and what each of its steps said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tracker.model.combination import Combination
    from tracker.model.evidence import EvidenceKey
    from tracker.model.outcome import Outcome, RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A known reason for failing that a scenario registers.

    Attributes:
        name: lower-case identifier, unique within the scenario (``libc-too-old``).
        pattern: regular expression searched in the step's output and logs; its first match is the evidence.
        sentence: what it means, in plain words; group names of ``pattern`` may be used as ``{name}``.
        is_deterministic: the same bytes on the same host always fail so; no rerun is needed to believe it.
    """

    name: str
    pattern: str
    sentence: str
    is_deterministic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What one step of a run said.

    Attributes:
        name: the step's name, unique within the scenario.
        capability: what the step demonstrates.
        outcome: how it ended.
        exercises: names of the factors that the step exercised.
        reason: one sentence for people; for PASS what was seen, for SKIP and ERROR why.
        cause: the line of a log that tells why it failed; empty when it passed.
        cause_name: name of the registered cause that ``cause`` matched; empty when none did.
        is_deterministic: the matched cause is registered as deterministic.
        timed_out: the step was ended at its time limit.
        seconds: wall time of the step.
        log: all output of the step, as text, bounded by the runner.
    """

    name: str
    capability: str
    outcome: Outcome
    exercises: frozenset[str] = frozenset()
    reason: str = ""
    cause: str = ""
    cause_name: str = ""
    is_deterministic: bool = False
    timed_out: bool = False
    seconds: float = 0.0
    log: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a scenario on a combination.

    Attributes:
        id: assigned by the store, ascending in order of recording; 0 before it is stored.
        job_id: the job that asked for it; 0 for a run by hand.
        combination: what was run.
        key: under which other runs this one is comparable.
        started_at: aware UTC.
        finished_at: aware UTC; ``None`` unless ``state`` is finished.
        state: where it stands.
        outcome: the first outcome among its steps that is not PASS, else PASS.
        steps: in the order in which they ran.
        environment: all recorded facts of the host.
        artifacts: digest of every file that was installed for it, by ``component/asset name``.
        limit_factor: by how much the time limits were stretched.
        reason: why it was an ERROR as a whole; empty otherwise.
        logs: whole logs that are no step's output, by name (the daemon's log).
        origin: what the host is called whose run was imported; empty for this store's own.
    """

    id: int = 0
    job_id: int = 0
    combination: Combination
    key: EvidenceKey
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    outcome: Outcome
    steps: tuple[StepResult, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    limit_factor: float = 1.0
    reason: str = ""
    logs: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
