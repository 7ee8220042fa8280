"""What judging reads: per-run, per-capability outcomes, and the key under which they are comparable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.combination import Combination, Value
    from tracker.model.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EvidenceKey:
    """Under which runs are comparable: evidence under another key is history.

    Attributes:
        scenario_digest: ``"sha256:..."`` over the code of the scenario and of the installers that it uses.
        artifact_digest: ``"sha256:..."`` over the digests of all assets of the combination, sorted.
        host_key: the host facts that the profile names, as ``fact=value`` pairs in the profile's order.
    """

    scenario_digest: str
    artifact_digest: str
    host_key: str

    @property
    def digest(self) -> str:
        """Sixteen hex digits that name the key."""
        text = f"{self.scenario_digest}\n{self.artifact_digest}\n{self.host_key}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one finished run said about one capability; ERROR, SKIP and NOT_REACHED are kept too.

    Attributes:
        run_id: the run that it comes from.
        combination: what was run.
        capability: what was tried.
        outcome: the first outcome of the capability's steps that is not PASS, else PASS.
        exercised: the values whose working the steps demonstrate (PASS), or that the failing step exercised (FAIL);
            never an absent one.
        key: under which it is comparable.
        started_at: aware UTC start of the run.
        finished_at: aware UTC end of the run.
        reason: one sentence for people.
        cause: the log line that tells why it failed.
        cause_name: the registered cause; empty when none matched.
        is_deterministic: the cause is registered as deterministic.
        timed_out: the failing step was ended at its time limit.
        limit_factor: by how much the time limits were stretched.
        origin: whose run it is: empty for this store's own, else the name of the key or host that it was imported
            from.
        is_trusted: it may clear, prove and serve as a reference; an imported run may do so only where the
            configuration trusts its key.
    """

    run_id: int
    combination: Combination
    capability: str
    outcome: Outcome
    exercised: frozenset[Value]
    key: EvidenceKey
    started_at: datetime
    finished_at: datetime
    reason: str = ""
    cause: str = ""
    cause_name: str = ""
    is_deterministic: bool = False
    timed_out: bool = False
    limit_factor: float = 1.0
    origin: str = ""
    is_trusted: bool = True
