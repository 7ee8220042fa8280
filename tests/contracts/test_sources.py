"""The bundled sources pass the suite that the tracker ships, each against the double of its upstream."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from githubdouble import GOOD_TOKEN, GitHubDouble

from tests.plugins.debian import archive as debian_archive
from tests.plugins.git.history import wcn_like
from tests.plugins.oci.double import Double, serve
from tests.plugins.oci.images import image
from tracker.http import Client
from tracker.model import AssetRule, Component, TagRule
from tracker.protocols import CredentialHint, NetworkSettings
from tracker.registry import build_registry
from tracker.testing import Answer, FakeHttp, SourceContract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tracker.protocols import HttpClient

_SOURCES = build_registry().sources
_RULE = TagRule(version=r"v(?P<version>\d+\.\d+\.\d+.*)", line=r"\d+\.\d+")
_INDEX = "https://index.invalid/simple"
_LISTING, _FILE = "https://upstream.invalid/list.html", "https://upstream.invalid/install.ps1"


def _component(source: str, options: Mapping[str, str], **more: object) -> Component:
    told = {"name": "thing", "title": "a thing", "scheme": "semver", "installer": "archive", **more}
    return Component(source=source, options=options, **told)  # type: ignore[arg-type]


class TestUrl(SourceContract):
    source = _SOURCES["url"]

    @pytest.fixture
    def components(self) -> Sequence[Component]:
        listing = {"kind": "listing", "url": _LISTING, "pattern": r"thing-(?P<version>\d+\.\d+)\.zip"}
        return (
            _component("url", listing),
            _component("url", {"kind": "file", "url": _FILE}, name="script"),
        )

    @pytest.fixture
    def http(self) -> HttpClient:
        return FakeHttp({_LISTING: b"<a>thing-1.0.zip</a>\n<a>thing-1.1.zip</a>\n", _FILE: Answer(body=b"echo one\n")})


class TestGitHub(SourceContract):
    source = _SOURCES["github"]
    missing_is_an_answer = True
    platforms = ("windows/amd64",)

    @pytest.fixture
    def github(self) -> Iterator[GitHubDouble]:
        with GitHubDouble() as running:
            repository = running.world.add_repository("o/r")
            for tag in ("v1.0.0", "v1.1.0"):
                name, content = f"thing-{tag[1:]}.zip", tag.encode()
                sums = f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()
                repository.publish(tag, files={name: content, f"{name}.sha256": sums})
            yield running

    @pytest.fixture
    def components(self) -> Sequence[Component]:
        rules = (AssetRule(platform="windows/amd64", pattern="thing-{version}.zip"),)
        return (_component("github", {"repository": "o/r"}, tags=_RULE, assets=rules, checksums=("{name}.sha256",)),)

    @pytest.fixture
    def options(self, github: GitHubDouble) -> Mapping[str, object]:
        return {"api_url": github.api_url, "web_url": github.web_url}

    @pytest.fixture
    def http(self, github: GitHubDouble, options: Mapping[str, str]) -> Iterator[HttpClient]:
        del github
        origin = "/".join(options["api_url"].split("/")[:3])
        with Client(NetworkSettings(timeout_seconds=5)) as client:
            yield client.authorized(CredentialHint(origin=origin), GOOD_TOKEN)


class TestOci(SourceContract):
    source = _SOURCES["oci"]
    missing_is_an_answer = True

    @pytest.fixture
    def double(self, server: HTTPServer) -> Double:
        server.clear()
        registry = Double(server)
        serve(server, registry.answer)
        registry.put_image("ltsc2022", image(os_version="10.0.20348.2849"))
        registry.put_image("ltsc2025", image(os_version="10.0.26100.1"))
        return registry

    @pytest.fixture
    def components(self, double: Double) -> Sequence[Component]:
        return (_component("oci", {"image": double.image, "tags": "ltsc2022 ltsc2025"}, scheme="natural"),)

    @pytest.fixture
    def http(self) -> Iterator[HttpClient]:
        with Client(NetworkSettings(timeout_seconds=5)) as client:
            yield client


@pytest.fixture(scope="module")
def signer() -> Iterator[debian_archive.Signer]:
    if debian_archive.MISSING:
        pytest.skip(f"not installed: {', '.join(debian_archive.MISSING)}")
    with debian_archive.gpg_home() as home:
        yield debian_archive.new_signer(home, "Archive <archive@example.invalid>")


class TestDebian(SourceContract):
    source = _SOURCES["debian"]
    now = debian_archive.NOW

    @pytest.fixture
    def archive(
        self, tmp_path: Path, signer: debian_archive.Signer, monkeypatch: pytest.MonkeyPatch
    ) -> debian_archive.Archive:
        (tmp_path / "apt.conf").write_text(f'Dir::Etc "{tmp_path}";\nAPT::Architecture "amd64";\n', encoding="utf-8")
        monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
        archive = debian_archive.Archive(tmp_path / "archive", signer)
        archive.add("stable", "engine", "1.0~ds1-1")
        archive.publish("stable", codename="bookworm")
        return archive

    @pytest.fixture
    def components(self) -> Sequence[Component]:
        return (_component("debian", {"package": "engine"}, scheme="debian", installer="deb"),)

    @pytest.fixture
    def options(
        self, archive: debian_archive.Archive, signer: debian_archive.Signer, tmp_path: Path
    ) -> Mapping[str, object]:
        keyring = tmp_path / "keyring.gpg"
        keyring.write_bytes(signer.public)
        return {"mirror": archive.uri, "suites": ["stable"], "keyring": str(keyring), "architecture": "amd64"}

    @pytest.fixture
    def http(self) -> Iterator[HttpClient]:
        with Client(NetworkSettings(timeout_seconds=5)) as client:
            yield client


class TestPackageIndex(SourceContract):
    source = _SOURCES["package-index"]

    @pytest.fixture
    def components(self) -> Sequence[Component]:
        told = {"scheme": "pep440", "installer": "virtual-environment"}
        return (
            _component("package-index", {}, name="alpha", **told),
            _component("package-index", {"package": "Beta_Two", "extras": "more"}, name="beta", **told),
        )

    @pytest.fixture
    def options(self) -> Mapping[str, object]:
        return {"url": _INDEX}

    @pytest.fixture
    def http(self) -> HttpClient:
        return FakeHttp(
            {f"{_INDEX}/alpha/": _page("alpha", "1.0", "1.1"), f"{_INDEX}/beta-two/": _page("beta-two", "2")}
        )


def _page(project: str, *versions: str) -> Answer:
    names = [f"{project.replace('-', '_')}-{version}-py3-none-any.whl" for version in versions]
    files = [{"filename": name, "url": f"../files/{name}", "hashes": {"sha256": "0" * 64}} for name in names]
    document = {"meta": {"api-version": "1.1"}, "name": project, "files": files}
    headers = {"content-type": "application/vnd.pypi.simple.v1+json"}
    return Answer(body=json.dumps(document).encode(), headers=headers)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
class TestGit(SourceContract):
    source = _SOURCES["git"]

    @pytest.fixture
    def repository_dir(self, tmp_path: Path) -> Path:
        return wcn_like(tmp_path / "served" / "thing.git").directory

    @pytest.fixture
    def components(self, repository_dir: Path) -> Sequence[Component]:
        return (_component("git", {"url": repository_dir.as_uri(), "pull_requests": "96"}, tags=_RULE),)

    @pytest.fixture
    def http(self) -> HttpClient:
        return FakeHttp({})

    @pytest.fixture
    def ways_to_break(self, repository_dir: Path) -> Mapping[str, AbstractContextManager[object]]:
        return {"it is gone": _moved_away(repository_dir), "it is no repository": _emptied(repository_dir)}


@contextmanager
def _moved_away(directory: Path) -> Iterator[None]:
    away = directory.with_suffix(".away")
    directory.rename(away)
    try:
        yield
    finally:
        away.rename(directory)


@contextmanager
def _emptied(directory: Path) -> Iterator[None]:
    with _moved_away(directory):
        directory.mkdir()
        try:
            yield
        finally:
            directory.rmdir()


def test_every_bundled_source_is_held_against_the_suite() -> None:
    assert {suite.source.name for suite in SourceContract.__subclasses__()} == set(_SOURCES)
