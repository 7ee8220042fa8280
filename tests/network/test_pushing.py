"""The site is pushed as every other connection goes: by the proxy with its login, past it, with the company's trust."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.plugins.git.web import Web, serving
from tracker.outlets.branch import Branch
from tracker.outlets.program import OutletError
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.network.certificates import Authority
    from tests.network.squid import Squid

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="not installed: git")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    where = tmp_path / "site"
    where.mkdir()
    (where / "matrix.json").write_text("{}", encoding="ascii")
    return where


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    where = tmp_path / "repositories" / "site.git"
    subprocess.run(["git", "init", "--quiet", "--bare", where], check=True)
    subprocess.run(["git", "-C", where, "config", "http.receivepack", "true"], check=True)
    return where


@pytest.fixture
def web(remote: Path, upstream_authority: Authority, tmp_path: Path) -> Iterator[Web]:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(upstream_authority.certificate(tmp_path / "git.pem", "git.example", "localhost"))
    with serving(Web(remote.parent), trust) as running:
        yield running


@pytest.fixture(params=["plain", "signing"])
def proxied(
    request: pytest.FixtureRequest, squid: Squid, company: Authority, upstream_authority: Authority, login: str
) -> NetworkSettings:
    """Settings for a proxy that wants a login; one of the two opens TLS and signs anew."""
    is_signing = request.param == "signing"
    trusted = company if is_signing else upstream_authority
    return NetworkSettings(proxy=squid.url(signing=is_signing, login=login), ca_file=trusted.path)


def branch(web: Web, host: str, network: NetworkSettings) -> Branch:
    remote = f"https://{host}:{web.address.rpartition(':')[2]}/site.git"
    return Branch(remote=remote, name="gh-pages", seconds=60, network=network)


def head(remote: Path) -> str:
    return subprocess.run(
        ["git", "-C", remote, "rev-parse", "gh-pages"], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_push_goes_through_the_proxy_with_its_login(
    proxied: NetworkSettings, web: Web, remote: Path, site: Path
) -> None:
    commit = branch(web, "git.example", proxied).push(site)

    assert head(remote) == commit
    assert any("git-receive-pack" in line for line in web.heard)


def test_a_host_without_a_proxy_is_pushed_to_directly(
    squid: Squid, upstream_authority: Authority, web: Web, remote: Path, site: Path
) -> None:
    network = NetworkSettings(proxy=squid.url(), no_proxy=("localhost",), ca_file=upstream_authority.path)
    before = len(squid.lines)

    commit = branch(web, "localhost", network).push(site)

    assert head(remote) == commit
    assert not [line for line in squid.lines[before:] if "site.git" in line or "CONNECT" in line]


def test_a_login_that_the_proxy_does_not_take_is_shown_nowhere(
    squid: Squid, upstream_authority: Authority, web: Web, site: Path
) -> None:
    network = NetworkSettings(proxy=squid.url(login="me:wrong-password"), ca_file=upstream_authority.path)

    with pytest.raises(OutletError) as caught:
        branch(web, "git.example", network).push(site)

    assert "407" in caught.value.message
    assert "wrong-password" not in str(caught.value)
