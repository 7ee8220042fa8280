"""A host that asked to be left alone is left alone."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply, Request
from tracker.errors import RateLimitedError
from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.conftest import Clock, Server
    from tracker.protocols import HttpClient

TOKEN = "token-that-nobody-guesses"  # noqa: S105 - a made-up one
BUSY = Reply(status=429, headers={"Retry-After": "3600"})
SECONDARY = Reply(
    status=403,
    body=b'{"message": "You have exceeded a secondary rate limit."}',
    headers={"Content-Type": "application/json"},
)


def _limited(client: HttpClient, url: str) -> RateLimitedError:
    with pytest.raises(RateLimitedError) as caught:
        client.get(url)
    return caught.value


def test_a_host_that_asked_to_wait_is_not_asked_again_before(server: Server, clock: Clock, tmp_path: Path) -> None:
    server.answer(BUSY)
    with Client(NetworkSettings(), clock=clock) as client:
        first = _limited(client, f"{server.url}/a")
        second = _limited(client, f"{server.url}/b")
        with pytest.raises(RateLimitedError):
            client.post(f"{server.url}/graphql", {})
        with pytest.raises(RateLimitedError):
            client.download(f"{server.url}/c", tmp_path / "c", size=None, digest=None)

    assert len(server.requests) == 1
    assert first.retry_at == second.retry_at == clock.now + timedelta(hours=1)
    assert f"{server.url}/b: not asked before {second.retry_at:%Y-%m-%d %H:%M:%S} UTC" in second.message


def test_after_the_wait_the_host_is_asked_again(server: Server, clock: Clock) -> None:
    server.answer(BUSY, Reply(body=b"well"))
    with Client(NetworkSettings(), clock=clock) as client:
        _limited(client, server.url)
        clock.advance(hours=1)

        assert client.get(server.url).body == b"well"


def test_another_host_is_asked_all_the_same(server: Server, other_server: Server, clock: Clock) -> None:
    server.answer(BUSY)
    other_server.answer(Reply(body=b"well"))
    with Client(NetworkSettings(), clock=clock) as client:
        _limited(client, server.url)

        assert client.get(other_server.url).body == b"well"


def test_a_limit_for_everybody_and_one_for_a_token_do_not_touch_each_other(server: Server, clock: Clock) -> None:
    refused: set[str | None] = {None}
    server.script = lambda request: BUSY if request.headers["Authorization"] in refused else Reply(body=b"well")
    with Client(NetworkSettings(), clock=clock) as client:
        known, other = client.authorized(server.url, TOKEN), client.authorized(server.url, f"{TOKEN}2")
        _limited(client, server.url)
        assert known.get(server.url).body == b"well"

        refused.add(f"Bearer {TOKEN}")
        _limited(known, server.url)
        _limited(client.authorized(server.url, TOKEN), server.url)
        assert other.get(server.url).body == b"well"

    assert len(server.requests) == 4


def test_a_limit_at_the_host_that_a_redirect_leads_to_is_that_hosts_own(
    server: Server, other_server: Server, clock: Clock
) -> None:
    server.script = lambda request: (
        Reply(body=b"well") if request.path == "/" else Reply(status=302, headers={"Location": f"{other_server.url}/"})
    )
    other_server.answer(BUSY)
    with Client(NetworkSettings(), clock=clock) as client:
        mine = client.authorized(server.url, TOKEN)
        _limited(mine, f"{server.url}/a")
        _limited(mine, f"{server.url}/a")
        _limited(client, other_server.url)

        assert mine.get(f"{server.url}/").body == b"well"

    assert len(other_server.requests) == 1
    assert other_server.sent == [None]


def test_all_threads_hear_of_a_limit(server: Server, clock: Clock) -> None:
    server.answer(BUSY)
    with Client(NetworkSettings(), clock=clock) as client, ThreadPoolExecutor(8) as threads:
        _limited(client, server.url)
        ends = set(threads.map(lambda number: _limited(client, f"{server.url}/{number}").retry_at, range(40)))

    assert ends == {clock.now + timedelta(hours=1)}
    assert len(server.requests) == 1


def test_an_answer_that_was_on_its_way_before_the_limit_does_not_end_the_wait(server: Server, clock: Clock) -> None:
    under_way, limited = threading.Event(), threading.Event()

    def answer(request: Request) -> Reply:
        if request.path == "/fast":
            return BUSY
        under_way.set()
        limited.wait(60)
        return Reply(body=b"well")

    server.script = answer
    with Client(NetworkSettings(), clock=clock) as client, ThreadPoolExecutor(1) as threads:
        slow = threads.submit(client.get, f"{server.url}/slow")
        under_way.wait(60)
        _limited(client, f"{server.url}/fast")
        limited.set()

        assert slow.result().body == b"well"
        _limited(client, f"{server.url}/third")

    assert [request.path for request in server.requests] == ["/slow", "/fast"]


def test_a_wait_survives_a_restart(server: Server, cache: Path, clock: Clock) -> None:
    server.answer(BUSY, Reply(body=b"well"))
    with Client(NetworkSettings(), cache, clock=clock) as client:
        _limited(client.authorized(server.url, TOKEN), server.url)

    with Client(NetworkSettings(), cache, clock=clock) as client:
        error = _limited(client.authorized(server.url, TOKEN), server.url)
        assert client.get(server.url).body == b"well"
        clock.advance(hours=1)
        assert client.authorized(server.url, TOKEN).get(server.url).body == b"well"

    assert error.message.endswith("as the host wishes: too many requests")


def test_a_wait_that_no_host_asks_for_is_ignored_after_a_restart(server: Server, cache: Path, clock: Clock) -> None:
    server.answer(BUSY, Reply(body=b"well"))
    clock.advance(days=2)
    with Client(NetworkSettings(), cache, clock=clock) as client:
        _limited(client, server.url)

    clock.advance(days=-2)
    with Client(NetworkSettings(), cache, clock=clock) as client:
        assert client.get(server.url).body == b"well"


@pytest.mark.parametrize("until", ["soon", 1e300, -1e300, "NaN", None])
def test_a_wait_that_was_written_wrongly_is_ignored(until: object, server: Server, cache: Path, clock: Clock) -> None:
    server.answer(BUSY, Reply(body=b"well"))
    with Client(NetworkSettings(), cache, clock=clock) as client:
        _limited(client, server.url)
    with closing(sqlite3.connect(cache)) as database, database:
        database.execute("UPDATE OR IGNORE parked SET until = ?", (until,))
        database.execute("DELETE FROM parked WHERE ? IS NULL", (until,))

    with Client(NetworkSettings(), cache, clock=clock) as client:
        assert client.get(server.url).body == b"well"


def test_a_secondary_limit_that_comes_again_after_each_wait_makes_the_waits_longer_until_an_answer_comes(
    server: Server, cache: Path, clock: Clock
) -> None:
    server.answer(SECONDARY, SECONDARY, SECONDARY, Reply(body=b"well"), SECONDARY)
    waits = []
    for _ in range(3):
        with Client(NetworkSettings(), cache, clock=clock) as client:
            ends = _limited(client, server.url).retry_at
        waits.append(ends - clock.now)
        clock.now = ends
    with Client(NetworkSettings(), cache, clock=clock) as client:
        client.get(server.url)
        waits.append(_limited(client, server.url).retry_at - clock.now)

    assert [wait.total_seconds() for wait in waits] == [60, 120, 240, 60]


def test_several_attempts_that_meet_a_limit_are_one_limit(server: Server, clock: Clock) -> None:
    server.answer(Reply(status=429))
    with Client(NetworkSettings(), clock=clock) as client:
        error = _limited(client, server.url)
        again = _limited(client, server.url)

    assert error.retry_at == again.retry_at == clock.now + timedelta(minutes=1)
    assert len(server.requests) == 3


def test_a_download_that_meets_a_limit_goes_on_where_it_was(server: Server, clock: Clock, tmp_path: Path) -> None:
    whole = Reply(body=b"0123", length=8, headers={"ETag": '"1"'})
    rest = Reply(status=206, body=b"4567", headers={"ETag": '"1"', "Content-Range": "bytes 4-7/8"})
    server.answer(whole, BUSY, rest)
    with Client(NetworkSettings(), clock=clock) as client:
        with pytest.raises(RateLimitedError):
            client.download(server.url, tmp_path / "a", size=8, digest=None)
        clock.advance(hours=1)
        client.download(server.url, tmp_path / "a", size=8, digest=None)

    assert (tmp_path / "a").read_bytes() == b"01234567"
    assert server.requests[-1].start == 4
