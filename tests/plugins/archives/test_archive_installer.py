"""Releases in the layouts that upstreams publish are installed as they are; others are named with what they hold."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.archives.installer import ArchiveInstaller

from tracker.errors import SmokeError, UnpackError
from tracker.http import Client
from tracker.model import Asset, Component, Release
from tracker.protocols import InstallRequest, NetworkSettings
from tracker.registry import build_registry
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from pathlib import Path

REGISTRY = build_registry()
PROGRAM = b"MZ a program"


def _tar(*names: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(PROGRAM)
            archive.addfile(member, io.BytesIO(PROGRAM))
    return out.getvalue()


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, PROGRAM)
    return out.getvalue()


def _install(directory: Path, component: Component, file_name: str, content: bytes) -> Path:
    path = directory / "download"
    path.write_bytes(content)
    asset = Asset(name=file_name, url=path.as_uri())
    staging = directory / "staging"
    staging.mkdir()
    release = Release(component=component.name, version="1", upstream_version="1", line="", channel="", assets=(asset,))
    ArchiveInstaller().install(
        InstallRequest(
            component=component,
            release=release,
            files={asset: path},
            staging=staging,
            prefix=directory / "prefix",
            unpacker=PrefixUnpacker(staging),
            http=Client(NetworkSettings(offline=True)),
        )
    )
    return staging


@pytest.mark.parametrize(
    ("component", "file_name", "content"),
    [
        (
            "containerd-windows",
            "containerd-2.1.4-windows-amd64.tar.gz",
            _tar("bin/containerd.exe", "bin/ctr.exe", "bin/containerd-shim-runhcs-v1.exe"),
        ),
        ("nerdctl", "nerdctl-2.3.5-windows-amd64.tar.gz", _tar("nerdctl.exe")),
        (
            "windows-container-networking",
            "windows-container-networking-cni-amd64-v0.3.1.zip",
            _zip("nat.exe", "sdnbridge.exe", "sdnoverlay.exe"),
        ),
        (
            "containernetworking-plugins",
            "cni-plugins-windows-amd64-v1.9.1.tgz",
            _tar("./win-bridge.exe", "./win-overlay.exe", "./host-local.exe", "./LICENSE", "./README.md"),
        ),
        ("windows-container-networking", "nat.exe", PROGRAM),
        ("containerd-windows", "CTR.EXE", PROGRAM),
    ],
)
def test_each_layout_puts_programs_where_the_scenario_looks(
    tmp_path: Path, component: str, file_name: str, content: bytes
) -> None:
    known = REGISTRY.components[component]

    prefix = _install(tmp_path, known, file_name, content)

    held = [place for places in known.binaries.values() for place in places if (prefix / place).is_file()]
    assert held
    assert all((prefix / place).read_bytes() == PROGRAM for place in held)


def test_an_archive_of_something_else_is_named_with_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(SmokeError, match=r"holds none of nat\.exe, .*; it holds win-bridge\.exe"):
        _install(tmp_path, REGISTRY.components["windows-container-networking"], "other.zip", _zip("win-bridge.exe"))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match=r"nerdctl-1-windows-amd64|download"):
        _install(tmp_path, REGISTRY.components["nerdctl"], "nerdctl-1-windows-amd64.tar.gz", b"<html>not found</html>")
