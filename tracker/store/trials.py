"""What judging reads of finished runs, without any log text."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from tracker.model import EvidenceKey, Outcome, RunState, Trial, from_microseconds
from tracker.store.said import read_said, unpack
from tracker.store.tables import combinations, evidence_keys, imported_runs, retractions, run_groups, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from tracker.model import Combination, Moments, Value
    from tracker.store.said import Saying


_RETRACTED = select(retractions.c.run_id)
_IMPORTED = select(imported_runs.c.run_id)


@dataclass(slots=True)
class _Values:
    """Combinations by id, and the sets of exercised values, which capabilities and groups share."""

    combinations: Mapping[int, Combination]
    _known: dict[tuple[int, frozenset[str]], frozenset[Value]] = field(default_factory=dict)

    def exercised(self, combination_id: int, factors: frozenset[str]) -> frozenset[Value]:
        """Return the values, there in the combination, of all ``factors``."""
        asked = (combination_id, factors)
        if asked not in self._known:
            held = self.combinations[combination_id].values
            self._known[asked] = frozenset([one for one in held if one.factor in factors and not one.is_absent])
        return self._known[asked]


def host_keys(connection: Connection, *, profile: str) -> tuple[str, ...]:
    """Return the host key of every run of the profile that finished, each once, sorted."""
    own = exists().where(
        runs.c.evidence_key_id == evidence_keys.c.id, runs.c.profile == profile, runs.c.state == RunState.FINISHED
    )
    query = select(evidence_keys.c.host_key).where(own).distinct().order_by(evidence_keys.c.host_key)
    return tuple(connection.scalars(query))


def trials(connection: Connection, *, profile: str, host_key: str) -> tuple[Trial, ...]:
    """Return what finished runs said of each capability, runs that said the very same in one trial.

    They come by the id of their newest run, then in order of its steps.
    """
    own = (run_groups.c.profile == profile, evidence_keys.c.host_key == host_key)
    taken_back = frozenset(connection.scalars(select(retractions.c.run_id)))
    values = _Values(_combinations(connection, own))
    keys: dict[int, EvidenceKey] = {}
    sayings: dict[str, tuple[float, tuple[Saying, ...]]] = {}
    pages: dict[tuple[int, int, str], list[bytes]] = {}
    query = (
        select(
            run_groups.c.combination_id,
            run_groups.c.evidence_key_id,
            run_groups.c.said,
            run_groups.c.moments,
            evidence_keys.c.scenario_digest,
            evidence_keys.c.artifact_digest,
            evidence_keys.c.host_key,
        )
        .join_from(run_groups, evidence_keys)
        .where(*own)
        .order_by(run_groups.c.id)
    )
    for combination_id, key_id, said, moments, *key in connection.execute(query):
        if key_id not in keys:
            keys[key_id] = EvidenceKey(scenario_digest=key[0], artifact_digest=key[1], host_key=key[2])
        if said not in sayings:
            sayings[said] = read_said(said)
        pages.setdefault((combination_id, key_id, said), []).append(moments)
    found = [
        trial
        for (combination_id, key_id, said), packed in pages.items()
        for trial in _trials_of_group(
            unpack(packed).without(taken_back), sayings[said], (combination_id, keys[key_id]), values
        )
    ]
    # A stable sort: the capabilities of a group stay in order of its steps.
    return tuple(sorted(found, key=attrgetter("run_id")))


def recent_errors(connection: Connection, *, profile: str, host_key: str) -> Mapping[str, datetime]:
    """Return the end of the last ERROR of each combination's key that no other outcome followed on this host key."""
    later = runs.alias("later")
    later_keys = evidence_keys.alias("later_keys")
    answered = (
        select(later.c.id)
        .join_from(later, later_keys)
        .where(
            later.c.combination_id == runs.c.combination_id,
            later.c.profile == profile,
            later_keys.c.host_key == host_key,
            later.c.state == RunState.FINISHED,
            later.c.outcome.in_((Outcome.PASS, Outcome.FAIL, Outcome.SKIP)),
            later.c.id > runs.c.id,
            later.c.id.not_in(_RETRACTED),
        )
        .correlate(runs)
        .exists()
    )
    query = (
        select(combinations.c.key, func.max(runs.c.finished_at))
        .select_from(runs.join(combinations).join(evidence_keys))
        .where(
            runs.c.profile == profile,
            runs.c.state == RunState.FINISHED,
            runs.c.outcome == Outcome.ERROR,
            evidence_keys.c.host_key == host_key,
            runs.c.id.not_in(_RETRACTED),
            # What kept another machine from running something keeps this one from nothing.
            runs.c.id.not_in(_IMPORTED),
            ~answered,
        )
        .group_by(combinations.c.key)
        .order_by(combinations.c.key)
    )
    return {key: ended_at for key, ended_at in connection.execute(query) if ended_at is not None}


def _combinations(connection: Connection, own: Sequence[ColumnElement[bool]]) -> Mapping[int, Combination]:
    """Return the combinations of the groups, by id."""
    used = select(run_groups.c.combination_id).join_from(run_groups, evidence_keys).where(*own)
    query = select(combinations.c.id, combinations.c.parts).where(combinations.c.id.in_(used))
    return {row[0]: row[1] for row in connection.execute(query)}


def _trials_of_group(
    moments: Moments,
    said: tuple[float, tuple[Saying, ...]],
    place: tuple[int, EvidenceKey],
    values: _Values,
) -> Iterator[Trial]:
    if not moments:
        return
    limit_factor, sayings = said
    combination_id, key = place
    earlier, (finished, started, run_id) = moments.parted()
    started_at, finished_at = from_microseconds(started), from_microseconds(finished)
    for one in sayings:
        yield Trial(
            run_id=run_id,
            combination=values.combinations[combination_id],
            capability=one.capability,
            outcome=one.outcome,
            exercised=values.exercised(combination_id, one.factors),
            key=key,
            started_at=started_at,
            finished_at=finished_at,
            reason=one.reason,
            cause=one.cause,
            cause_name=one.cause_name,
            is_deterministic=one.is_deterministic,
            timed_out=one.timed_out,
            limit_factor=limit_factor,
            earlier=earlier,
        )
