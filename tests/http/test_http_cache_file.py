"""Whatever is wrong with the file that answers are remembered in, looking at upstreams goes on."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply, Request
from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.http.conftest import Server
    from tracker.protocols.http import Fetched


@pytest.fixture(autouse=True)
def _upstream(server: Server) -> None:
    def answer(request: Request) -> Reply:
        is_known = request.headers["If-None-Match"] == '"1"'
        return Reply(status=304) if is_known else Reply(body=b"one" * 1000, headers={"ETag": '"1"'})

    server.script = answer


def _ask(cache: Path, server: Server) -> Fetched:
    with Client(NetworkSettings(), cache) as client:
        return client.get(server.url, revalidate=True)


def _text(path: Path) -> None:
    path.write_bytes(b"this is no database, and longer than a header of one " * 10)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _scrambled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[200:] = os.urandom(len(content) - 200)
    path.write_bytes(content)


def _foreign(path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE answer (key TEXT)")


def _later(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def _without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE answer")


def _directory(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


@pytest.mark.parametrize("spoil", [_text, _cut, _scrambled, _foreign, _later, _without_a_table, _directory])
def test_a_file_that_cannot_be_used_is_set_aside_and_started_anew(
    spoil: Callable[[Path], None], server: Server, cache: Path
) -> None:
    _ask(cache, server)
    spoil(cache)

    assert _ask(cache, server).body == b"one" * 1000
    assert _ask(cache, server).is_unchanged
    assert cache.with_name("http.sqlite.broken").exists()


def test_a_file_that_is_spoilt_while_it_is_in_use_is_set_aside(server: Server, cache: Path) -> None:
    with Client(NetworkSettings(), cache) as client:
        client.get(server.url, revalidate=True)
        _without_a_table(cache)

        assert client.get(server.url, revalidate=True).body == b"one" * 1000
        assert client.get(server.url, revalidate=True).is_unchanged


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE answer SET body = substr(body, 1, 10)",
        "UPDATE answer SET body = 'text'",
        "UPDATE answer SET body = x'00'",
        "UPDATE answer SET headers = '['",
        "UPDATE answer SET headers = '5'",
    ],
)
def test_an_answer_that_was_spoilt_is_asked_for_again(change: str, server: Server, cache: Path) -> None:
    _ask(cache, server)
    with closing(sqlite3.connect(cache)) as database, database:
        database.execute(change)

    assert _ask(cache, server).body == b"one" * 1000
    assert [request.headers["If-None-Match"] for request in server.requests] == [None, None]
    assert _ask(cache, server).is_unchanged


def test_a_file_that_somebody_else_locks_is_done_without(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.http.cache_file.LOCK_SECONDS", 0.01)
    _ask(cache, server)
    with closing(sqlite3.connect(cache, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert _ask(cache, server).body == b"one" * 1000
        assert _ask(cache, server).body == b"one" * 1000

    assert _ask(cache, server).is_unchanged
    assert not cache.with_name("http.sqlite.broken").exists()


def test_a_place_where_nothing_can_be_written_is_done_without(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert _ask(tmp_path / "file" / "http.sqlite", server).body == b"one" * 1000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_what_is_remembered_is_for_nobody_elses_eyes(server: Server, cache: Path) -> None:
    with Client(NetworkSettings(), cache) as client:
        client.get(server.url, revalidate=True)
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in cache.parent.iterdir()}

    assert rights["http.sqlite"] == 0
    assert set(rights.values()) == {0}


def test_nothing_is_made_before_it_is_needed(cache: Path, server: Server) -> None:
    with Client(NetworkSettings(), cache):
        pass

    assert not cache.parent.exists()
    assert not server.requests


def test_two_processes_can_use_one_file(server: Server, cache: Path) -> None:
    with Client(NetworkSettings(), cache) as one, Client(NetworkSettings(), cache) as two:
        one.get(server.url, revalidate=True)

        assert two.get(server.url, revalidate=True).is_unchanged
        assert one.get(server.url, revalidate=True).is_unchanged


def test_many_that_make_the_file_at_the_same_moment_do_not_take_it_for_a_foreign_one(
    server: Server, cache: Path
) -> None:
    ready = threading.Barrier(8)

    def ask(_: int) -> bytes:
        ready.wait()
        return _ask(cache, server).body

    with ThreadPoolExecutor(8) as threads:
        bodies = set(threads.map(ask, range(8)))

    assert bodies == {b"one" * 1000}
    assert not cache.with_name("http.sqlite.broken").exists()
    assert _ask(cache, server).is_unchanged


def test_bodies_are_kept_compressed(server: Server, cache: Path) -> None:
    _ask(cache, server)

    with closing(sqlite3.connect(cache)) as database:
        assert database.execute("SELECT length(body) < 100 FROM answer").fetchall() == [(1,)]
