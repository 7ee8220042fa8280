"""Every connection through a proxy that wants a name and password, and through one that opens TLS and signs anew."""

from __future__ import annotations

import base64
import hashlib
import logging
import shutil
import ssl
from typing import TYPE_CHECKING

import pytest

from tests.network.squid import PASSWORD, PROXY_ADDRESS, REFUSED, USER
from tests.plugins.git.history import Look, wcn_like
from tests.plugins.git.web import Web, serving
from tracker.errors import RefusedError, StoreError, UnreachableError
from tracker.http import Client
from tracker.model import Tag
from tracker.protocols import NetworkSettings
from tracker.snapshot.fetching import fetch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.network.certificates import Authority
    from tests.network.conftest import Upstream
    from tests.network.squid import Squid

SECRETS = (PASSWORD, "s3cret-pass%2Fword", base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())


def test_questions_downloads_and_redirects_all_come_from_the_proxy(
    squid: Squid, plain: Upstream, secure: Upstream, upstream_authority: Authority, login: str, tmp_path: Path
) -> None:
    network = NetworkSettings(proxy=squid.url(login=login), ca_file=upstream_authority.path)
    elsewhere = secure.url("/file", "elsewhere.example")
    digest = f"sha256:{hashlib.sha256(b'ok').hexdigest()}"

    with Client(network) as client:
        assert client.get(plain.url("/a")).body == b"ok"
        assert client.get(secure.url("/a")).body == b"ok"
        client.download(plain.url(f"/to?{elsewhere}"), tmp_path / "file", size=2, digest=digest)
    assert fetch(secure.url("/matrix.json"), network) == b"ok"
    assert fetch(plain.url(f"/to?{elsewhere}"), network) == b"ok"

    assert set(plain.peers + secure.peers) == {PROXY_ADDRESS}
    assert not [line for line in plain.heard + secure.heard if "roxy-auth" in line]


def test_only_the_hosts_that_are_named_are_reached_without_the_proxy(squid: Squid, plain: Upstream) -> None:
    network = NetworkSettings(proxy=squid.url(), no_proxy=("10.0.0.0/8", "127.0.0.0/8", "localhost"))

    with Client(network) as client:
        assert client.get(plain.url("/a", "127.0.0.1")).body == b"ok"
    assert fetch(plain.url("/a", "localhost"), network) == b"ok"

    assert set(plain.peers) == {"127.0.0.1"}


def test_a_certificate_that_the_proxy_signed_is_refused_with_what_to_do_about_it(
    squid: Squid, secure: Upstream, login: str
) -> None:
    network = NetworkSettings(proxy=squid.url(signing=True, login=login))

    with Client(network) as client, pytest.raises(UnreachableError, match="issuer that is unknown here") as caught:
        client.get(secure.url("/a"))
    assert "network.ca_file" in caught.value.hint
    with pytest.raises(StoreError, match="not trusted here") as told:
        fetch(secure.url("/a"), network)
    assert "network.ca_file" in told.value.hint
    assert not secure.peers


def test_a_certificate_that_the_proxy_signed_is_taken_where_its_authority_is_named(
    squid: Squid, secure: Upstream, company: Authority, login: str
) -> None:
    network = NetworkSettings(proxy=squid.url(signing=True, login=login), ca_file=company.path)

    with Client(network) as client:
        assert client.get(secure.url("/a")).body == b"ok"
    assert fetch(secure.url("/a"), network) == b"ok"

    assert set(secure.peers) == {PROXY_ADDRESS}


def test_a_wrong_password_is_told_once_and_shown_nowhere(
    squid: Squid, plain: Upstream, secure: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    network = NetworkSettings(proxy=squid.url(login=f"{USER}:wrong-password"))
    before = len(squid.lines)

    with Client(network) as client:
        with pytest.raises(UnreachableError, match="wants a name and password") as by_tls:
            client.get(secure.url("/a"))
        with pytest.raises(RefusedError, match="wants a name and password") as by_http:
            client.get(plain.url("/a"))
    with pytest.raises(StoreError, match="wants a name and password") as by_check:
        fetch(secure.url("/a"), network)

    # Asking again with the same password would lock the account.
    assert len([line for line in squid.lines[before:] if "/407" in line]) == 3
    coded = base64.b64encode(f"{USER}:wrong-password".encode()).decode()
    told = "\n".join([caplog.text, *(f"{one.value}" for one in (by_tls, by_http, by_check))])
    assert "proxy_login" in told
    assert not [secret for secret in ("wrong-password", coded) if secret in told]


def test_a_host_that_the_proxy_refuses_is_told_as_the_proxys_refusal(
    squid: Squid, secure: Upstream, login: str
) -> None:
    with (
        Client(NetworkSettings(proxy=squid.url(login=login))) as client,
        pytest.raises(UnreachableError, match=f"refuses a connection to {REFUSED}") as caught,
    ):
        client.get(secure.url("/a", REFUSED))

    assert PASSWORD not in str(caught.value)


@pytest.mark.skipif(shutil.which("git") is None, reason="not installed: git")
@pytest.mark.parametrize("signing", [False, True])
def test_git_goes_through_the_proxy_and_trusts_whom_the_configuration_names(
    squid: Squid,
    company: Authority,
    upstream_authority: Authority,
    login: str,
    tmp_path: Path,
    *,
    signing: bool,
) -> None:
    history = wcn_like(tmp_path / "repositories" / "wcn.git")
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(upstream_authority.certificate(tmp_path / "git.pem", "git.example"))
    with serving(Web(history.directory.parent), trust) as web:
        port = web.address.rpartition(":")[2]
        look = Look(f"https://git.example:{port}/wcn.git", tmp_path / "cache")
        look.network = NetworkSettings(
            proxy=squid.url(signing=signing, login=login),
            ca_file=(company if signing else upstream_authority).path,
        )

        assert look.sightings(Tag)

    kept = [path for path in look.cache.rglob("*") if path.is_file()]
    assert not [path for path in kept if any(secret.encode() in path.read_bytes() for secret in SECRETS)]


@pytest.mark.skipif(shutil.which("git") is None, reason="not installed: git")
def test_git_tells_that_the_proxy_wants_a_password(squid: Squid, tmp_path: Path) -> None:
    look = Look("https://git.example:9/wcn.git", tmp_path / "cache")
    look.network = NetworkSettings(proxy=squid.url(login=f"{USER}:wrong-password"))

    with pytest.raises(UnreachableError, match="407") as caught:
        look.look()

    assert "proxy_login" in caught.value.hint
    assert "wrong-password" not in str(caught.value)


def test_a_repository_by_gits_own_protocol_is_refused_where_a_proxy_stands_in_between(tmp_path: Path) -> None:
    look = Look("git://git.example/wcn.git", tmp_path / "cache")
    look.network = NetworkSettings(proxy="http://127.0.0.1:9")

    with pytest.raises(UnreachableError, match="goes through no proxy"):
        look.look()
