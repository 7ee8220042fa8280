"""Bodies that a host packed though nobody asked for it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply
from tracker.errors import UnreachableError
from tracker.http.bodies import too_long

if TYPE_CHECKING:
    from tests.http.conftest import Server
    from tracker.http import Client

TEXT = b'{"tag_name": "v1.0.0"}' * 100
PACKED = gzip.compress(TEXT, mtime=0)  # the same bytes in each process that collects the tests


def _reply(body: bytes, kind: str = "application/json; charset=utf-8", encoding: str = "gzip") -> Reply:
    headers = {"Content-Type": kind} if kind else {}
    return Reply(body=body, headers={"Content-Encoding": encoding, **headers})


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZip "])
@pytest.mark.parametrize("kind", ["application/json", "application/vnd.oci.image.index.v1+json", "text/plain"])
def test_text_that_was_packed_is_unpacked(kind: str, encoding: str, client: Client, server: Server) -> None:
    server.answer(_reply(PACKED, kind, encoding))

    fetched = client.get(server.url)

    assert fetched.body == TEXT
    assert "content-encoding" not in fetched.headers
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


def test_who_asks_for_json_gets_it_unpacked_also_when_the_host_does_not_name_it(client: Client, server: Server) -> None:
    server.answer(_reply(PACKED, ""))

    assert client.get(server.url, headers={"Accept": "application/json"}).body == TEXT


def test_several_packed_parts_are_one_text(client: Client, server: Server) -> None:
    server.answer(_reply(gzip.compress(b"a" * 10) + gzip.compress(b"b" * 10)))

    assert client.get(server.url).body == b"a" * 10 + b"b" * 10


@pytest.mark.parametrize(
    ("kind", "path"),
    [("application/gzip", "/a"), ("text/plain", "/Packages.gz"), ("application/octet-stream", "/a"), ("", "/a")],
)
def test_an_archive_stays_as_it_is(kind: str, path: str, client: Client, server: Server) -> None:
    server.answer(_reply(PACKED, kind))

    assert client.get(server.url + path).body == PACKED


def test_a_bomb_does_not_go_off(client: Client, server: Server) -> None:
    server.answer(_reply(gzip.compress(bytes(50 << 20))))

    with pytest.raises(UnreachableError, match="longer than 1000000 bytes"):
        client.get(server.url, max_bytes=1_000_000)


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        (b"plain", "gzip", "said to be packed with gzip, and is not"),
        (PACKED + b"more", "gzip", "said to be packed with gzip, and is not"),
        (PACKED[:-20], "gzip", "is not whole"),
        (PACKED, "br", r"is packed \(br\)"),
        (PACKED, "gzip, gzip", "is packed"),
        (PACKED, "x" * 60, "is packed, though"),
    ],
)
def test_what_cannot_be_unpacked_is_refused_and_never_handed_on(
    body: bytes, encoding: str, said: str, client: Client, server: Server
) -> None:
    server.answer(_reply(body, encoding=encoding))

    with pytest.raises(UnreachableError, match=said):
        client.get(server.url)


def test_an_empty_body_is_empty_however_it_is_packed(client: Client, server: Server) -> None:
    server.answer(_reply(b""))

    assert client.get(server.url).body == b""


def test_the_message_of_a_packed_refusal_is_read(client: Client, server: Server) -> None:
    reply = _reply(gzip.compress(b'{"message": "Not Found"}'))
    reply.status = 404
    server.answer(reply)

    with pytest.raises(UnreachableError, match="answered 404: Not Found"):
        client.get(server.url)


def test_the_error_for_what_is_too_long_names_address_and_bound() -> None:
    assert str(too_long("http://a/", 5)) == "http://a/: the answer is longer than 5 bytes"
