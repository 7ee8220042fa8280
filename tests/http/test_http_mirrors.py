"""Addresses that lead to mirrors: which rule counts, what a mirror is shown, and what is read while offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http.conftest import Reply, Request, Server
from tracker.errors import OfflineError, RefusedError, UnreachableError
from tracker.http import Client
from tracker.network.proxies import is_direct
from tracker.protocols import NetworkSettings
from tracker.protocols.network import Rewrite

if TYPE_CHECKING:
    from pathlib import Path


def mirrored(server: Server, *, is_trusted: bool = False, offline: bool = False) -> NetworkSettings:
    rule = Rewrite(prefix="api.example", target=f"{server.url}/github", is_trusted=is_trusted)
    return NetworkSettings(rewrites=(rule,), offline=offline, timeout_seconds=10)


@pytest.mark.parametrize(
    ("url", "actual"),
    [
        ("https://a.example/x/y?z=1", "https://mirror.example/all/x/y?z=1"),
        ("http://A.example:80", "https://mirror.example/all"),
        ("https://a.example/team/x", "https://mirror.example/team/x"),
        ("https://a.example/teams/x", "https://mirror.example/all/teams/x"),
        ("https://me:secret@a.example/x", "https://mirror.example/all/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://b.a.example/x", "https://b.a.example/x"),
        ("https://f.example/x?y", "file:///srv/mirror/x"),
        ("https://f.example/../../etc/passwd", "https://f.example/../../etc/passwd"),
        ("https://f.example/%2e%2e/%2E%2E/etc/passwd", "https://f.example/%2e%2e/%2E%2E/etc/passwd"),
        ("https://mirror.example/all/x", "https://mirror.example/all/x"),
        ("file:///a.example/x", "file:///a.example/x"),
    ],
)
def test_the_longest_place_that_an_address_lies_below_counts(url: str, actual: str) -> None:
    rules = (
        Rewrite(prefix="https://a.example/team", target="https://mirror.example/team"),
        Rewrite(prefix="a.example", target="https://mirror.example/all"),
        Rewrite(prefix="f.example", target="file:///srv/mirror"),
        Rewrite(prefix="mirror.example", target="https://mirror.example/all"),
    )

    assert NetworkSettings(rewrites=rules).route(url).actual == actual


@given(st.text(alphabet="abc/%.e2?#@:", max_size=20))
def test_no_address_leads_out_of_a_mirrors_directory(path: str) -> None:
    rule = Rewrite(prefix="f.example", target="file:///srv/mirror")

    actual = NetworkSettings(rewrites=(rule,)).route(f"https://f.example/{path}").actual

    assert actual.startswith(("https://f.example/", "file:///srv/mirror/"))
    assert not actual.startswith("file:") or "/../" not in f"{actual.replace('%2e', '.').replace('%2E', '.')}/"


def test_a_mirror_gets_the_question_and_not_the_token(server: Server) -> None:
    with Client(mirrored(server)) as client:
        fetched = client.authorized("https://api.example", "secret-token").get("https://api.example/repos")

    assert server.requests[0].path == "/github/repos"
    assert server.sent == [None]
    assert fetched.url == "https://api.example/repos"


def test_a_mirror_that_is_named_for_it_gets_the_token_too(server: Server) -> None:
    with Client(mirrored(server, is_trusted=True)) as client:
        client.authorized("https://api.example", "secret-token").get("https://api.example/repos")

    assert server.sent == ["Bearer secret-token"]


def test_a_redirect_to_a_place_with_a_mirror_leads_to_the_mirror(server: Server, other_server: Server) -> None:
    server.answer(Reply(status=302, headers={"Location": "https://api.example/file?x=1"}))
    other_server.answer(Reply(body=b"mirrored"))

    with Client(mirrored(other_server)) as client:
        assert client.get(f"{server.url}/a").body == b"mirrored"

    assert other_server.requests[0].path == "/github/file?x=1"


def test_a_mirrors_own_redirects_and_pages_keep_the_address_that_was_asked_for(server: Server) -> None:
    def answer(request: Request) -> Reply:
        if request.path == "/github/old":
            return Reply(status=301, headers={"Location": "/github/new"})
        return Reply(headers={"Link": f'<{server.url}/github/new?page=2>; rel="next"'})

    server.script = answer

    with Client(mirrored(server)) as client:
        fetched = client.get("https://api.example/old")

    assert fetched.url == "https://api.example/new"
    assert fetched.headers["link"] == '<https://api.example/new?page=2>; rel="next"'


def test_what_a_mirror_refuses_is_told_with_both_addresses(server: Server) -> None:
    server.answer(Reply(status=404))

    with Client(mirrored(server)) as client, pytest.raises(RefusedError) as caught:
        client.get("https://api.example/gone")

    assert caught.value.message.startswith(
        f"https://api.example/gone (asked at {server.url}/github/gone): answered 404"
    )


def test_offline_mirrors_and_files_are_read_and_nobody_else_is_asked(
    server: Server, other_server: Server, tmp_path: Path
) -> None:
    (tmp_path / "pool").mkdir()
    (tmp_path / "pool" / "a.deb").write_bytes(b"package")
    network = mirrored(server, offline=True)
    files = Rewrite(prefix="http://archive.example/debian", target=tmp_path.as_uri())
    network = NetworkSettings(offline=True, rewrites=(*network.rewrites, files))
    server.answer(Reply(body=b"mirrored"))

    with Client(network) as client:
        assert client.get("https://api.example/a").body == b"mirrored"
        assert client.get(f"{server.url}/github/b").body == b"mirrored"
        assert client.get("http://archive.example/debian/pool/a.deb").body == b"package"
        client.download("http://archive.example/debian/pool/a.deb", tmp_path / "got", size=7, digest=None)
        with pytest.raises(OfflineError, match="offline is true"):
            client.get(f"{other_server.url}/a")
        server.answer(Reply(status=302, headers={"Location": f"{other_server.url}/a"}))
        with pytest.raises(OfflineError, match="offline is true"):
            client.get("http://api.example/a")

    assert not other_server.requests


def test_a_mirror_without_tls_does_not_lead_from_https_to_anybody_without_it(
    server: Server, other_server: Server
) -> None:
    server.answer(Reply(status=302, headers={"Location": f"{other_server.url}/a"}))

    with (
        Client(mirrored(server)) as client,
        pytest.raises(UnreachableError, match="redirects from https to http, which is not followed"),
    ):
        client.get("https://api.example/a")

    assert not other_server.requests


def test_a_redirect_to_a_file_of_this_machine_is_not_followed(server: Server, tmp_path: Path) -> None:
    rule = Rewrite(prefix="api.example", target=tmp_path.as_uri())
    server.answer(Reply(status=302, headers={"Location": "https://api.example/secret"}))

    with (
        Client(NetworkSettings(rewrites=(rule,))) as client,
        pytest.raises(UnreachableError, match="on to a file"),
    ):
        client.get(f"{server.url}/a")


@pytest.mark.parametrize(
    ("host", "port", "pattern", "expected"),
    [
        ("mirror.example", None, "mirror.example", True),
        ("a.mirror.example", None, "mirror.example", True),
        ("a.mirror.example", None, ".mirror.example", True),
        ("a.mirror.example", None, "*.mirror.example", True),
        ("othermirror.example", None, "mirror.example", False),
        ("mirror.example", 8443, "mirror.example:8443", True),
        ("mirror.example", 443, "mirror.example:8443", False),
        ("10.1.2.3", None, "10.0.0.0/8", True),
        ("11.1.2.3", None, "10.0.0.0/8", False),
        ("10.1.2.3", None, "10.1.2.3", True),
        ("::1", None, "::1", True),
        ("a.example", None, "*", True),
        ("a.example", None, "", False),
    ],
)
def test_which_hosts_are_reached_without_a_proxy(host: str, port: int | None, pattern: str, *, expected: bool) -> None:
    assert is_direct(host, port, (pattern,)) is expected
