"""What a person is told when a host refuses, or asks to be left alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply
from tracker.errors import RateLimitedError, RefusedError, UnreachableError
from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from tests.http.conftest import Clock, Server

JSON = {"Content-Type": "application/json; charset=utf-8"}


def _said(message: object) -> bytes:
    return json.dumps({"message": message, "documentation_url": "http://docs.example/"}).encode()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 451, 501])
def test_a_refusal_carries_its_status_and_what_the_host_said(status: int, client: Client, server: Server) -> None:
    server.answer(Reply(status=status, body=_said("Repository access blocked"), headers=JSON))

    with pytest.raises(RefusedError, match=rf"/a: answered {status}: Repository access blocked$") as caught:
        client.get(f"{server.url}/a")

    assert caught.value.status == status
    assert caught.value.headers["content-type"] == JSON["Content-Type"]
    assert len(server.requests) == 1


def test_what_the_host_said_is_shown_on_one_line_without_control_characters_and_not_endlessly(
    client: Client, server: Server
) -> None:
    server.answer(Reply(status=410, body=_said("gone\x1b[31m\r\n\u202eback " + "x" * 5000), headers=JSON))

    with pytest.raises(RefusedError) as caught:
        client.get(server.url)

    assert "answered 410: gone [31m back xxx" in caught.value.message
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[1]", b"null", b'{"message": 5}', b"[" * 60_000, b'{"message": "\xff"}', b"x" * 100_000],
)
def test_a_refusal_without_a_message_that_can_be_read_is_told_by_its_status(
    body: bytes, client: Client, server: Server
) -> None:
    server.answer(Reply(status=404, body=body, headers=JSON))

    with pytest.raises(RefusedError, match=r"answered 404$"):
        client.get(server.url)


def test_a_refusal_that_breaks_off_is_a_refusal(client: Client, server: Server) -> None:
    server.answer(Reply(status=404, body=b'{"mess', length=100, headers=JSON))

    with pytest.raises(RefusedError, match=r"answered 404$"):
        client.get(server.url)


def test_a_server_error_is_no_refusal(client: Client, server: Server) -> None:
    server.answer(Reply(status=504, body=_said("We couldn't respond to your request in time."), headers=JSON))

    with pytest.raises(UnreachableError, match="answered 504: We couldn't respond") as caught:
        client.get(server.url)

    assert not isinstance(caught.value, RefusedError)


def test_a_used_up_quota_is_told_with_its_size_its_end_and_the_way_out(server: Server, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    host = clock.now + timedelta(minutes=7)
    headers = {
        "Date": format_datetime(host, usegmt=True),
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(host.timestamp()) + 1800),
        "X-RateLimit-Resource": "core",
    }
    server.answer(Reply(status=403, body=_said("API rate limit exceeded for 192.0.2.1."), headers={**JSON, **headers}))

    with Client(NetworkSettings(), clock=clock) as client, pytest.raises(RateLimitedError) as caught:
        client.get(server.url)

    assert caught.value.retry_at == datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert "ask again in 1800 seconds (2026-11-23 12:30:00 UTC)" in caught.value.message
    assert caught.value.message.endswith("the limit of 60 requests (core) is used up")
    assert "name a token" in caught.value.hint


def test_who_has_a_token_is_not_told_to_get_one(server: Server, clock: Clock) -> None:
    server.answer(Reply(status=429, headers={"Retry-After": "600"}))

    with Client(NetworkSettings(), clock=clock) as client, pytest.raises(RateLimitedError) as caught:
        client.authorized(server.url, "a-long-token").get(server.url)

    assert caught.value.hint == "Wait: nothing is asked with this token before that time."


def test_a_secondary_limit_is_not_asked_again_for_a_minute(server: Server, clock: Clock) -> None:
    body = _said("You have exceeded a secondary rate limit and have been temporarily blocked.")
    server.answer(Reply(status=403, body=body, headers={**JSON, "X-RateLimit-Remaining": "4000"}))

    with Client(NetworkSettings(), clock=clock) as client, pytest.raises(RateLimitedError, match="secondary") as caught:
        client.get(server.url)

    assert caught.value.retry_at == clock.now + timedelta(minutes=1)
    assert len(server.requests) == 1


def test_a_missing_date_leaves_our_own_clock_as_the_base(server: Server, clock: Clock) -> None:
    reset = clock.now.replace(microsecond=0) + timedelta(minutes=5)
    headers = {"Date": "", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(reset.timestamp()))}
    server.answer(Reply(status=429, headers=headers))

    with Client(NetworkSettings(), clock=clock) as client, pytest.raises(RateLimitedError) as caught:
        client.get(server.url)

    assert abs(caught.value.retry_at - reset) < timedelta(seconds=1)
