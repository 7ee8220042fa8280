"""The bundled installers pass the suite that the tracker ships."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.plugins.oci.double import Double, serve
from tests.plugins.oci.images import image
from tracker.http import Client
from tracker.model import Component, Release
from tracker.protocols import NetworkSettings, Observed, PollRequest
from tracker.registry import build_registry
from tracker.testing import NOW, InstallerContract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tracker.protocols import HttpClient

_REGISTRY = build_registry()
_PROGRAM = b"#!/bin/sh\necho thing\n" * 400
_TOOL = Component(name="tool", title="", source="", scheme="", installer="", binaries={"tool": ("usr/bin/tool",)})


def _tar(compression: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("./usr/bin/tool")
        info.size, info.mode = len(_PROGRAM), 0o755
        archive.addfile(info, io.BytesIO(_PROGRAM))
    return out.getvalue()


def _member(name: bytes, content: bytes) -> bytes:
    header = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8)
    return header + str(len(content)).encode().ljust(10) + b"`\n" + content + b"\n" * (len(content) % 2)


class TestArchive(InstallerContract):
    installer = _REGISTRY.installers["archive"]
    archives = ("tar", "tar.gz", "tar.xz", "zip")

    @pytest.fixture
    def component(self) -> Component:
        return _TOOL

    @pytest.fixture
    def files(self, tmp_path: Path) -> Sequence[Path]:
        path = tmp_path / "tool-1.tar.gz"
        path.write_bytes(_tar("gz"))
        return (path,)


class TestDeb(InstallerContract):
    installer = _REGISTRY.installers["deb"]
    archives = ("deb",)

    @pytest.fixture
    def component(self) -> Component:
        return _TOOL

    @pytest.fixture
    def files(self, tmp_path: Path) -> Sequence[Path]:
        members = ((b"debian-binary", b"2.0\n"), (b"control.tar.xz", b""), (b"data.tar.xz", _tar("xz")))
        path = tmp_path / "tool_1_amd64.deb"
        path.write_bytes(b"!<arch>\n" + b"".join(_member(name, content) for name, content in members))
        return (path,)


class TestLayout(InstallerContract):
    installer = _REGISTRY.installers["oci-layout"]
    archives = ()

    @pytest.fixture
    def double(self, server: HTTPServer) -> Double:
        server.clear()
        registry = Double(server)
        serve(server, registry.answer)
        registry.put_image("ltsc2022", image(os_version="10.0.20348.2849"))
        return registry

    @pytest.fixture
    def component(self, double: Double) -> Component:
        return replace(
            _TOOL, name="base", source="oci", binaries={}, options={"image": double.image, "tags": "ltsc2022"}
        )

    @pytest.fixture
    def http(self) -> Iterator[HttpClient]:
        with Client(NetworkSettings(timeout_seconds=5)) as client:
            yield client

    @pytest.fixture
    def release(self, component: Component, files: Sequence[Path], http: HttpClient, tmp_path: Path) -> Release:
        del files
        source = _REGISTRY.sources["oci"]
        (target,) = source.targets([component], {})
        cache = tmp_path / "cache"
        said = source.poll(PollRequest(target=target, http=http, cursor="", options={}, cache_dir=cache, now=NOW))
        assert isinstance(said, Observed)
        return said.releases[0]


def test_every_bundled_installer_is_held_against_the_suite() -> None:
    assert {suite.installer.name for suite in InstallerContract.__subclasses__()} == set(_REGISTRY.installers)
