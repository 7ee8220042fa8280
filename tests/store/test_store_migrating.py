from __future__ import annotations

import logging
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.store.samples import SEEN, at, begin, change, combination, job, look, observe, release
from tracker.bundle import migrations_dir
from tracker.errors import StoreError
from tracker.model import Asset, Release
from tracker.store import Store
from tracker.store.engine import reading, sqlite_engine, writing
from tracker.store.migrating import alembic_config, backup_path, migrate
from tracker.store.schema import HEAD_REVISION
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

_NEXT_REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("releases") as batch:
        batch.add_column(sa.Column("is_listed", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.alter_column("version", type_=sa.Text())
    {more}
"""


_ROWS_OF_THE_FIRST_REVISION = """
INSERT INTO targets VALUES (1, 'debian', 'bookworm', 'etag', 1, '');
INSERT INTO looks VALUES (1, 1, 'suite', '2026-03-01 12:00:00.000000', 'no news', '', 1);
INSERT INTO releases VALUES (1, 'runc', '1.1.5', '2026-03-01 12:00:00.000000');
INSERT INTO assets VALUES (1, 1, 'runc.deb', 'pool/runc.deb', 7, 'sha256:aa', 'main', '2026-03-01 12:00:00.000000');
INSERT INTO offers VALUES (1, 1, 1, 'bookworm', 'bookworm', '2026-03-01 12:00:00.000000', NULL);
INSERT INTO observations VALUES
  (1, 1, '2026-03-01 12:00:00.000000', '1.1.5', '2026-03-01 12:00:00.000000', 0, 'Notes.', 'releases/1');
INSERT INTO observed_assets VALUES (1, 0, 1);
INSERT INTO changes VALUES
  (1, 1, 'released', 'runc', '1.1.5', 'bookworm', '', '1.1.5', '2026-03-01 12:00:00.000000', 1);
"""


@pytest.fixture
def later_dir(tmp_path: Path) -> Path:
    return tmp_path / "later" / "migrations"


def test_the_constant_that_spares_alembic_is_the_newest_revision() -> None:
    scripts = ScriptDirectory.from_config(alembic_config(migrations_dir()))

    assert scripts.get_heads() == [HEAD_REVISION]


def test_migrations_from_nothing_make_exactly_the_tables_that_the_program_uses(store: Store) -> None:
    assert _differences(store.path) == []


def test_every_revision_goes_down_and_up_again_with_rows_in_it(store_path: Path) -> None:
    _fill(store_path)
    scripts = ScriptDirectory.from_config(alembic_config(migrations_dir()))

    for revision in scripts.walk_revisions():
        _alembic(store_path, "down", str(revision.down_revision or "base"))
        _alembic(store_path, "up", revision.revision)
        _alembic(store_path, "down", str(revision.down_revision or "base"))

    with closing(sqlite3.connect(store_path)) as connection:
        left = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert left == {"alembic_version"}
    _fill(store_path)
    assert _differences(store_path) == []


def test_an_older_store_is_copied_then_migrated_and_keeps_its_rows(store_path: Path, later_dir: Path) -> None:
    _fill(store_path)
    _add_revision(later_dir, more="pass")

    migrate(store_path, busy_timeout_seconds=1, scripts_dir=later_dir)

    copy = backup_path(store_path, HEAD_REVISION)
    assert [name for name in sorted(one.name for one in store_path.parent.iterdir()) if "-" not in name] == [
        store_path.name,
        copy.name,
    ]
    with closing(sqlite3.connect(store_path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("next",)
        assert connection.execute("SELECT version, is_listed FROM releases").fetchall() == [("1.1.5", 1)]
        assert connection.execute("SELECT count(*) FROM offers").fetchone() == (1,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    with Store.open(copy) as before:
        assert before.offered("debian", "bookworm") == (release(),)
        assert len(before.runs()) == 1


def test_a_store_of_the_first_revision_keeps_all_that_it_held(store_path: Path) -> None:
    store_path.parent.mkdir()
    _alembic(store_path, "up", "0001")
    with closing(sqlite3.connect(store_path)) as connection, connection:
        connection.executescript(_ROWS_OF_THE_FIRST_REVISION)

    with Store.open(store_path) as store:
        asset = Asset(name="runc.deb", url="pool/runc.deb", size=7, digest="sha256:aa")
        old = Release(
            component="runc",
            version="1.1.5",
            upstream_version="1.1.5",
            line="bookworm",
            channel="bookworm",
            assets=(asset,),
            published_at=at(0).replace(microsecond=0),
            notes="Notes.",
            url="releases/1",
        )
        assert store.offered("debian", "bookworm") == (old,)
        assert [(one.version, one.subject, one.happened_at, one.url) for one in store.changes()] == [
            ("1.1.5", "", None, "")
        ]
        assert (store.target_state("debian", "bookworm"), store.sightings()) == (SEEN, ())
        observe(store, 1, old)
        assert store.offered("debian", "bookworm") == (old,)

    with closing(sqlite3.connect(store_path)) as connection:
        assert connection.execute("SELECT count(*) FROM observations").fetchone() == (1,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD_REVISION,)
    assert backup_path(store_path, "0001").is_file()
    assert _differences(store_path) == []


def test_a_migration_that_fails_leaves_the_store_as_it_was(store_path: Path, later_dir: Path) -> None:
    _fill(store_path)
    _add_revision(later_dir, more='op.execute("SELECT * FROM nowhere")')

    with pytest.raises(StoreError, match="no such table: nowhere"):
        migrate(store_path, busy_timeout_seconds=1, scripts_dir=later_dir)

    assert _differences(store_path) == []
    with Store.open(store_path) as store:
        assert store.offered("debian", "bookworm") == (release(),)


def test_a_migration_that_would_leave_dangling_rows_is_taken_back(store_path: Path, later_dir: Path) -> None:
    _fill(store_path)
    _add_revision(later_dir, more='op.execute("DELETE FROM releases")')

    with pytest.raises(StoreError, match="refers to nothing"):
        migrate(store_path, busy_timeout_seconds=1, scripts_dir=later_dir)

    with Store.open(store_path) as store:
        assert store.offered("debian", "bookworm") == (release(),)


def test_a_backup_that_cannot_be_written_stops_the_migration(store_path: Path, later_dir: Path) -> None:
    _fill(store_path)
    _add_revision(later_dir, more="pass")
    backup_path(store_path, HEAD_REVISION).mkdir()

    with pytest.raises(StoreError, match=r"\.backup"):
        migrate(store_path, busy_timeout_seconds=1, scripts_dir=later_dir)

    assert _differences(store_path) == []


def test_migrating_changes_no_logging(store_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("tracker").disabled)

    Store.open(store_path).close()

    assert (root.level, list(root.handlers), logging.getLogger("tracker").disabled) == before


def test_revision_files_import_nothing_of_ours() -> None:
    for script in (migrations_dir() / "versions").glob("*.py"):
        assert "tracker" not in script.read_text(encoding="utf-8"), script.name


def _fill(path: Path) -> None:
    with Store.open(path) as store:
        store.record_look(look(0), state=SEEN, offered=[release()], changes=[change("1.1.5")])
        observe(store, 1, release())
        store.finish_run(begin(store))
        store.enqueue([job(combination("1.7.24"))], profile="linux", now=look().looked_at)


def _add_revision(later_dir: Path, *, more: str) -> None:
    shutil.copytree(migrations_dir(), later_dir, ignore=shutil.ignore_patterns("__pycache__"))
    text = _NEXT_REVISION.format(head=HEAD_REVISION, more=more)
    (later_dir / "versions" / "next.py").write_text(text, encoding="utf-8")


def _alembic(path: Path, direction: str, revision: str) -> None:
    config = alembic_config(migrations_dir())
    engine = sqlite_engine(path, busy_timeout_seconds=1, has_foreign_keys=False)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        (command.upgrade if direction == "up" else command.downgrade)(config, revision)
    engine.dispose()


def _differences(path: Path) -> list[object]:
    engine = sqlite_engine(path, busy_timeout_seconds=1)
    with reading(engine) as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    engine.dispose()
    return list(found)
