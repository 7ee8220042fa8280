from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from tests.store.samples import begin, combination, job, look, release
from tracker.errors import ExitCode, SchemaTooNewError, StoreError
from tracker.store import Store, TargetState
from tracker.store.engine import reading, sqlite_engine, writing
from tracker.store.tables import changes

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNPRIVILEGED = 65534
_FULL = 2


def test_a_missing_store_is_made_with_its_directory(store_path: Path) -> None:
    with Store.open(store_path) as store:
        assert store.path == store_path
        assert store.runs() == ()

    assert [one.name for one in store_path.parent.iterdir()] == ["tracker.sqlite"]


@pytest.mark.parametrize("name", ["100% [sure]?.sqlite", "naïve #1.sqlite", "file:odd.sqlite"])
def test_the_name_of_the_file_may_be_odd(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a home%20" / name

    Store.open(path).close()

    assert path.is_file()


def test_what_was_stored_is_there_when_the_store_is_opened_again(store_path: Path) -> None:
    with Store.open(store_path) as store:
        run = begin(store)
        store.finish_run(run)

    with Store.open(store_path) as store:
        assert store.run(run.id) == run


def test_an_up_to_date_store_opens_without_alembic(store_path: Path) -> None:
    Store.open(store_path).close()
    script = (
        "import sys; from pathlib import Path; from tracker.store import Store\n"
        "Store.open(Path(sys.argv[1])).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )

    ended = subprocess.run([sys.executable, "-c", script, store_path], check=False)

    assert ended.returncode == 0


def test_every_connection_syncs_its_commits_and_enforces_references(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "any.sqlite", busy_timeout_seconds=1)

    with reading(engine) as first, reading(engine) as second:
        for connection in (first, second):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == _FULL
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1

    engine.dispose()


def test_readers_do_not_wait_for_the_writer(store: Store, store_path: Path) -> None:
    run = begin(store)

    with closing(sqlite3.connect(store_path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.execute("BEGIN IMMEDIATE")
        assert [one.id for one in store.runs()] == [run.id]
        connection.rollback()


def test_a_newer_store_is_refused_and_not_touched(store_path: Path) -> None:
    Store.open(store_path).close()
    with closing(sqlite3.connect(store_path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("CREATE TABLE of_the_future (id INTEGER)")
    before = _digest(store_path)

    with pytest.raises(SchemaTooNewError) as caught:
        Store.open(store_path)

    assert str(store_path) in caught.value.message
    assert "'9999'" in caught.value.message
    assert "Update this program" in caught.value.hint
    assert caught.value.exit_code is ExitCode.INCOMPLETE
    assert _digest(store_path) == before
    assert [one.name for one in store_path.parent.iterdir()] == ["tracker.sqlite"]


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "tracker.sqlite"
    path.write_text("[paths]\nhome = 'tracker-data'\n" * 100)
    before = _digest(path)

    with pytest.raises(StoreError, match=r"tracker\.sqlite cannot be used: the file is no SQLite database"):
        Store.open(path)

    assert _digest(path) == before


def test_a_database_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = _digest(path)

    with pytest.raises(StoreError, match=r"places\.sqlite is a SQLite database of another program"):
        Store.open(path)

    assert _digest(path) == before


def test_a_damaged_store_is_said_to_be_damaged(store_path: Path) -> None:
    with Store.open(store_path) as store:
        store.enqueue([job(combination(str(n))) for n in range(200)], profile="linux", now=look().looked_at)
    with store_path.open("rb+") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * (store_path.stat().st_size - 4096))

    with pytest.raises(StoreError, match="the database is damaged"), Store.open(store_path) as store:
        store.queued_jobs("linux")


def test_a_directory_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened or created"):
        Store.open(tmp_path)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")

    with pytest.raises(StoreError, match=r"home cannot be made") as caught:
        Store.open(tmp_path / "home" / "tracker.sqlite")

    assert "paths.home" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="directories have no write bit on Windows")
@pytest.mark.parametrize("is_there", [True, False], ids=["existing", "new"])
def test_a_store_in_a_directory_that_cannot_be_written_is_refused(*, is_there: bool) -> None:
    with _locked_directory() as directory:
        path = directory / "tracker.sqlite"
        if is_there:
            Store.open(path).close()
            path.chmod(0o444)
        directory.chmod(0o555)

        with (
            _without_rights(),
            pytest.raises(StoreError, match=r"cannot be (used: .* written|used: .* opened or created)"),
        ):
            _write_to(path)


def test_a_store_that_another_process_writes_opens_and_reads_but_does_not_write(store_path: Path) -> None:
    Store.open(store_path).close()
    with closing(sqlite3.connect(store_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with Store.open(store_path, busy_timeout_seconds=0.05) as store:
            assert store.runs() == ()
            with pytest.raises(StoreError, match="it is locked by another process") as caught:
                store.record_look(look(), state=TargetState())

        assert "Wait until" in caught.value.hint
        other.execute("ROLLBACK")


def test_a_store_that_another_process_locks_whole_cannot_be_opened(store_path: Path) -> None:
    store_path.parent.mkdir()
    with closing(sqlite3.connect(store_path, isolation_level=None)) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StoreError, match="it is locked by another process"):
            Store.open(store_path, busy_timeout_seconds=0.05)

        other.execute("ROLLBACK")


def test_a_row_that_refers_to_nothing_is_refused(store: Store) -> None:
    engine = sqlite_engine(store.path, busy_timeout_seconds=1)
    entry = {
        "look_id": 77,
        "kind": "released",
        "component": "runc",
        "version": "1",
        "channel": "",
        "before": "",
        "after": "",
        "observed_at": look().looked_at,
        "is_baseline": False,
        "subject": "",
        "url": "",
    }

    with pytest.raises(StoreError, match="refused contradictory data: FOREIGN KEY"), writing(engine) as connection:
        connection.execute(insert(changes).values(entry))

    engine.dispose()
    assert store.changes() == ()


def _write_to(path: Path) -> None:
    with Store.open(path, busy_timeout_seconds=0.05) as store:
        store.record_look(look(), state=TargetState(), offered=[release()])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _locked_directory() -> Iterator[Path]:
    """Make a directory outside of pytest's own, which only its owner may enter."""
    directory = Path(tempfile.mkdtemp(prefix="tracker-store-"))
    try:
        yield directory
    finally:
        directory.chmod(0o755)
        shutil.rmtree(directory)


@contextmanager
def _without_rights() -> Iterator[None]:
    """Give up root's right to write everywhere, where this is root."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(_UNPRIVILEGED)
    try:
        yield
    finally:
        os.seteuid(own)
