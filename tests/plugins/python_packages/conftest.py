"""A package index on loopback, with real wheels, and a pip that is configured for it."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import os
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.python_packages.builder import VirtualEnvironment
from tracker.plugins.python_packages.source import PackageIndex
from werkzeug import Request, Response

from tracker.http import Client
from tracker.model import Combination, Component, Factor
from tracker.protocols import EnvironmentRequest, Member, NetworkSettings, Observed, PollRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tracker.model import Release

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_JSON = "application/vnd.pypi.simple.v1+json"


def make_wheel(name: str, version: str, *, requires: Sequence[str] = (), python: str = "") -> bytes:
    """Return a wheel that holds one module, which knows its version."""
    info = f"{name}-{version}.dist-info"
    head = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    head += [f"Requires-Dist: {one}" for one in requires]
    head += [f"Requires-Python: {python}"] if python else []
    files = {
        f"{name}.py": f"version = '{version}'\n",
        f"{info}/METADATA": "\n".join([*head, ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = [
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},"
        f"{len(text)}"
        for path, text in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*listed, f"{info}/RECORD,,", ""])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


@dataclass
class Offer:
    """One file of the index, and what the index says of it."""

    name: str
    content: bytes
    told: dict[str, object] = field(default_factory=dict)


class Index:
    """An index whose content and troubles tests choose."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/simple").rstrip("/")
        self.files: dict[str, list[Offer]] = {}
        self.speaks_json = True
        self.password = ""
        self.trouble: dict[str, int] = {}
        self.asked: list[str] = []
        server.expect_request(re.compile("/.*")).respond_with_handler(self._answer)

    def offer(self, name: str, version: str, *, tag: str = "py3-none-any", **said: object) -> Offer:
        """Offer a wheel; ``requires`` and ``python`` go into it, all else is what the index says of it."""
        requires = said.pop("requires", ())
        python = said.get("requires-python", "")
        content = make_wheel(name, version, requires=requires, python=str(python))  # type: ignore[arg-type]
        return self.add(name, f"{name}-{version}-{tag}.whl", content, **said)

    def add(self, project: str, name: str, content: bytes, **said: object) -> Offer:
        hashes = {"sha256": hashlib.sha256(content).hexdigest()}
        one = Offer(name, content, {"hashes": hashes, **said})
        self.files.setdefault(project, []).append(one)
        return one

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.path)
        if self.password and (request.authorization is None or request.authorization.password != self.password):
            return Response("who?", status=401, headers={"www-authenticate": 'Basic realm="index"'})
        _, kind, project, *rest = request.path.split("/")
        if project in self.trouble:
            return Response("trouble", status=self.trouble[project])
        offers = self.files.get(project, [])
        if kind == "files":
            found = [one for one in offers if [one.name] == rest]
            return Response(found[0].content, content_type="application/zip") if found else Response(status=404)
        if not offers:
            return Response("no such project", status=404)
        return Response(*self._page(project, offers))

    def _page(self, project: str, offers: list[Offer]) -> tuple[str, int, Mapping[str, str]]:
        if self.speaks_json:
            files = [{"filename": one.name, "url": f"/files/{project}/{one.name}", **one.told} for one in offers]
            document = {"meta": {"api-version": "1.1"}, "name": project, "files": files}
            return json.dumps(document), 200, {"content-type": _JSON}
        lines = []
        for one in offers:
            hashes = one.told["hashes"]
            assert isinstance(hashes, dict)
            fragment = "".join(f"#{name}={value}" for name, value in hashes.items())
            yanked = f' data-yanked="{html.escape(str(one.told["yanked"]))}"' if one.told.get("yanked") else ""
            lines.append(f'<a href="../../files/{project}/{one.name}{fragment}"{yanked}>{one.name}</a>')
        return "<!DOCTYPE html>" + "<br>".join(lines), 200, {"content-type": "text/html"}


@pytest.fixture
def index(httpserver: HTTPServer) -> Index:
    return Index(httpserver)


@pytest.fixture
def configured(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return pip's configuration file, which names the index; nothing else that pip reads says anything."""
    for name in list(os.environ):
        if name.upper().startswith("PIP_") or name == "NETRC":
            monkeypatch.delenv(name)
    path = tmp_path / "pip.conf"
    path.write_text(f"[global]\nindex-url = {index.url}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return path


def package(name: str, **options: str) -> Component:
    return Component(
        name=name,
        title=name,
        source="package-index",
        scheme="pep440",
        installer="virtual-environment",
        options=options,
    )


@dataclass
class World:
    """Looks at the index and makes environments, as the host would."""

    home: Path
    http: Client
    url: str
    builder: VirtualEnvironment = field(default_factory=VirtualEnvironment)
    options: dict[str, object] = field(default_factory=dict)
    offline: bool = False

    def look(self, component: Component, options: Mapping[str, object] | None = None) -> Observed:
        source = PackageIndex()
        # Without an address of its own the source asks pip, which takes a second.
        options = {"url": self.url} if options is None else options
        (target,) = source.targets([component], options)
        request = PollRequest(
            target=target,
            http=self.http,
            cursor="",
            options=options,
            cache_dir=self.home / "cache",
            now=NOW,
        )
        answer = source.poll(request)
        assert isinstance(answer, Observed)
        return answer

    def release(self, component: Component, version: str) -> Release:
        return next(one for one in self.look(component).releases if one.version == version)

    def request(self, *wanted: tuple[Component, str], **variants: str) -> EnvironmentRequest:
        """Return what the host would ask for: each component is the factor of its name."""
        factors = {one.name: Factor(name=one.name, title="", components=(one.name,)) for one, _ in wanted}
        values = [factors[one.name].value(version) for one, version in wanted]
        values += [Factor(name=name, title="", variants=(text,)).value(text) for name, text in variants.items()]
        combination = Combination.of(values)
        members = [
            Member(
                factor=one.name,
                component=one,
                release=self.builder.select(self.release(one, version), combination, self.options),
            )
            for one, version in wanted
        ]
        return EnvironmentRequest(
            members=tuple(members),
            combination=combination,
            options=self.options,
            cache_dir=self.home / "cache",
            network=NetworkSettings(timeout_seconds=10, offline=self.offline),
            http=self.http,
        )


@pytest.fixture
def world(index: Index, configured: Path, tmp_path: Path) -> Iterator[World]:
    assert configured.is_file()
    with Client(NetworkSettings(timeout_seconds=10), tmp_path / "answers.sqlite") as http:
        yield World(tmp_path, http, index.url)
