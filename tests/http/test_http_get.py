from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply, Request
from tracker.errors import ConfigError, RateLimitedError, UnreachableError
from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.conftest import Server


def test_an_answer_has_status_address_body_and_headers_in_lower_case(client: Client, server: Server) -> None:
    server.answer(Reply(body=b"hello", headers={"ETag": '"1"', "X-Some": "Thing"}))

    fetched = client.get(f"{server.url}/a?b=c")

    assert (fetched.status, fetched.body) == (200, b"hello")
    assert fetched.headers["etag"] == '"1"'
    assert fetched.headers["x-some"] == "Thing"
    assert server.requests[0].headers["User-Agent"].startswith("tracker/")


def test_compressed_archives_come_as_they_are(client: Client, server: Server) -> None:
    server.answer(Reply(body=b"\x1f\x8b not really", headers={"Content-Encoding": "gzip"}))

    assert client.get(server.url).body == b"\x1f\x8b not really"


def test_not_modified_is_an_answer(client: Client, server: Server) -> None:
    server.answer(Reply(status=304, headers={"ETag": '"1"'}))

    fetched = client.get(server.url, headers={"If-None-Match": '"1"'})

    assert (fetched.status, fetched.body) == (304, b"")
    assert server.requests[0].headers["If-None-Match"] == '"1"'


def test_cookies_of_one_answer_are_not_sent_with_the_next(client: Client, server: Server) -> None:
    server.answer(Reply(headers={"Set-Cookie": "a=b; Path=/"}))

    client.get(server.url)
    client.get(server.url)

    assert server.requests[1].headers["Cookie"] is None


@pytest.mark.parametrize("length", [None, 5])
def test_an_answer_beyond_its_bound_is_refused(length: int | None, client: Client, server: Server) -> None:
    server.answer(Reply(body=b"x" * 200, length=length and 200))

    with pytest.raises(UnreachableError, match=rf"{server.url}/big: the answer is longer than 100 bytes"):
        client.get(f"{server.url}/big", max_bytes=100)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_failure_that_passes_is_asked_again(status: int, client: Client, server: Server) -> None:
    server.answer(Reply(status=status), Reply(body=b"well"))

    assert client.get(server.url).body == b"well"


def test_a_connection_that_breaks_off_is_asked_again(client: Client, server: Server) -> None:
    server.answer(Reply(body=b"we", length=4), Reply(body=b"well"))

    assert client.get(server.url).body == b"well"


def test_a_failure_that_does_not_pass_is_told_after_few_attempts(client: Client, server: Server) -> None:
    server.answer(Reply(status=503))

    with pytest.raises(UnreachableError, match=rf"{server.url}/a: answered 503"):
        client.get(f"{server.url}/a")
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_other_failures_are_told_at_once(status: int, client: Client, server: Server) -> None:
    server.answer(Reply(status=status))

    with pytest.raises(UnreachableError, match=f"answered {status}"):
        client.get(server.url)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 503, 403])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_wants_a_long_rest_gets_it(status: int, form: str, client: Client, server: Server) -> None:
    until = datetime.now(UTC) + timedelta(seconds=3600)
    told = "3600" if form == "seconds" else format_datetime(until, usegmt=True)
    server.answer(Reply(status=status, headers={"Retry-After": told}))

    with pytest.raises(
        RateLimitedError, match=rf"{server.url}: answered {status}, ask again in 3\d\d\d seconds"
    ) as caught:
        client.get(server.url)

    assert abs(caught.value.retry_at - until) < timedelta(seconds=30)
    assert len(server.requests) == 1


def test_a_host_that_wants_a_short_rest_is_asked_again_after_it(client: Client, server: Server) -> None:
    server.answer(Reply(status=429, headers={"Retry-After": "1"}), Reply(body=b"well"))
    started = datetime.now(UTC)

    assert client.get(server.url).body == b"well"
    assert datetime.now(UTC) - started >= timedelta(seconds=0.9)


@pytest.mark.parametrize("told", ["soon", "", "-5"])
def test_a_limit_that_does_not_say_how_long_is_a_minute(told: str, client: Client, server: Server) -> None:
    server.answer(Reply(status=429, headers={"Retry-After": told}))

    with pytest.raises(RateLimitedError) as caught:
        client.get(server.url)

    assert timedelta(seconds=30) < caught.value.retry_at - datetime.now(UTC) <= timedelta(seconds=60)


