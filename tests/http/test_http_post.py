"""Questions that are asked with POST."""

from __future__ import annotations

import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply
from tracker.errors import RateLimitedError, RefusedError, UnreachableError
from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.conftest import Server

QUESTION = {"query": "query($n: Int) { a }", "variables": {"n": 1, "text": "\u00fc\u2603"}}


def test_a_question_is_sent_as_json_and_the_answer_handed_on(client: Client, server: Server) -> None:
    server.answer(Reply(body=b'{"data": {}}', headers={"X-RateLimit-Remaining": "4999"}))

    fetched = client.post(f"{server.url}/graphql", QUESTION, headers={"X-Mine": "1"})

    asked = server.requests[0]
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", "/graphql", QUESTION)
    assert (asked.headers["Content-Type"], asked.headers["Accept"]) == ("application/json", "application/json")
    assert (asked.headers["X-Mine"], asked.headers["Authorization"]) == ("1", None)
    assert (fetched.status, fetched.body) == (200, b'{"data": {}}')
    assert fetched.headers["x-ratelimit-remaining"] == "4999"


def test_a_token_goes_with_it_to_its_own_host_alone(client: Client, server: Server, other_server: Server) -> None:
    known = client.authorized(server.url, "a-long-token")

    known.post(server.url, QUESTION)
    known.post(other_server.url, QUESTION)

    assert (server.sent, other_server.sent) == (["Bearer a-long-token"], [None])


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_that_fails_is_asked_again(status: int, client: Client, server: Server) -> None:
    server.answer(Reply(status=status), Reply(body=b"well"))

    assert client.post(server.url, QUESTION).body == b"well"
    assert [json.loads(request.body) for request in server.requests] == [QUESTION, QUESTION]


@pytest.mark.parametrize("status", [500, 408, 425])
def test_a_host_that_may_have_worked_on_it_is_not_asked_again(status: int, client: Client, server: Server) -> None:
    server.answer(Reply(status=status), Reply(body=b"well"))

    with pytest.raises(UnreachableError, match=f"answered {status}") as caught:
        client.post(server.url, QUESTION)

    assert not isinstance(caught.value, RefusedError)
    assert len(server.requests) == 1


def test_a_connection_that_breaks_is_made_again(client: Client, server: Server) -> None:
    server.answer(Reply(body=b"we", length=4), Reply(body=b"well"))

    assert client.post(server.url, QUESTION).body == b"well"


def test_a_host_that_never_answers_is_not_asked_again() -> None:
    accepted = []
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def accept() -> None:
            connection, _ = silent.accept()
            with connection:
                accepted.append(connection.recv(65536))
                finished.wait(10)

        finished = threading.Event()
        thread = threading.Thread(target=accept)
        thread.start()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"

        with Client(NetworkSettings(timeout_seconds=0.2)) as client, pytest.raises(UnreachableError, match="no answer"):
            client.post(url, QUESTION)

        finished.set()
        thread.join()

    assert len(accepted) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(status: int, client: Client, server: Server, other_server: Server) -> None:
    server.answer(Reply(status=status, headers={"Location": other_server.url}))

    with pytest.raises(RefusedError, match=f"answered {status}") as caught:
        client.post(server.url, QUESTION)

    assert caught.value.status == status
    assert other_server.requests == []


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_refusal_is_told_with_its_message(status: int, client: Client, server: Server) -> None:
    body = b'{"message": "Bad credentials"}'
    server.answer(Reply(status=status, body=body, headers={"Content-Type": "application/json"}))

    with pytest.raises(RefusedError, match=f"answered {status}: Bad credentials"):
        client.post(server.url, QUESTION)


def test_a_limit_parks_the_host(client: Client, server: Server) -> None:
    server.answer(Reply(status=429, headers={"Retry-After": "600"}))
    with pytest.raises(RateLimitedError):
        client.post(server.url, QUESTION)
    with pytest.raises(RateLimitedError, match="not asked before"):
        client.get(server.url)

    assert len(server.requests) == 1


def test_an_answer_beyond_its_bound_is_refused(client: Client, server: Server) -> None:
    server.answer(Reply(body=b"x" * 200))

    with pytest.raises(UnreachableError, match="longer than 100 bytes"):
        client.post(server.url, QUESTION, max_bytes=100)


def test_offline_and_files_of_this_machine_are_not_asked(client: Client, server: Server, tmp_path: Path) -> None:
    with Client(NetworkSettings(offline=True)) as nobody, pytest.raises(UnreachableError, match="offline is true"):
        nobody.post(server.url, QUESTION)
    with pytest.raises(UnreachableError, match="cannot be asked"):
        client.post((tmp_path / "a").as_uri(), QUESTION)

    assert server.requests == []
