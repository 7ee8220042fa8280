"""The store as the rest of the product sees it: each method is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tracker.store import jobs as queue
from tracker.store import offered as telling
from tracker.store import running, runs, sighted, trials, watching
from tracker.store.blamed import Blamed
from tracker.store.corrections import Corrections
from tracker.store.engine import BUSY_TIMEOUT_SECONDS, reading, writing
from tracker.store.imported import Imported
from tracker.store.revisions import open_current

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Engine

    from tracker.model import Change, Combination, EvidenceKey, Job, Release, Run, Sighting, Trial
    from tracker.store.records import Look, StoredRelease, TargetState


class Store:
    """All that was observed and run; nothing in it is ever overwritten. Safe to use from several threads.

    Every method raises ``StoreError`` when the database cannot be read or written, and then leaves nothing behind.
    All times are aware UTC. Build it with ``Store.open``.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path

    @classmethod
    def open(cls, path: Path, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Store:
        """Return the store at ``path``; it is made when missing, and migrated, after a backup beside it, when older.

        Args:
            path: the database's file.
            busy_timeout_seconds: how long each transaction waits for another process's lock.

        Raises:
            SchemaTooNewError: a newer program wrote it; it was not touched.
            StoreError: it is no store, is locked, or cannot be written.
        """
        return cls(open_current(path, busy_timeout_seconds=busy_timeout_seconds), path)

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._path

    def close(self) -> None:
        """Close all connections; the store is not used afterwards."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def corrections(self) -> Corrections:
        """What persons say about runs and failures."""
        return Corrections(self._engine)

    @property
    def imported(self) -> Imported:
        """Runs that other hosts made."""
        return Imported(self._engine)

    def blamed(self, *, profile: str, host_key: str) -> Blamed:
        """Return the memory of who was blamed in public on one host."""
        return Blamed(self._engine, profile=profile, host_key=host_key)

    def target_state(self, source: str, target: str) -> TargetState:
        """Return what is remembered of a target; the state of a first look when it was never looked at."""
        with reading(self._engine) as connection:
            return watching.target_state(connection, source, target)

    def target_states(self, source: str) -> Mapping[str, TargetState]:
        """Return what is remembered of each target of the source that was ever looked at, by name."""
        with reading(self._engine) as connection:
            return watching.target_states(connection, source)

    def offered(self, source: str, target: str) -> tuple[Release, ...]:
        """Return what the target offered at the last applied look, by component, then in order of offer."""
        with reading(self._engine) as connection:
            return watching.offered_by(connection, source, target)

    def sighted(self, source: str, target: str) -> tuple[Sighting, ...]:
        """Return what the target showed besides releases at the last applied look, by component, kind and place."""
        with reading(self._engine) as connection:
            return watching.sighted_by(connection, source, target)

    def sightings(self, component: str | None = None) -> tuple[Sighting, ...]:
        """Return what all targets show now besides releases, of one component or of all.

        They come by component, kind and place; one place that two targets tell of comes twice, by source and target.
        """
        with reading(self._engine) as connection:
            return sighted.current_sightings(connection, component)

    def sighted_elsewhere(self, source: str, target: str, components: Sequence[str]) -> tuple[Sighting, ...]:
        """Return what all other targets show now of the components, by component, kind and place."""
        with reading(self._engine) as connection:
            return sighted.shown_beside(connection, watching.target_id_of(connection, source, target), components)

    def places_before(self, components: Sequence[str], at: datetime) -> frozenset[tuple[str, ...]]:
        """Return the place of everything of the components that any target had sighted before ``at``."""
        with reading(self._engine) as connection:
            return sighted.places_before(connection, components, at)

    def known_release(self, component: str, version: str) -> Release | None:
        """Return a release as the newest of its offers tells it; ``None`` when it was never seen."""
        with reading(self._engine) as connection:
            return telling.known_release(connection, component, version)

    def record_look(
        self,
        look: Look,
        *,
        state: TargetState,
        offered: Sequence[Release] | None = None,
        sightings: Sequence[Sighting] | None = None,
        changes: Sequence[Change] = (),
    ) -> None:
        """Write a look, the target's new state and all that the look showed, in one transaction.

        Args:
            look: what was looked at and what came of it.
            state: what to remember of the target from now on.
            offered: all releases that the target offers now; ``None`` leaves the old truth.
            sightings: all else that the target shows now, each place once; ``None`` leaves the old truth.
            changes: entries for the ledger, in the order in which they are to be kept.
        """
        with writing(self._engine) as connection:
            watching.record(connection, look, state, offered, sightings, changes)

    def record_quiet_looks(self, looks: Sequence[tuple[Look, TargetState]]) -> None:
        """Write looks that brought no news, each with its target's state, in one transaction."""
        with writing(self._engine) as connection:
            watching.record_quiet(connection, looks)

    def last_looks(self) -> tuple[Look, ...]:
        """Return the newest look of each target, by source and target."""
        with reading(self._engine) as connection:
            return watching.last_looks(connection)

    def releases(self, component: str | None = None, *, offered_only: bool = False) -> tuple[StoredRelease, ...]:
        """Return the releases of one component, or of all, by component, then id."""
        with reading(self._engine) as connection:
            return telling.stored_releases(connection, component, offered_only=offered_only)

    def changes(
        self, component: str | None = None, *, limit: int | None = None, include_baseline: bool = True
    ) -> tuple[Change, ...]:
        """Return entries of the ledger, newest first.

        News alone stand in the reverse of the order in which they were recorded. With the history that first looks
        found, all stand by the time of the event where the upstream tells it, else by that of the look.
        """
        with reading(self._engine) as connection:
            return watching.ledger(connection, component, limit=limit, include_baseline=include_baseline)

    def enqueue(self, jobs: Sequence[Job], *, profile: str, now: datetime) -> tuple[Job, ...]:
        """Queue jobs and return them with ids, in their order.

        One that is queued already, with the same combination, kind and limit factor, is returned as it stands there.
        """
        with writing(self._engine) as connection:
            return queue.enqueue(connection, jobs, profile, now)

    def queued_jobs(self, profile: str) -> tuple[Job, ...]:
        """Return the jobs that nobody began, in the order in which they were queued."""
        with reading(self._engine) as connection:
            return queue.queued(connection, profile)

    def start_run(
        self,
        job: Job,
        *,
        profile: str,
        scenario: str,
        key: EvidenceKey,
        environment: Mapping[str, str],
        started_at: datetime,
    ) -> int:
        """Write a run in state running, and its job likewise, and return the run's id; job id 0 is a run by hand.

        Raises:
            StoreError: the job is not queued (any more).
        """
        with writing(self._engine) as connection:
            return running.start(connection, job, (profile, scenario), key, environment, started_at)

    def finish_run(self, run: Run) -> None:
        """Write all that the run ``run.id`` said, once, and finish its job, in one transaction.

        Raises:
            StoreError: the run is not running, belongs to another job or combination, or has no end.
        """
        with writing(self._engine) as connection:
            running.finish(connection, run)

    def abandon_unfinished(self, now: datetime) -> int:
        """Mark what a killed process left leased or running as abandoned; queued jobs stay queued.

        Call it only while no other process runs jobs. Returns how many runs, and jobs without a run, that were.
        """
        with writing(self._engine) as connection:
            return running.abandon(connection, now)

    def runs(
        self, *, profile: str | None = None, combination: Combination | None = None, limit: int | None = None
    ) -> tuple[Run, ...]:
        """Return runs in every state, newest first, with all but the text of their logs, which is empty.

        A run that did not finish has the outcome NOT_REACHED.
        """
        with reading(self._engine) as connection:
            return runs.newest_runs(connection, profile=profile, combination=combination, limit=limit)

    def run(self, run_id: int) -> Run | None:
        """Return a run with all its logs; ``None`` when there is no such run."""
        with reading(self._engine) as connection:
            return runs.whole_run(connection, run_id)

    def host_keys(self, *, profile: str) -> tuple[str, ...]:
        """Return the key of every host on which the profile was run, sorted."""
        with reading(self._engine) as connection:
            return trials.host_keys(connection, profile=profile)

    def trials(self, *, profile: str, host_key: str) -> tuple[Trial, ...]:
        """Return what finished runs on this host key said of each capability, runs that said the same in one trial.

        They come by the id of the newest run of each, then in chain order. Runs that were retracted are left out.
        """
        with reading(self._engine) as connection:
            return trials.trials(connection, profile=profile, host_key=host_key)

    def recent_errors(self, *, profile: str, host_key: str) -> Mapping[str, datetime]:
        """Return, by combination key, the end of its last ERROR that no PASS or FAIL followed on this host key.

        Runs that were retracted are left out.
        """
        with reading(self._engine) as connection:
            return trials.recent_errors(connection, profile=profile, host_key=host_key)
