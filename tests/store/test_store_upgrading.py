"""A store that the first landed version made opens in this one, and every migration keeps its rows, up and down.

``stores/first.sqlite.xz`` was written on 2026-11-30 by the program as it was on 2026-11-24 (revision 0001), which ran
the example of its docs/plugins.md: two passes with news between them, a run by name, a run that was under way when the
process ended, and a job that nobody began.
"""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from tests.store.samples import at
from tracker.bundle import migrations_dir
from tracker.model import Outcome, RunState
from tracker.store import Store
from tracker.store.engine import sqlite_engine, writing
from tracker.store.migrating import alembic_config, backup_path
from tracker.store.schema import HEAD_REVISION

_FIRST = Path(__file__).with_name("stores") / "first.sqlite.xz"
_RUNS = """
SELECT runs.id, combinations.key, state, outcome, reason, host_key, artifact_digest,
       (SELECT count(*) FROM steps WHERE run_id = runs.id), (SELECT count(*) FROM step_logs WHERE run_id = runs.id)
FROM runs JOIN combinations ON combinations.id = combination_id JOIN evidence_keys ON evidence_keys.id = evidence_key_id
"""
_OF_A_KIND = {
    "INTEGER": 1,
    "BOOLEAN": 1,
    "FLOAT": 1.0,
    "DATETIME": "2026-11-24 00:00:00.000000",
    "DATE": "2026-11-24",
    "JSON": "[]",
}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "tracker.sqlite"
    path.parent.mkdir()
    path.write_bytes(lzma.decompress(_FIRST.read_bytes()))
    return path


def test_the_first_store_opens_and_tells_all_its_runs_as_they_were(first: Path) -> None:
    with closing(sqlite3.connect(first)) as connection:
        held = {row[0]: row[1:] for row in connection.execute(_RUNS)}
        (environments,) = connection.execute("SELECT count(*) FROM environments").fetchone()

    with Store.open(first) as store:
        runs = {one.id: store.run(one.id) for one in store.runs()}

    assert len(held) == 7
    for number, (key, state, outcome, reason, host, artifacts, steps, logs) in held.items():
        run = runs[number]
        assert run is not None
        assert (run.combination.key, run.state, run.outcome, run.reason) == (key, state, outcome, reason)
        assert (run.key.host_key, run.key.artifact_digest) == (host, artifacts)
        assert (len(run.steps), sum(bool(step.log) for step in run.steps)) == (steps, logs)
    assert len({tuple(run.environment.items()) for run in runs.values() if run}) == environments
    assert backup_path(first, "0001").is_file()


def test_what_the_first_store_knew_is_still_evidence_and_its_run_under_way_is_given_up(first: Path) -> None:
    with Store.open(first) as store:
        (host,) = store.host_keys(profile="greetings")
        trials = store.trials(profile="greetings", host_key=host)
        queued = store.queued_jobs("greetings")
        abandoned = store.abandon_unfinished(at(0))
        states = [run.state for run in store.runs()]
        releases = {one.release.version: one.release for one in store.releases("greet")}

    # Runs of a combination that say the same are told by one of them.
    assert {trial.run_id for trial in trials} | {2} == {1, 2, 3, 4, 5, 6}
    assert {trial.outcome for trial in trials} >= {Outcome.PASS, Outcome.FAIL}
    assert (abandoned, len(queued)) == (1, 1)
    assert sorted(states) == [RunState.ABANDONED, *[RunState.FINISHED] * 6]
    assert set(releases) == {"1.0", "1.1", "2.0"}
    assert all(one.assets[0].digest for one in releases.values())


def test_every_migration_goes_up_and_down_again_with_rows_in_every_table(first: Path) -> None:
    revisions = [one.revision for one in ScriptDirectory.from_config(alembic_config(migrations_dir())).walk_revisions()]
    assert (revisions[0], revisions[-1]) == (HEAD_REVISION, "0001")
    before = _rows(first)

    for revision in reversed(revisions):
        _alembic(first, "up", revision)
        _fill_what_is_empty(first)
        assert all(_counts(first).values()), revision
    _keep_only(first, before)
    for revision in revisions[1:]:
        _alembic(first, "down", revision)
        assert _dangling(first) == [], revision

    assert _rows(first) == before
    with Store.open(first) as store:
        assert len(store.runs()) == 7


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return sorted(name for (name,) in names if name != "alembic_version")


def _rows(path: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: sorted((dict(row) for row in connection.execute(f"SELECT * FROM {name}")), key=repr)  # noqa: S608
            for name in _tables(connection)
        }


def _counts(path: Path) -> dict[str, int]:
    return {name: len(rows) for name, rows in _rows(path).items()}


def _fill_what_is_empty(path: Path) -> None:
    """Write one row into each table that has none, each reference to row 1 of what it refers to."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in _tables(connection):
            if not connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():  # noqa: S608
                references = {row[3] for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
                columns = [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({name})")]
                values = [1 if column in references else _OF_A_KIND.get(kind, "x") for column, kind in columns]
                marks = ", ".join("?" * len(values))
                connection.execute(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608


def _keep_only(path: Path, wanted: dict[str, list[dict[str, object]]]) -> None:
    """Empty again those tables of the first revision that had no rows in it; others keep what was filled in."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name, rows in wanted.items():
            if not rows:
                connection.execute(f"DELETE FROM {name}")  # noqa: S608


def _dangling(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA foreign_key_check").fetchall()


def _alembic(path: Path, direction: str, revision: str) -> None:
    config = alembic_config(migrations_dir())
    engine = sqlite_engine(path, busy_timeout_seconds=1, has_foreign_keys=False)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        (command.upgrade if direction == "up" else command.downgrade)(config, revision)
    engine.dispose()
