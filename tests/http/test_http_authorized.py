"""A token goes to its own origin, and nobody else ever sees it."""

from __future__ import annotations

import hashlib
import io
import logging
import socket
import sqlite3
import threading
import traceback
import zlib
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.http.conftest import Reply, Request
from tracker.errors import SourceError, UnreachableError
from tracker.http import Client
from tracker.protocols import CredentialHint, HttpClient, NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.http.conftest import Server

TOKEN = "ghp_Some/Token+that=nobody-guesses"  # noqa: S105 - a made-up one
BEARER = f"Bearer {TOKEN}"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def known(client: Client, server: Server) -> HttpClient:
    return client.authorized(CredentialHint(origin=f"{server.url}/"), TOKEN)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return everything that any library logs, at its most talkative."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def _everything(error: BaseException) -> str:
    chain = "".join(traceback.format_exception(error))
    return f"{chain} {error!r} {error.args} {vars(error)}"


def test_it_is_sent_to_its_origin_and_to_no_other(
    client: Client, known: HttpClient, server: Server, other_server: Server
) -> None:
    known.get(f"{server.url}/a?b=c")
    known.get(other_server.url)
    known.get(server.url.replace("127.0.0.1", "localhost"))
    client.get(server.url)

    assert server.sent == [BEARER, None, None]
    assert other_server.sent == [None]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_follows_a_redirect_within_its_origin(status: int, known: HttpClient, server: Server) -> None:
    server.script = lambda request: (
        Reply(body=b"here")
        if request.path == "/repositories/1"
        else Reply(status=status, headers={"Location": "/repositories/1"})
    )

    assert known.get(f"{server.url}/repos/a/b").body == b"here"
    assert server.sent == [BEARER, BEARER]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_does_not_follow_a_redirect_to_another_origin_nor_come_back_with_one(
    status: int, known: HttpClient, server: Server, other_server: Server
) -> None:
    server.script = lambda request: (
        Reply(body=b"back")
        if request.path == "/back"
        else Reply(status=status, headers={"Location": f"{other_server.url}/b"})
    )
    other_server.answer(Reply(status=status, headers={"Location": f"{server.url}/back"}))

    assert known.get(f"{server.url}/a", headers={"Private-Token": "mine", "Accept": "a/b"}).body == b"back"

    assert (server.sent, other_server.sent) == ([BEARER, None], [None])
    assert other_server.requests[0].headers["Private-Token"] is None
    assert server.requests[1].headers["Private-Token"] is None
    assert server.requests[1].headers["Accept"] == "a/b"


def test_a_redirect_into_its_origin_does_not_draw_it_out(
    known: HttpClient, server: Server, other_server: Server
) -> None:
    other_server.answer(Reply(status=302, headers={"Location": server.url}))

    known.get(other_server.url)

    assert server.sent == [None]


def test_a_host_that_sends_it_on_to_another_in_an_address_is_not_followed(
    known: HttpClient, server: Server, other_server: Server
) -> None:
    for spelling in (TOKEN, quote(TOKEN, safe="")):
        server.answer(Reply(status=302, headers={"Location": f"{other_server.url}/a?access_token={spelling}"}))
        with pytest.raises(UnreachableError, match="redirects to another host with the credential"):
            known.get(server.url)

    assert other_server.requests == []


def test_a_caller_that_brings_its_own_sends_its_own(known: HttpClient, server: Server) -> None:
    known.get(server.url, headers={"authorization": "Bearer their-own"})

    assert server.sent == ["Bearer their-own"]


def test_a_name_that_only_begins_like_its_origin_gets_nothing(client: Client, server: Server) -> None:
    known = client.authorized("http://127.0.0.1", TOKEN)

    known.get(server.url)
    known.get(server.url.replace("//", "//127.0.0.1:80@"))

    assert BEARER not in server.sent


@pytest.mark.parametrize("is_redirected", [True, False])
def test_an_asset_is_downloaded_from_the_api_or_from_where_it_sends(
    is_redirected: bool,  # noqa: FBT001 - a parameter of the test
    known: HttpClient,
    server: Server,
    other_server: Server,
    tmp_path: Path,
) -> None:
    data = bytes(range(256)) * 100
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    signed = f"{other_server.url}/asset?X-Amz-Signature=abc&sp=r"
    server.answer(Reply(status=302, headers={"Location": signed}) if is_redirected else Reply(body=data))
    other_server.answer(Reply(body=data))
    headers = {"Accept": "application/octet-stream"}
    url = f"{server.url}/repos/a/b/releases/assets/1"

    assert known.download(url, tmp_path / "a", size=len(data), digest=digest, headers=headers) == digest

    holder = other_server if is_redirected else server
    assert holder.requests[0].headers["Accept"] == "application/octet-stream"
    assert server.sent == [BEARER]
    assert other_server.sent == ([None] if is_redirected else [])


