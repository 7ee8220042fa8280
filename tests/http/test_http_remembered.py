"""Hosts are asked whether what they said still holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply, Request
from tracker.errors import RefusedError, UnreachableError
from tracker.http import Client
from tracker.http.remembered import Remembered
from tracker.protocols import NetworkSettings
from tracker.protocols.http import Fetched

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.conftest import Server

TOKEN = "token-that-nobody-guesses"  # noqa: S105 - a made-up one
LINK = '<http://127.0.0.1/page/2>; rel="next"'


class Upstream:
    """Answers as a host does that knows validators; ``asked`` holds those that came with requests."""

    def __init__(self, server: Server) -> None:
        self.body, self.tag, self.headers = b"one", '"1"', {"Link": LINK}
        self.asked: list[str | None] = []
        server.script = self._answer

    def _answer(self, request: Request) -> Reply:
        self.asked.append(request.headers["If-None-Match"])
        if self.asked[-1] == self.tag:
            # What is not sent cannot be unpacked, whatever the header says.
            return Reply(status=304, headers={"ETag": self.tag, "Content-Encoding": "gzip", "Content-Type": "text/x"})
        return Reply(body=self.body, headers={"ETag": self.tag, **self.headers} if self.tag else self.headers)


@pytest.fixture
def upstream(server: Server) -> Upstream:
    return Upstream(server)


def _ask(cache: Path | None, url: str, **headers: str) -> Fetched:
    with Client(NetworkSettings(), cache) as client:
        return client.get(url, headers=headers, revalidate=True)


@pytest.mark.parametrize("tag", ['"1"', 'W/"0a1b2c"', "unquoted", '"with, comma"'])
def test_an_answer_that_still_holds_comes_from_memory_also_after_a_restart(
    tag: str, server: Server, upstream: Upstream, cache: Path
) -> None:
    upstream.tag = tag

    first, second = _ask(cache, server.url), _ask(cache, server.url)

    assert (first.status, first.body, first.is_unchanged) == (200, b"one", False)
    assert (second.status, second.body, second.is_unchanged) == (200, b"one", True)
    assert second.url == first.url
    assert second.headers["link"] == LINK
    assert second.headers["etag"] == tag
    assert upstream.asked == [None, tag]


def test_an_answer_that_changed_replaces_the_remembered_one(server: Server, upstream: Upstream, cache: Path) -> None:
    _ask(cache, server.url)
    upstream.body, upstream.tag, upstream.headers = b"two", '"2"', {}

    changed, unchanged = _ask(cache, server.url), _ask(cache, server.url)

    assert (changed.body, changed.is_unchanged) == (b"two", False)
    assert (unchanged.body, unchanged.is_unchanged) == (b"two", True)
    assert "link" not in unchanged.headers
    assert upstream.asked == [None, '"1"', '"2"']


def test_times_are_never_used_as_validators(server: Server, upstream: Upstream, cache: Path) -> None:
    upstream.tag, upstream.headers = "", {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    condition = {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT", "If-None-Match": '"mine"'}

    _ask(cache, server.url)
    second = _ask(cache, server.url, **condition)

    assert not second.is_unchanged
    assert upstream.asked == [None, None]
    assert server.requests[1].headers["If-Modified-Since"] is None


def test_only_who_wants_it_is_answered_from_memory(server: Server, upstream: Upstream, cache: Path) -> None:
    with Client(NetworkSettings(), cache) as client:
        client.get(server.url, revalidate=True)
        client.get(server.url)
        theirs = client.get(server.url, headers={"If-None-Match": '"1"'})

    assert (theirs.status, theirs.body, theirs.is_unchanged) == (304, b"", False)
    assert upstream.asked == [None, None, '"1"']


def test_without_a_file_nothing_is_remembered(server: Server, upstream: Upstream) -> None:
    with Client(NetworkSettings()) as client:
        client.get(server.url, revalidate=True)
        assert not client.get(server.url, revalidate=True).is_unchanged

    assert upstream.asked == [None, None]


def test_another_kind_version_address_or_credential_is_another_answer(
    server: Server, upstream: Upstream, cache: Path
) -> None:
    with Client(NetworkSettings(), cache) as client:
        known = client.authorized(server.url, TOKEN)
        for _ in range(2):
            client.get(server.url, revalidate=True)
            client.get(server.url, headers={"Accept": "application/json"}, revalidate=True)
            client.get(server.url, headers={"X-GitHub-Api-Version": "2022-11-28"}, revalidate=True)
            client.get(f"{server.url}/?page=2", revalidate=True)
            client.get(server.url, headers={"Authorization": "Bearer mine"}, revalidate=True)
            known.get(server.url, revalidate=True)
            client.authorized(server.url, f"{TOKEN}2").get(server.url, revalidate=True)

    assert upstream.asked == [None] * 7 + ['"1"'] * 7


def test_the_same_credential_is_known_again_after_a_restart(server: Server, upstream: Upstream, cache: Path) -> None:
    answers = []
    for _ in range(2):
        with Client(NetworkSettings(), cache) as client:
            answers.append(client.authorized(server.url, TOKEN).get(server.url, revalidate=True))

    assert [answer.is_unchanged for answer in answers] == [False, True]
    assert upstream.asked == [None, '"1"']


def test_a_host_that_says_unchanged_without_being_asked_is_asked_again(server: Server, cache: Path) -> None:
    server.answer(Reply(status=304), Reply(body=b"well"))
    assert _ask(cache, server.url).body == b"well"

    server.answer(Reply(status=304))
    with pytest.raises(UnreachableError, match="answered 304 to a question that named no earlier answer"):
        _ask(cache, server.url)


def test_a_refusal_is_told_and_what_was_remembered_before_stays(
    server: Server, upstream: Upstream, cache: Path
) -> None:
    script = server.script
    _ask(cache, server.url)
    server.answer(Reply(status=404, headers={"ETag": '"404"'}))
    with pytest.raises(RefusedError):
        _ask(cache, server.url)
    server.script = script

    assert _ask(cache, server.url).is_unchanged
    assert upstream.asked == [None, '"1"']


def test_an_answer_of_another_host_is_not_remembered(server: Server, other_server: Server, cache: Path) -> None:
    server.answer(Reply(status=302, headers={"Location": other_server.url, "ETag": '"1"'}))
    upstream = Upstream(other_server)

    _ask(cache, server.url)
    _ask(cache, server.url)

    assert upstream.asked == [None, None]
    assert [request.headers["If-None-Match"] for request in server.requests] == [None, None]


def test_a_renamed_thing_of_the_same_host_is_remembered_under_its_old_name(server: Server, cache: Path) -> None:
    upstream = Upstream(server)
    answer = server.script
    server.script = lambda request: (
        answer(request) if request.path == "/new" else Reply(status=301, headers={"Location": "/new"})
    )

    _ask(cache, f"{server.url}/old")

    assert _ask(cache, f"{server.url}/old").is_unchanged
    assert upstream.asked == [None, '"1"']


def test_a_validator_that_another_address_happens_to_know_proves_nothing(
    server: Server, other_server: Server, upstream: Upstream, cache: Path
) -> None:
    _ask(cache, server.url)
    server.answer(Reply(status=301, headers={"Location": other_server.url}))
    elsewhere = Upstream(other_server)
    elsewhere.body = b"another thing"

    answer = _ask(cache, server.url)

    assert (answer.body, answer.is_unchanged) == (b"another thing", False)
    assert elsewhere.asked == ['"1"', None]
    assert upstream.asked == [None]


@pytest.mark.parametrize(
    "headers",
    [{"Cache-Control": "private, no-store"}, {"ETag": '"' + "1" * 2000 + '"'}, {"Content-Length": ""}],
    ids=["not-to-be-stored", "endless-validator", "end-not-told"],
)
def test_some_answers_must_not_be_remembered(headers: dict[str, str], server: Server, cache: Path) -> None:
    server.answer(Reply(body=b"one", headers={"ETag": '"1"', "Connection": "close", **headers}))

    assert _ask(cache, server.url).body == b"one"
    assert not _ask(cache, server.url).is_unchanged
    assert server.requests[1].headers["If-None-Match"] is None


def test_a_part_of_an_answer_is_never_remembered(server: Server, upstream: Upstream, cache: Path) -> None:
    script = server.script
    server.answer(Reply(body=b"on", length=3, headers={"ETag": '"1"'}))
    with pytest.raises(UnreachableError):
        _ask(cache, server.url)
    server.script = script

    assert _ask(cache, server.url).body == b"one"
    assert upstream.asked == [None]


def test_a_remembered_answer_beyond_the_bound_is_asked_for_again(
    server: Server, upstream: Upstream, cache: Path
) -> None:
    with Client(NetworkSettings(), cache) as client:
        client.get(server.url, revalidate=True)
        with pytest.raises(UnreachableError, match="longer than 2 bytes"):
            client.get(server.url, revalidate=True, max_bytes=2)

    assert upstream.asked == [None, None]


def test_threads_share_what_is_remembered(server: Server, upstream: Upstream, cache: Path) -> None:
    with Client(NetworkSettings(), cache) as client, ThreadPoolExecutor(8) as threads:
        client.get(server.url, revalidate=True)
        answers = list(threads.map(lambda _: client.get(server.url, revalidate=True), range(40)))

    assert {(answer.body, answer.is_unchanged) for answer in answers} == {(b"one", True)}
    assert upstream.asked == [None, *['"1"'] * 40]


def test_cookies_are_not_remembered(server: Server, upstream: Upstream, cache: Path) -> None:
    upstream.headers = {"Set-Cookie": "session=1"}
    _ask(cache, server.url)

    assert "set-cookie" not in _ask(cache, server.url).headers


def test_offline_asks_nobody_whether_anything_changed(server: Server, upstream: Upstream, cache: Path) -> None:
    _ask(cache, server.url)

    with Client(NetworkSettings(offline=True), cache) as client, pytest.raises(UnreachableError, match="offline"):
        client.get(server.url, revalidate=True)

    assert upstream.asked == [None]


def test_what_was_not_used_for_longest_is_forgotten_first(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "http.sqlite", limit_bytes=32 * 1024)
    bodies = {bytes([number]): number.to_bytes(2, "big") * 50 for number in range(200)}
    favourite = b"\x00"
    for key, body in bodies.items():
        remembered.keep(key, '"1"', Fetched(status=200, url="", body=body))
        remembered.find(favourite, max_bytes=1000)
    left = [key for key in bodies if remembered.find(key, max_bytes=1000)]
    remembered.keep(b"large", '"1"', Fetched(status=200, url="", body=bytes(range(256)) * 500))
    remembered.close()

    assert left[0] == favourite
    assert left[1:] == list(bodies)[-len(left) + 1 :]
    assert 80 < len(left) <= 32 * 1024 // 256
