from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.store.samples import ENVIRONMENT, KEY, NOW, at, begin, combination, job, step
from tracker.errors import StoreError
from tracker.model import Combination, EvidenceKey, JobKind, Outcome, RunState, Value

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.store import Store


def test_queued_jobs_get_ids_and_are_told_in_the_order_of_queueing(store: Store) -> None:
    planned = [job(), job(combination("1.7.24"), kind=JobKind.SWEEP), job(kind=JobKind.REFERENCE)]

    queued = store.enqueue(planned, profile="linux", now=NOW)

    assert [replace(one, id=0) for one in queued] == planned
    assert len({one.id for one in queued} | {0}) == 4
    assert store.queued_jobs("linux") == queued
    assert store.queued_jobs("windows") == ()


def test_a_job_that_is_queued_already_is_returned_instead_of_doubled(store: Store) -> None:
    first = store.enqueue([job(reason="first"), job(reason="again")], profile="linux", now=NOW)
    again = store.enqueue([job(reason="later")], profile="linux", now=at(1))
    elsewhere = store.enqueue([job()], profile="windows", now=at(1))

    assert first[0] == first[1] == again[0]
    assert again[0].reason == "first"
    assert elsewhere[0].id != first[0].id
    assert store.queued_jobs("linux") == again


def test_a_longer_time_limit_makes_another_job(store: Store) -> None:
    queued = store.enqueue([job(), replace(job(), limit_factor=3.0)], profile="linux", now=NOW)

    assert [one.limit_factor for one in store.queued_jobs("linux")] == [1.0, 3.0]
    assert queued[0].id != queued[1].id


def test_a_job_that_was_run_may_be_queued_again(store: Store) -> None:
    run = begin(store)
    store.finish_run(run)

    (again,) = store.enqueue([job()], profile="linux", now=at(1))

    assert again.id != run.job_id


def test_a_started_run_is_told_as_running_and_not_reached(store: Store) -> None:
    run = begin(store)

    (told,) = store.runs(profile="linux")

    assert (told.state, told.outcome, told.finished_at) == (RunState.RUNNING, Outcome.NOT_REACHED, None)
    assert (told.id, told.job_id, told.environment) == (run.id, run.job_id, ENVIRONMENT)
    assert store.queued_jobs("linux") == ()


def test_a_job_begins_once(store: Store) -> None:
    run = begin(store)

    with pytest.raises(StoreError, match=rf"job {run.job_id} cannot begin: it is running, not queued"):
        store.start_run(
            replace(job(), id=run.job_id), profile="linux", scenario="s", key=KEY, environment={}, started_at=NOW
        )

    assert len(store.runs()) == 1


def test_a_run_by_hand_needs_no_job(store: Store) -> None:
    run_id = store.start_run(job(), profile="linux", scenario="s", key=KEY, environment={}, started_at=NOW)

    assert [(one.id, one.job_id) for one in store.runs()] == [(run_id, 0)]


def test_a_finished_run_reads_back_whole_and_lists_without_log_text(store: Store) -> None:
    run = begin(store)

    store.finish_run(run)

    assert store.run(run.id) == run
    silent = tuple(replace(one, log="") for one in run.steps)
    assert store.runs() == (replace(run, steps=silent, logs={"containerd": ""}),)
    assert store.run(run.id + 1) is None


def test_what_is_learnt_while_running_is_what_the_store_keeps(store: Store) -> None:
    run = begin(store)
    key = EvidenceKey(scenario_digest="sha256:scenario", artifact_digest="sha256:late", host_key=KEY.host_key)
    late = replace(run, key=key, environment={"libc": "2.41"}, outcome=Outcome.ERROR, reason="no disk", steps=())

    store.finish_run(late)

    assert store.run(run.id) == late


