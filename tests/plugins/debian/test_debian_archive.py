"""Against the archive that this machine's apt names: shapes, never today's versions."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.debian.source import DebianSource

from tracker.http import Client
from tracker.model import AssetRole, Component
from tracker.protocols import NetworkSettings, NoNews, Observed, PollRequest

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.protocols import Target

pytestmark = pytest.mark.archive

_NAMES = {"runc": "runc", "crun": "crun", "busybox": "busybox-static"}
_COMPONENTS = tuple(
    Component(name=name, title=name, source="debian", scheme="debian", installer="deb", options={"package": package})
    for name, package in _NAMES.items()
)


def _first_target() -> Target:
    first: Target = DebianSource().targets(_COMPONENTS, {})[0]
    return first


def test_the_machines_own_suites_are_found_as_apt_finds_them() -> None:
    listed = subprocess.run(["apt-get", "update", "--print-uris"], capture_output=True, text=True, check=True)
    by_apt = {line.split("'")[1] for line in listed.stdout.splitlines() if line.startswith("'")}

    ours = {target.title.replace(" ", "/dists/") for target in DebianSource().targets(_COMPONENTS, {})}

    assert ours
    assert {f"{url}/InRelease" for url in ours} <= by_apt


def test_a_real_suite_is_verified_and_its_packages_and_libraries_can_be_fetched(tmp_path: Path) -> None:
    with Client(NetworkSettings()) as http:
        target = _first_target()
        request = PollRequest(
            target=target, http=http, cursor="", options={}, cache_dir=tmp_path / "cache", now=datetime.now(UTC)
        )
        observed = DebianSource().poll(request)
        assert isinstance(observed, Observed)
        releases = {release.component: release for release in observed.releases}
        assert set(releases) == set(_NAMES)
        for release in observed.releases:
            main, *libraries = release.assets
            assert main.role is AssetRole.MAIN
            assert main.name.startswith(f"{_NAMES[release.component]}_")
            assert release.upstream_version in release.version
            assert all(asset.role is AssetRole.LIBRARY and asset.digest for asset in libraries)
            assert not any(asset.name.startswith("libc6_") for asset in libraries)
        assert "libseccomp2" in {asset.name.partition("_")[0] for asset in releases["runc"].assets}
        busybox = releases["busybox"].assets[0]
        package = tmp_path / "busybox.deb"
        assert http.download(busybox.url, package, size=busybox.size, digest=busybox.digest) == busybox.digest

        again = PollRequest(
            target=target,
            http=http,
            cursor=observed.cursor,
            options={},
            cache_dir=tmp_path / "other",
            now=datetime.now(UTC),
        )
        assert isinstance(DebianSource().poll(again), NoNews)
        assert not (tmp_path / "other").exists()

    if shutil.which("dpkg-deb"):
        told = subprocess.run(
            ["dpkg-deb", "--field", str(package), "Version"], capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == releases["busybox"].version
