"""Repositories that a web server gives out: passwords, certificates, proxies, redirects."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.plugins.git.history import History, Look, wcn_like
from tests.plugins.git.web import Web, arguments_of_all_programs, serving
from tracker.errors import ConfigError, SourceError, UnreachableError
from tracker.model import Branch, Containment, PullRequest, Tag
from tracker.protocols import NetworkSettings, NoNews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def history(tmp_path: Path) -> History:
    return wcn_like(tmp_path / "served" / "wcn.git")


@pytest.fixture
def web(history: History) -> Iterator[Web]:
    with serving(Web(history.directory.parent)) as running:
        yield running


@pytest.fixture
def look(web: Web, tmp_path: Path) -> Look:
    return Look(f"{web.address}/wcn.git", tmp_path / "cache")


def test_a_web_server_tells_the_same_as_any_other(look: Look) -> None:
    (held,) = look.sightings(Containment, pull_requests="101")

    assert held.tags == ("v0.3.1", "v0.2.2")
    assert isinstance(look.look(pull_requests="101"), NoNews)


def test_a_look_without_news_asks_for_the_list_of_refs_alone(look: Look, web: Web) -> None:
    look.see()
    web.heard.clear()

    look.look()

    assert [line.split()[1] for line in web.heard] == ["/wcn.git/info/refs", "/wcn.git/git-upload-pack"]


def test_a_password_goes_to_the_server_and_not_into_the_list_of_processes(look: Look, web: Web) -> None:
    web.login = "somebody:hunter/2"
    listed: list[str] = []
    if sys.platform == "linux":
        web.on_request = lambda: listed.append(arguments_of_all_programs())
    look.address = look.address.replace("://", "://somebody:hunter%2F2@")

    assert look.sightings(Tag)
    assert not [line for line in listed if "hunter" in line]
    assert not [path for path in look.cache.rglob("*") if path.is_file() and b"hunter" in path.read_bytes()]


def test_a_wrong_password_is_an_error_that_does_not_show_it(look: Look, web: Web) -> None:
    web.login = "somebody:right"
    look.address = look.address.replace("://", "://somebody:wrong@")

    with pytest.raises(UnreachableError, match="not public") as caught:
        look.look()

    assert "wrong" not in str(caught.value)


def test_a_repository_that_wants_a_password_is_an_error_and_no_question(look: Look, web: Web) -> None:
    web.login = "somebody:right"

    with pytest.raises(UnreachableError, match="not public"):
        look.look()


def test_a_password_does_not_follow_a_redirect_to_another_server(look: Look, web: Web, history: History) -> None:
    with serving(Web(history.directory.parent)) as other:
        other.login = "somebody:secret"
        web.redirect = other.address
        look.address = look.address.replace("://", "://somebody:secret@")

        with pytest.raises(UnreachableError):
            look.look()

        assert other.heard
        assert all(line.endswith(" -") for line in other.heard)


def test_a_repository_that_moved_is_followed(look: Look, web: Web, history: History) -> None:
    with serving(Web(history.directory.parent)) as other:
        web.redirect = other.address

        assert look.sightings(Tag)


def test_pages_for_people_are_told_where_a_forge_has_them(web: Web, history: History, tmp_path: Path) -> None:
    shutil.copytree(history.directory, history.directory.parent / "owner" / "name")
    look = Look("", tmp_path / "cache", options={"base_url": web.address})

    named = look.see(repository="owner/name", pull_requests="96", branches="release-0.2").sightings
    bare = Look(f"{web.address}/wcn.git", tmp_path / "cache").see(pull_requests="96", branches="release-0.2").sightings

    page = f"{web.address}/owner/name"
    urls = {one.url for one in named if isinstance(one, (Branch, PullRequest))}
    assert urls == {f"{page}/pull/96", f"{page}/tree/release-0.2"}
    assert {one.repository for one in named if isinstance(one, PullRequest)} == {"owner/name"}
    assert {one.url for one in bare if isinstance(one, (Branch, PullRequest))} == {""}


@pytest.mark.parametrize("elsewhere", ["file:///etc", "git://127.0.0.1:9", "ftp://127.0.0.1:9"])
def test_a_server_cannot_lead_to_another_kind_of_address(look: Look, web: Web, elsewhere: str) -> None:
    web.redirect = elsewhere

    with pytest.raises(UnreachableError):
        look.look()


def test_what_is_not_there_is_said_with_its_address(look: Look) -> None:
    look.address = look.address.replace("wcn", "other")

    with pytest.raises(UnreachableError, match=r"other\.git.*not found"):
        look.look()


def test_a_proxy_is_asked_and_its_password_shown_nowhere(look: Look, history: History, tmp_path: Path) -> None:
    with serving(Web(history.directory.parent)) as proxy:
        address = proxy.address.replace("://", "://me:proxypass@")
        look.address = "http://git.invalid/wcn.git"
        look.network = NetworkSettings(proxy=address)
        listed: list[str] = []
        if sys.platform == "linux":
            proxy.on_request = lambda: listed.append(arguments_of_all_programs())

        assert look.sightings(Tag)
        assert all(line.startswith("git.invalid ") for line in proxy.heard)
        assert not [line for line in listed if "proxypass" in line]

    with pytest.raises(UnreachableError) as caught:
        Look(look.address, tmp_path / "other", network=look.network).look()
    assert "proxypass" not in str(caught.value)


def test_a_proxy_that_the_environment_names_in_capitals_is_asked(
    look: Look, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Web(history.directory.parent)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        look.address = "http://git.invalid/wcn.git"

        assert look.sightings(Tag)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("not installed: openssl")
    path = tmp_path / "server.pem"
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run(
        ["openssl", "req", *words, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )
    with path.open("a", encoding="ascii") as file:
        file.write((tmp_path / "server.pem.crt").read_text(encoding="ascii"))
    return path


@pytest.fixture
def secure(history: History, certificate: Path) -> Iterator[Web]:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate)
    with serving(Web(history.directory.parent), trust) as running:
        yield running


def test_a_certificate_authority_of_ones_own_is_trusted_where_the_configuration_names_it(
    secure: Web, certificate: Path, tmp_path: Path
) -> None:
    look = Look(f"{secure.address}/wcn.git", tmp_path / "cache")
    look.network = NetworkSettings(ca_file=certificate.with_name("server.pem.crt"))

    assert look.sightings(Tag)
    assert isinstance(look.look(), NoNews)
    (bundle,) = look.cache.rglob("trusted.pem")
    # The system's own certificates are still among them, where this machine has any.
    held = bundle.read_text(encoding="utf-8").count("BEGIN CERTIFICATE")
    assert held >= 1 + min(len(ssl.create_default_context().get_ca_certs()), 1)


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Web, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match=r"certificate(.|\n)*network\.ca_file"):
        Look(f"{secure.address}/wcn.git", tmp_path / "cache").look()


def test_a_file_that_holds_no_certificate_is_named(web: Web, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing", encoding="ascii")

    for ca_file in (empty, tmp_path / "absent.pem"):
        with pytest.raises(ConfigError, match=ca_file.name):
            Look(f"{web.address}/wcn.git", tmp_path / "cache", network=NetworkSettings(ca_file=ca_file)).look()


def test_a_refused_look_leaves_the_next_one_whole(look: Look, web: Web) -> None:
    web.login = "a:b"
    with pytest.raises(SourceError):
        look.look()
    web.login = ""

    assert look.sightings(Tag)
