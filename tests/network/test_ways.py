"""`tracker doctor` names the hop that fails, and what to do about it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.network.squid import PASSWORD, REFUSED, USER
from tracker.http.ways import origins, try_ways
from tracker.protocols import NetworkSettings
from tracker.protocols.network import Rewrite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.network.certificates import Authority
    from tests.network.conftest import Upstream
    from tests.network.squid import Squid
    from tracker.http.ways import Way


def way(url: str, network: NetworkSettings) -> Way:
    (found,) = try_ways([url], network)
    assert PASSWORD not in found.found
    return found


@pytest.fixture
def nobody() -> str:
    """An address of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def test_a_name_that_nobody_knows() -> None:
    found = way("https://upstream.invalid/", NetworkSettings(timeout_seconds=2))

    assert not found.is_good
    assert "the name upstream.invalid cannot be looked up" in found.found


def test_a_host_that_does_not_listen(nobody: str) -> None:
    found = way(f"http://{nobody}/", NetworkSettings(timeout_seconds=2))

    assert not found.is_good
    assert "127.0.0.1 cannot be reached" in found.found


@pytest.mark.parametrize("url", ["http://upstream.example/", "https://upstream.example/"])
def test_a_proxy_that_does_not_listen(nobody: str, url: str) -> None:
    found = way(url, NetworkSettings(proxy=f"http://me:{quote(PASSWORD, safe='')}@{nobody}", timeout_seconds=2))

    assert f"the proxy {nobody} cannot be reached" in found.found
    assert found.remedy == "Look at network.proxy."


def test_a_proxy_whose_name_nobody_knows() -> None:
    found = way("https://upstream.example/", NetworkSettings(proxy="http://proxy.invalid:3128", timeout_seconds=2))

    assert "the proxy's name proxy.invalid:3128 cannot be looked up" in found.found


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_another_password(squid: Squid, scheme: str) -> None:
    found = way(f"{scheme}://upstream.example/", NetworkSettings(proxy=squid.url(login=f"{USER}:wrong")))

    assert "wants a name and password" in found.found
    assert "proxy_login" in found.remedy


def test_a_proxy_that_refuses_the_host(squid: Squid, login: str) -> None:
    found = way(f"https://{REFUSED}/", NetworkSettings(proxy=squid.url(login=login)))

    assert f"refuses a connection to {REFUSED}" in found.found


def test_a_host_that_the_proxy_cannot_reach(squid: Squid, login: str, nobody: str) -> None:
    port = nobody.rpartition(":")[2]

    for scheme in ("http", "https"):
        found = way(f"{scheme}://upstream.example:{port}/", NetworkSettings(proxy=squid.url(login=login)))
        assert not found.is_good
        assert "503" in found.found


def test_who_signed_a_certificate_that_is_not_trusted(squid: Squid, secure: Upstream, login: str) -> None:
    found = way(secure.url("/"), NetworkSettings(proxy=squid.url(signing=True, login=login)))

    assert "by an issuer that is unknown here" in found.found
    assert "the certificate is by CN=Company Proxy CA" in found.found
    assert "network.ca_file" in found.remedy


def test_a_way_that_is_open_tells_its_hops(squid: Squid, secure: Upstream, company: Authority, login: str) -> None:
    network = NetworkSettings(
        proxy=squid.url(signing=True, login=login),
        ca_file=company.path,
        rewrites=(Rewrite(prefix="api.github.com", target=secure.url("/mirror")),),
    )

    found = way("https://api.github.com/", network)

    assert found.is_good
    hops = found.found.split("; ")
    assert hops[0].startswith(f"rewritten to {secure.url('/mirror')}")
    assert hops[1:] == [
        f"through the proxy 127.0.0.1:{squid.signing_port}",
        "TLS by CN=Company Proxy CA",
        "answers 200",
    ]


def test_a_mirror_on_this_machine_and_what_is_not_asked_offline(tmp_path: Path) -> None:
    rewrites = (Rewrite(prefix="archive.example", target=tmp_path.as_uri()),)
    network = NetworkSettings(offline=True, rewrites=rewrites)

    assert way("https://archive.example", network).found.endswith("; there")
    assert not way("https://archive.example/nothing", network).is_good
    assert way("https://upstream.example/", network).found == "not asked: offline, and no mirror is named"


def test_each_host_is_tried_once() -> None:
    urls = ["https://a.example/x", "https://a.example:443/y", "http://a.example/", "docker://b.example", "file:///x"]

    assert list(origins(urls)) == ["https://a.example/x", "http://a.example/"]
