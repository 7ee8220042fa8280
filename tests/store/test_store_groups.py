"""Runs that said the very same are kept together, and judged as if each were read by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.samples import HOST, NOW, at, begin, combination, step
from tracker.model import ForeignRun, Moments, Outcome, Retraction
from tracker.store import Store
from tracker.store.grouping import MOST_ON_A_PAGE
from tracker.store.migrating import migrate
from tracker.store.past import copy_as_of
from tracker.store.said import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.model import Run, StepResult, Trial


def _finish(store: Store, minutes: float, *, steps: Sequence[StepResult] = (), outcome: Outcome = Outcome.PASS) -> Run:
    run = begin(store, minutes=minutes)
    done = replace(run, steps=tuple(steps or [step("installs"), step("runs")]), outcome=outcome)
    store.finish_run(done)
    return done


def _trials(store: Store) -> list[Trial]:
    return list(store.trials(profile="linux", host_key=HOST))


def _told(store: Store) -> dict[str, list[tuple[int, ...]]]:
    told: dict[str, list[tuple[int, ...]]] = {}
    for trial in _trials(store):
        told.setdefault(trial.capability, []).append(trial.run_ids)
    return told


def test_runs_that_said_the_same_are_one_trial_with_the_moments_of_all(store: Store) -> None:
    first, second, third = (_finish(store, minutes) for minutes in (0, 10, 20))

    trials = _trials(store)

    assert [(trial.capability, trial.run_ids) for trial in trials] == [
        ("installs", (first.id, second.id, third.id)),
        ("runs", (first.id, second.id, third.id)),
    ]
    assert (trials[0].first_finished_at, trials[0].finished_at) == (first.finished_at, third.finished_at)


def test_runs_that_ended_in_another_order_than_they_were_written_stand_in_order_of_time(store: Store) -> None:
    late, early = _finish(store, 30), _finish(store, 0)

    assert _told(store)["runs"] == [(early.id, late.id)]


def test_a_run_that_said_something_else_stands_by_itself(store: Store) -> None:
    good = _finish(store, 0)
    bad = _finish(store, 10, steps=[step("installs"), step("runs", Outcome.FAIL)], outcome=Outcome.FAIL)

    assert _told(store) == {"installs": [(good.id,), (bad.id,)], "runs": [(good.id,), (bad.id,)]}


def test_what_is_retracted_is_left_out_of_its_group(store: Store) -> None:
    first, second = _finish(store, 0), _finish(store, 10)

    store.corrections.retract(Retraction(run_id=second.id, reason="ours", url="", retracted_at=NOW))

    trials = _trials(store)
    assert {trial.run_ids for trial in trials} == {(first.id,)}
    assert {trial.finished_at for trial in trials} == {first.finished_at}


def test_an_imported_run_joins_its_group_and_leaves_a_copy_of_the_time_before_its_import(
    store: Store, tmp_path: Path
) -> None:
    own = _finish(store, 0)
    there = replace(own, id=7, started_at=at(1), finished_at=at(2))
    foreign = ForeignRun(run=there, digest="sha256:there", origin="lab", scenario="smoke", retraction=None)
    store.imported.take([foreign], profile="linux", key="", now=at(60))
    assert [len(ids) for ids in _told(store)["runs"]] == [2]

    copy_as_of(store.path, tmp_path / "past.sqlite", at(50))

    with Store.open(tmp_path / "past.sqlite") as past:
        assert _told(past)["runs"] == [(own.id,)]


def test_a_copy_of_an_earlier_time_has_no_later_run_in_its_groups(store: Store, tmp_path: Path) -> None:
    first = _finish(store, 0)
    _finish(store, 100)
    _finish(store, 110, steps=[step("installs", Outcome.FAIL)], outcome=Outcome.FAIL)

    copy_as_of(store.path, tmp_path / "past.sqlite", at(50))

    with Store.open(tmp_path / "past.sqlite") as past:
        assert _told(past) == {"installs": [(first.id,)], "runs": [(first.id,)]}


def test_a_group_goes_on_when_a_page_is_full(store: Store) -> None:
    runs = [_finish(store, number) for number in range(3)]
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE run_groups SET run_count = ?", (MOST_ON_A_PAGE,))

    runs.append(_finish(store, 4))

    assert _told(store)["runs"] == [tuple(run.id for run in runs)]
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT page, run_count FROM run_groups ORDER BY page").fetchall() == [
            (0, MOST_ON_A_PAGE),
            (1, 1),
        ]


def test_an_older_store_is_grouped_when_it_is_migrated_as_it_would_have_been_all_along(store_path: Path) -> None:
    with Store.open(store_path) as store:
        for minutes in (0, 30, 20):
            _finish(store, minutes)
        timed_out = replace(step("runs", Outcome.FAIL, exercises=["runtime"]), cause="cut off", timed_out=True)
        _finish(store, 40, steps=[step("installs"), step("installs", name="again"), timed_out], outcome=Outcome.FAIL)
        run = begin(store, combination(runc="1.2.0"), minutes=50)
        store.finish_run(replace(run, steps=(step("installs"),), outcome=Outcome.ERROR, reason="left a mount behind"))
        begin(store, minutes=60)
        before = _trials(store)
    with closing(sqlite3.connect(store_path)) as connection, connection:
        rows = "SELECT profile, combination_id, evidence_key_id, digest, page, said, run_count FROM run_groups"
        kept = sorted(connection.execute(rows))
        connection.execute("DROP TABLE run_groups")
        connection.execute("DROP INDEX ix_runs_profile_outcome")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")

    migrate(store_path, busy_timeout_seconds=20)

    with Store.open(store_path) as store:
        assert _trials(store) == before
    with closing(sqlite3.connect(store_path)) as connection:
        assert sorted(connection.execute(rows)) == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(-(2**62), 2**62)] * 3), max_size=8), st.integers(1, 4))
def test_packed_moments_come_back_in_order_of_time(moments: list[tuple[int, int, int]], size: int) -> None:
    pages = [pack(moments[start : start + size]) for start in range(0, len(moments), size)]

    assert unpack(pages) == Moments.of(moments)
