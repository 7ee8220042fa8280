"""What judging reads of finished runs, without any log text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import String, cast, exists, func, select

from tracker.model import EvidenceKey, Outcome, RunState, Trial
from tracker.store.tables import combinations, evidence_keys, imported_runs, retractions, runs, steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from tracker.model import Combination, Value


_RETRACTED = select(retractions.c.run_id)
_IMPORTED = select(imported_runs.c.run_id)


class _FinishedRun(NamedTuple):
    combination_id: int
    key: EvidenceKey
    started_at: datetime
    finished_at: datetime
    limit_factor: float
    error: str


class _Step(NamedTuple):
    run_id: int
    capability: str
    outcome: Outcome
    exercises: str
    reason: str
    cause: str
    cause_name: str
    is_deterministic: bool
    timed_out: bool


@dataclass(slots=True)
class _Values:
    """Combinations by id, and the sets of exercised values, which very many runs share."""

    combinations: Mapping[int, Combination]
    _known: dict[tuple[int, tuple[str, ...]], frozenset[Value]] = field(default_factory=dict)

    def exercised(self, combination_id: int, lists: tuple[str, ...]) -> frozenset[Value]:
        """Return the values, there in the combination, of all factors in ``lists``, each a JSON array of names."""
        asked = (combination_id, lists)
        if asked not in self._known:
            factors = {factor for names in lists for factor in json.loads(names)}
            self._known[asked] = frozenset(
                value for value in self.combinations[combination_id] if value.factor in factors and not value.is_absent
            )
        return self._known[asked]


def host_keys(connection: Connection, *, profile: str) -> tuple[str, ...]:
    """Return the host key of every run of the profile that finished, each once, sorted."""
    own = exists().where(
        runs.c.evidence_key_id == evidence_keys.c.id, runs.c.profile == profile, runs.c.state == RunState.FINISHED
    )
    query = select(evidence_keys.c.host_key).where(own).distinct().order_by(evidence_keys.c.host_key)
    return tuple(connection.scalars(query))


def trials(connection: Connection, *, profile: str, host_key: str) -> tuple[Trial, ...]:
    """Return what each finished run said of each capability, by run id, then in order of its steps."""
    finished = (
        select(runs.c.id)
        .join(evidence_keys)
        .where(
            runs.c.profile == profile,
            runs.c.state == RunState.FINISHED,
            evidence_keys.c.host_key == host_key,
            runs.c.id.not_in(_RETRACTED),
        )
    )
    found = _finished_runs(connection, finished)
    values = _Values(_combinations(connection, finished))
    rows = connection.execute(
        select(
            steps.c.run_id,
            steps.c.capability,
            steps.c.outcome,
            # As text: parsing the same few lists for each row would take most of the time.
            cast(steps.c.exercises, String),
            steps.c.reason,
            steps.c.cause,
            steps.c.cause_name,
            steps.c.is_deterministic,
            steps.c.timed_out,
        )
        .where(steps.c.run_id.in_(finished))
        .order_by(steps.c.run_id, steps.c.position)
    )
    return tuple(
        trial
        for run_id, of_run in groupby(map(_Step._make, rows), key=itemgetter(0))
        for trial in _trials_of_run(run_id, found[run_id], list(of_run), values)
    )


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


def _finished_runs(connection: Connection, finished: Select[int]) -> Mapping[int, _FinishedRun]:
    keys: dict[int, EvidenceKey] = {}
    found = {}
    query = (
        select(
            runs.c.id,
            runs.c.combination_id,
            runs.c.started_at,
            runs.c.finished_at,
            runs.c.limit_factor,
            runs.c.reason,
            runs.c.evidence_key_id,
            evidence_keys.c.scenario_digest,
            evidence_keys.c.artifact_digest,
            evidence_keys.c.host_key,
        )
        .join_from(runs, evidence_keys)
        .where(runs.c.id.in_(finished))
    )
    for run_id, combination_id, started_at, finished_at, limit_factor, error, key_id, *key in connection.execute(query):
        if key_id not in keys:
            keys[key_id] = EvidenceKey(scenario_digest=key[0], artifact_digest=key[1], host_key=key[2])
        if finished_at is not None:
            found[run_id] = _FinishedRun(combination_id, keys[key_id], started_at, finished_at, limit_factor, error)
    return found


def _combinations(connection: Connection, finished: Select[int]) -> Mapping[int, Combination]:
    used = select(runs.c.combination_id).where(runs.c.id.in_(finished))
    query = select(combinations.c.id, combinations.c.parts).where(combinations.c.id.in_(used))
    return {row[0]: row[1] for row in connection.execute(query)}


def _trials_of_run(run_id: int, run: _FinishedRun, of_run: Sequence[_Step], values: _Values) -> Iterator[Trial]:
    by_capability: dict[str, list[_Step]] = {}
    for step in of_run:
        by_capability.setdefault(step.capability, []).append(step)
    for capability, own in by_capability.items():
        failing = next((step for step in own if step.outcome is not Outcome.PASS), None)
        telling = failing or own[-1]
        lists = (telling.exercises,) if failing else tuple(step.exercises for step in own)
        yield Trial(
            run_id=run_id,
            combination=values.combinations[run.combination_id],
            capability=capability,
            # A run that was an ERROR as a whole (it left something behind, say) says nothing of the software.
            outcome=Outcome.ERROR if run.error else telling.outcome,
            exercised=values.exercised(run.combination_id, lists),
            key=run.key,
            started_at=run.started_at,
            finished_at=run.finished_at,
            reason=run.error or telling.reason,
            cause=telling.cause,
            cause_name=telling.cause_name,
            is_deterministic=telling.is_deterministic,
            timed_out=telling.timed_out,
            limit_factor=run.limit_factor,
        )