def test_a_redirect_is_followed_and_the_last_address_told(client: Client, server: Server) -> None:
    server.script = lambda request: (
        Reply(body=b"here") if request.path == "/b" else Reply(status=302, headers={"Location": "/b"})
    )

    fetched = client.get(f"{server.url}/a")

    assert (fetched.url, fetched.body) == (f"{server.url}/b", b"here")


def test_nothing_that_was_meant_for_one_host_reaches_another(
    client: Client, server: Server, other_server: Server
) -> None:
    server.answer(Reply(status=302, headers={"Location": f"{other_server.url}/b"}))
    other_server.answer(Reply(body=b"here"))
    secrets = {"Authorization": "Bearer abc", "Private-Token": "abc", "Cookie": "a=abc", "Accept": "text/plain"}

    client.get(server.url.replace("//", "//user:abc@"), headers=secrets)

    assert server.requests[0].headers["Private-Token"] == "abc"
    assert other_server.requests[0].headers["Accept"] == "text/plain"
    assert not any("abc" in value for value in other_server.requests[0].headers.values())
    assert other_server.requests[0].headers["Authorization"] is None


def test_redirects_without_end_are_told(client: Client, server: Server) -> None:
    server.script = lambda request: Reply(status=302, headers={"Location": f"{request.path}x"})

    with pytest.raises(UnreachableError, match=rf"{server.url}/a: more than 10 redirects"):
        client.get(f"{server.url}/a")


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_redirect_out_of_http_is_not_followed(location: str, client: Client, server: Server) -> None:
    server.answer(Reply(status=302, headers={"Location": location}))

    with pytest.raises(UnreachableError):
        client.get(server.url)


def test_no_error_shows_a_secret(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(UnreachableError) as caught:
        client.get(f"http://me:secret@127.0.0.1:{port}/a?token=secret&page=secret#secret")

    assert f"http://127.0.0.1:{port}/a?token=...&page=...: no answer" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://nowhere.invalid/a", "http://[::1", "nonsense", "ftp://127.0.0.1/"])
def test_an_address_that_leads_nowhere_is_an_upstream_that_cannot_be_reached(url: str, client: Client) -> None:
    with pytest.raises(UnreachableError):
        client.get(url)


def test_offline_asks_nobody(server: Server, tmp_path: Path) -> None:
    client = Client(NetworkSettings(offline=True))

    with pytest.raises(UnreachableError, match="offline is true"):
        client.get(server.url)
    with pytest.raises(UnreachableError, match="offline is true"):
        client.download(server.url, tmp_path / "file", size=None, digest=None)
    assert server.requests == []


def test_the_configured_proxy_is_used(server: Server) -> None:
    server.answer(Reply(body=b"by proxy"))

    with Client(NetworkSettings(proxy=server.url)) as client:
        assert client.get("http://upstream.example/a").body == b"by proxy"

    assert server.requests[0].path == "http://upstream.example/a"


def test_the_environments_proxy_is_used_without_one_in_the_configuration(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    server.answer(Reply(body=b"by proxy"))

    with Client(NetworkSettings()) as client:
        assert client.get("http://upstream.example/a").body == b"by proxy"


def test_a_proxy_that_cannot_be_used_is_named_without_its_password() -> None:
    client = Client(NetworkSettings(proxy="nonsense://me:secret@host"))

    with pytest.raises(ConfigError, match=r"network\.proxy") as caught:
        client.get("http://upstream.example/")

    assert "secret" not in str(caught.value)


def test_certificates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")

    with pytest.raises(ConfigError, match=r"network\.ca_file = '.*ca\.pem'"):
        Client(NetworkSettings(ca_file=path)).get("http://upstream.example/")


def test_a_file_of_this_machine_is_read_within_the_bound(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "a file"
    path.write_bytes(b"x" * 10)

    assert client.get(path.as_uri()).body == b"x" * 10
    assert client.get(path.as_uri().replace("file://", "file:")).body == b"x" * 10
    with pytest.raises(UnreachableError, match="longer than 9 bytes"):
        client.get(path.as_uri(), max_bytes=9)
    with pytest.raises(UnreachableError, match="cannot be read"):
        client.get(tmp_path.as_uri())
    with pytest.raises(UnreachableError, match="names no file of this machine"):
        client.get("file://elsewhere/a")


def test_a_closed_client_opens_again(client: Client, server: Server) -> None:
    client.get(server.url)
    client.close()

    assert client.get(server.url).status == 200


def test_requests_are_told_what_to_send(client: Client, server: Server) -> None:
    seen: list[Request] = server.requests

    client.get(server.url, headers={"Accept": "a/b"})

    assert seen[0].headers["Accept"] == "a/b"
