"""Prefixes are complete or absent, shared by all runs, and named after all that went into them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.errors import SmokeError
from tracker.model import Component, Release
from tracker.smoke.artifacts import ArtifactCache
from tracker.smoke.prefixes import MARKER, Prefixes, PrefixPlan, is_complete

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.http import Client
    from tracker.model import Asset
    from tracker.protocols import InstallRequest


class CopyInstaller:
    """Copies each file, writes down where it will lie, and fails when it is told to."""

    name = "copy"
    fetches = False

    def __init__(self) -> None:
        self.installed = 0
        self.fails = False

    def install(self, request: InstallRequest) -> None:
        self.installed += 1
        for asset, path in request.files.items():
            (request.staging / asset.name).write_bytes(path.read_bytes())
        (request.staging / "where").write_text(str(request.prefix), encoding="utf-8")
        if self.fails:
            message = "half of it is there"
            raise SmokeError(message)


@pytest.fixture
def installer() -> CopyInstaller:
    return CopyInstaller()


@pytest.fixture
def plan(tmp_path: Path, asset_of: Callable[[Path], Asset], installer: CopyInstaller) -> PrefixPlan:
    path = tmp_path / "tool"
    path.write_bytes(b"tool")
    component = Component(name="tool", title="", source="", scheme="", installer="copy")
    release = Release(
        component="tool", version="1:2.0~rc1/x", upstream_version="2.0", line="", channel="", assets=(asset_of(path),)
    )
    return PrefixPlan(component=component, release=release, installer=installer)


@pytest.fixture
def prefixes(tmp_path: Path, http: Client) -> Prefixes:
    return Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http))


def test_a_release_is_installed_once_and_knows_where_it_lies(
    prefixes: Prefixes, plan: PrefixPlan, installer: CopyInstaller
) -> None:
    path = prefixes.ensure(plan)

    assert prefixes.ensure(plan) == path
    assert installer.installed == 1
    assert (path / "where").read_text(encoding="utf-8") == str(path)
    assert (path / "tool").read_bytes() == b"tool"
    assert json.loads((path / MARKER).read_text(encoding="utf-8"))["files"]["tool"] == 4


def test_the_name_holds_no_sign_that_a_library_path_cannot_hold(prefixes: Prefixes, plan: PrefixPlan) -> None:
    assert prefixes.path_of(plan).name.startswith("1_2.0~rc1_x-")


def test_another_process_finds_it_complete(
    tmp_path: Path, http: Client, prefixes: Prefixes, plan: PrefixPlan, installer: CopyInstaller
) -> None:
    path = prefixes.ensure(plan)

    other = Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http))

    assert other.ensure(plan) == path
    assert installer.installed == 1


@pytest.mark.parametrize("damage", ["marker", "file", "cut"])
def test_a_broken_prefix_is_built_again(
    damage: str, tmp_path: Path, http: Client, prefixes: Prefixes, plan: PrefixPlan
) -> None:
    path = prefixes.ensure(plan)
    if damage == "cut":
        (path / "tool").write_bytes(b"")
    else:
        (path / {"marker": MARKER, "file": "tool"}[damage]).unlink()
    assert not is_complete(path)

    Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http)).ensure(plan)

    assert (path / "tool").read_bytes() == b"tool"
    assert is_complete(path)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_installation_that_fails_leaves_nothing(
    prefixes: Prefixes, plan: PrefixPlan, installer: CopyInstaller, tmp_path: Path
) -> None:
    installer.fails = True

    with pytest.raises(SmokeError, match="half of it"):
        prefixes.ensure(plan)

    assert list((tmp_path / "prefixes/tool").iterdir()) == []


def test_other_bytes_other_version_or_other_home_is_another_prefix(
    prefixes: Prefixes, plan: PrefixPlan, tmp_path: Path, http: Client
) -> None:
    asset = replace(plan.release.assets[0], digest=f"sha256:{'0' * 64}")
    moved = Prefixes(tmp_path / "moved", ArtifactCache(tmp_path / "cache", http))

    names = {
        prefixes.path_of(plan).name,
        prefixes.path_of(replace(plan, release=replace(plan.release, assets=(asset,)))).name,
        prefixes.path_of(replace(plan, release=replace(plan.release, version="3"))).name,
        moved.path_of(plan).name,
    }

    assert len(names) == 4


def test_many_lanes_and_processes_end_with_one_prefix(tmp_path: Path, http: Client, plan: PrefixPlan) -> None:
    cache = ArtifactCache(tmp_path / "cache", http)
    several = [Prefixes(tmp_path / "prefixes", cache) for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda number: several[number % 4].ensure(plan), range(16)))

    assert len(paths) == 1
    assert is_complete(paths.pop())
    assert len(list((tmp_path / "prefixes/tool").iterdir())) == 1


def test_a_release_without_files_cannot_be_installed(prefixes: Prefixes, plan: PrefixPlan) -> None:
    with pytest.raises(SmokeError, match="no file to install"):
        prefixes.ensure(replace(plan, release=replace(plan.release, assets=())))