def test_a_download_that_breaks_off_is_resumed_with_all_headers(
    known: HttpClient, server: Server, tmp_path: Path
) -> None:
    rest = Reply(status=206, body=b"4567", headers={"Content-Range": "bytes 4-7/8"})
    server.answer(Reply(body=b"0123", length=8, headers={"ETag": '"1"'}), rest)

    known.download(server.url, tmp_path / "a", size=8, digest=None, headers={"Accept": "application/octet-stream"})

    assert (tmp_path / "a").read_bytes() == b"01234567"
    assert server.requests[1].start == 4
    assert server.requests[1].headers["Accept"] == "application/octet-stream"
    assert server.sent == [BEARER, BEARER]


REFLECTIONS = [
    Reply(status=404, body=b'{"message": "bad token ' + TOKEN.encode() + b'"}', headers=JSON),
    Reply(status=401, headers={"WWW-Authenticate": f'Bearer error="{TOKEN}"', "X-Echo": quote(TOKEN, safe="")}),
    Reply(status=429, headers={"Retry-After": "600", "X-RateLimit-Resource": TOKEN, "X-Echo": TOKEN}),
    Reply(status=503, body=b'{"message": "' + TOKEN.replace("/", "\\/").encode() + b'"}', headers=JSON),
    Reply(status=302, headers={"Location": f"/a/{TOKEN}/b?c={TOKEN}"}),
    Reply(status=302, headers={"Location": f"http://{TOKEN}@[::1/{TOKEN}"}),
    Reply(status=302, headers={"Location": f"nonsense://{TOKEN}"}),
    Reply(status=200, headers={"Content-Encoding": TOKEN, **JSON}),
    Reply(status=200, body=b"x", length=5, headers={"X-Echo": TOKEN}),
]


@pytest.mark.parametrize("reply", REFLECTIONS)
def test_a_host_that_repeats_it_does_not_bring_it_into_errors_logs_or_files(
    reply: Reply, server: Server, cache: Path, log: io.StringIO
) -> None:
    server.answer(reply)

    with Client(NetworkSettings(), cache) as client:
        known = client.authorized(server.url, TOKEN)
        with pytest.raises(SourceError) as first:
            known.get(f"{server.url}/a/{TOKEN}", revalidate=True)
        with pytest.raises(SourceError) as second:
            known.post(server.url, {})
        files = b"".join(path.read_bytes() for path in cache.parent.iterdir())

    told = _everything(first.value) + _everything(second.value) + log.getvalue() + files.decode("latin-1")
    assert "httpcore.http11" in told
    assert "nobody-guesses" not in told
    assert server.sent[0] == BEARER


def test_a_server_that_speaks_no_http_but_repeats_it_does_not_bring_it_into_errors(log: io.StringIO) -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd, Client(NetworkSettings()) as client:
        url = f"http://127.0.0.1:{odd.getsockname()[1]}"

        def answer() -> None:
            for _ in range(3):
                connection, _ = odd.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(f"HTTP/1.1 {TOKEN} {TOKEN}\r\n{TOKEN}\r\n\r\n".encode())

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UnreachableError, match="no answer") as caught:
            client.authorized(url, TOKEN).get(url)
        thread.join()

    assert "nobody-guesses" not in _everything(caught.value) + log.getvalue()


def test_a_body_that_repeats_it_is_handed_on_and_remembered_without_it(
    server: Server, cache: Path, log: io.StringIO
) -> None:
    def answer(request: Request) -> Reply:
        if request.headers["If-None-Match"] == '"1"':
            return Reply(status=304)
        return Reply(body=f"[{TOKEN}]".encode(), headers={"ETag": '"1"', "X-Echo": TOKEN})

    server.script = answer
    with Client(NetworkSettings(), cache) as client:
        known = client.authorized(server.url, TOKEN)
        answers = [known.get(server.url, revalidate=True) for _ in range(2)]

    assert [each.is_unchanged for each in answers] == [False, True]
    assert {each.body for each in answers} == {b"[[redacted]]"}
    assert {each.headers["x-echo"] for each in answers} == {"[redacted]"}
    with closing(sqlite3.connect(cache)) as database:
        [(packed, headers)] = database.execute("SELECT body, headers FROM answer").fetchall()
    assert TOKEN.encode() not in zlib.decompress(packed)
    assert TOKEN not in headers
    assert TOKEN not in log.getvalue()


def test_a_validator_that_repeats_it_is_not_remembered(server: Server, cache: Path) -> None:
    server.answer(Reply(body=b"one", headers={"ETag": f'"{TOKEN}"'}))
    with Client(NetworkSettings(), cache) as client:
        known = client.authorized(server.url, TOKEN)
        known.get(server.url, revalidate=True)
        known.get(server.url, revalidate=True)

    assert server.requests[1].headers["If-None-Match"] is None


def test_neither_client_nor_view_shows_it(known: HttpClient, client: Client) -> None:
    shown = f"{known!r} {known} {vars(known)} {client!r} {vars(client)}"

    assert "nobody-guesses" not in shown


def test_logs_show_no_password_and_no_signature(client: Client, server: Server, log: io.StringIO) -> None:
    server.script = lambda request: (
        Reply(body=b"here")
        if request.path.startswith("/b")
        else Reply(status=302, headers={"Location": "/b?X-Amz-Signature=hush"})
    )

    client.get(server.url.replace("//", "//me:hush@") + "/a?token=hush")

    assert "X-Amz-Signature=..." in log.getvalue()
    assert "hush" not in log.getvalue()
