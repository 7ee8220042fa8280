"""What judging reads: per-run, per-capability outcomes, and the key under which they are comparable."""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from tracker.model.combination import Combination, Value
    from tracker.model.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EvidenceKey:
    """Under which runs are comparable: evidence under another key is history.

    Attributes:
        scenario_digest: ``"sha256:..."`` over the code of the scenario and of the installers that it uses.
        artifact_digest: ``"sha256:..."`` over the digests of all assets of the combination, sorted; where an
            environment was resolved for it, a second one follows, over all that came into it.
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


Moment = tuple[int, int, int]
"""When a run ended and started, in microseconds since 1970 in UTC, and its id: runs in time sort by it."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Many runs by nothing but their moments, in columns: a million of them take 24 MB.

    Attributes:
        finished: ends, in microseconds since 1970 in UTC, ascending.
        started: starts, likewise; in the order of the ends.
        run_ids: ids, in the same order.
    """

    finished: array[int]
    started: array[int]
    # A tuple, since every capability of the runs shows the same ids: they are held once.
    run_ids: tuple[int, ...]

    @classmethod
    def of(cls, moments: Iterable[Moment]) -> Moments:
        """Return ``moments``, whatever their order."""
        ordered = sorted(moments)
        return cls(
            array("q", [one[0] for one in ordered]),
            array("q", [one[1] for one in ordered]),
            tuple(one[2] for one in ordered),
        )

    def parted(self) -> tuple[Moments, Moment]:
        """Return all moments but the newest, and that; there is at least one."""
        newest = (self.finished[-1], self.started[-1], self.run_ids[-1])
        return Moments(self.finished[:-1], self.started[:-1], self.run_ids[:-1]), newest

    def without(self, run_ids: frozenset[int]) -> Moments:
        """Return the moments of all runs but ``run_ids``."""
        if run_ids.isdisjoint(self.run_ids):
            return self
        return Moments.of(moment for moment in self if moment[2] not in run_ids)

    def __len__(self) -> int:
        return len(self.run_ids)

    def __iter__(self) -> Iterator[Moment]:
        return zip(self.finished, self.started, self.run_ids, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moments) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


NO_MOMENTS = Moments.of(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one finished run said about one capability; ERROR, SKIP and NOT_REACHED are kept too.

    It may stand for many runs that said the very same, one after the other: then it is the newest of them.

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
        earlier: the moments of the other runs that it stands for, all before its own.
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
    earlier: Moments = field(default=NO_MOMENTS, repr=False)

    @property
    def count(self) -> int:
        """How many runs it stands for."""
        return len(self.earlier.run_ids) + 1

    @property
    def moment(self) -> Moment:
        """When the newest run was."""
        return (to_microseconds(self.finished_at), to_microseconds(self.started_at), self.run_id)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """When each of its runs was, oldest first."""
        return (*self.earlier, self.moment) if self.earlier.run_ids else (self.moment,)

    @property
    def run_ids(self) -> tuple[int, ...]:
        """The ids of all its runs, oldest first."""
        return (*self.earlier.run_ids, self.run_id)

    @property
    def first_finished_at(self) -> datetime:
        """Aware UTC end of the oldest run."""
        return from_microseconds(self.earlier.finished[0]) if self.earlier.run_ids else self.finished_at

    @property
    def last_started_at(self) -> datetime:
        """Aware UTC start of the run that started last; it need not be the one that ended last."""
        return max(self.started_at, from_microseconds(max(self.earlier.started))) if self.earlier else self.started_at

    def each(self) -> tuple[Trial, ...]:
        """Return a trial for each of its runs, oldest first."""
        if not self.earlier:
            return (self,)
        return tuple(self.at([moment]) for moment in self.moments)

    def at(self, moments: Iterable[Moment]) -> Trial:
        """Return what was said at ``moments``, at least one of them and whatever their order."""
        *earlier, (finished, started, run_id) = sorted(moments)
        return replace(
            self,
            run_id=run_id,
            started_at=from_microseconds(started),
            finished_at=from_microseconds(finished),
            earlier=Moments.of(earlier) if earlier else NO_MOMENTS,
        )

    def without(self, run_ids: AbstractSet[int]) -> Trial | None:
        """Return what it says without some runs; ``None`` where none is left."""
        if run_ids.isdisjoint(self.run_ids):
            return self
        left = [moment for moment in self.moments if moment[2] not in run_ids]
        return self.at(left) if left else None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Return the microseconds from 1970, in UTC, to an aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the aware UTC time that ``to_microseconds`` counted."""
    return _EPOCH + timedelta(microseconds=count)