def test_what_a_finished_run_said_is_never_overwritten(store: Store) -> None:
    run = begin(store)
    store.finish_run(run)

    with pytest.raises(StoreError, match=f"run {run.id} cannot be finished: it is finished, not running"):
        store.finish_run(replace(run, outcome=Outcome.FAIL))

    assert store.run(run.id) == run


def test_a_run_cannot_finish_as_another_ones(store: Store) -> None:
    run = begin(store)

    with pytest.raises(StoreError, match="begun for another job or combination"):
        store.finish_run(replace(run, combination=combination("1.6.20")))
    with pytest.raises(StoreError, match="begun for another job or combination"):
        store.finish_run(replace(run, job_id=0))
    with pytest.raises(StoreError, match="it is unknown, not running"):
        store.finish_run(replace(run, id=run.id + 1))
    with pytest.raises(StoreError, match="its end None"):
        store.finish_run(replace(run, finished_at=None))


def test_a_run_that_cannot_be_written_whole_stays_running(store: Store) -> None:
    run = begin(store)
    torn = replace(run, steps=(*run.steps, replace(step("networks"), reason="\ud800")))

    with pytest.raises(StoreError, match="surrogates not allowed"):
        store.finish_run(torn)

    (told,) = store.runs()
    assert (told.state, told.steps, told.artifacts) == (RunState.RUNNING, (), {})
    store.finish_run(run)
    assert store.run(run.id) == run


def test_logs_keep_bytes_that_no_encoding_explains(store: Store) -> None:
    run = begin(store)
    odd = "nul \0, lone \udc80, end"
    run = replace(run, logs={"containerd": odd}, steps=(replace(run.steps[0], log=odd),))

    store.finish_run(run)

    assert store.run(run.id) == run


def test_abandoning_marks_what_a_killed_process_left_and_nothing_else(store: Store) -> None:
    finished = begin(store)
    store.finish_run(finished)
    left = begin(store, combination("1.6.20"))
    (waiting,) = store.enqueue([job(combination("1.7.24"))], profile="linux", now=NOW)

    assert store.abandon_unfinished(at(5)) == 1
    assert store.abandon_unfinished(at(6)) == 0

    assert [(one.id, one.state) for one in store.runs()] == [
        (left.id, RunState.ABANDONED),
        (finished.id, RunState.FINISHED),
    ]
    assert store.queued_jobs("linux") == (waiting,)
    with pytest.raises(StoreError, match="it is abandoned, not running"):
        store.finish_run(left)


def test_a_leased_job_without_a_run_is_abandoned_and_counted(store: Store, store_path: Path) -> None:
    store.enqueue([job(), job(combination("1.6.20"))], profile="linux", now=NOW)
    begin(store, combination("1.7.24"))
    with closing(sqlite3.connect(store_path)) as connection, connection:
        connection.execute("UPDATE jobs SET state = 'leased' WHERE id = 1")

    assert store.abandon_unfinished(at(5)) == 2

    assert [one.id for one in store.queued_jobs("linux")] == [2]


def test_runs_are_told_newest_first_by_profile_combination_and_limit(store: Store) -> None:
    runs = [begin(store, what, minutes=n) for n, what in enumerate([combination(), combination("1.7.24")] * 2)]
    other = begin(store, profile="windows")

    assert [one.id for one in store.runs()] == [other.id, *(one.id for one in reversed(runs))]
    assert [one.id for one in store.runs(profile="linux", limit=2)] == [runs[3].id, runs[2].id]
    assert [one.id for one in store.runs(profile="linux", combination=combination())] == [runs[2].id, runs[0].id]
    assert store.runs(combination=Combination.of([Value("containerd", "9")])) == ()


def test_many_runs_share_one_environment_one_key_and_one_combination(store: Store, store_path: Path) -> None:
    for minutes in range(3):
        store.finish_run(begin(store, minutes=minutes))

    with closing(sqlite3.connect(store_path)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
            for table in ("environments", "evidence_keys", "combinations", "runs")
        ]
    assert counts == [1, 1, 1, 3]
