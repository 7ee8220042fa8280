"""What is watched, and what its files and tags are called."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.model import Asset, AssetRole, Basis
from tracker.upstream import ReadTag, SetAside, mark_assets, read_tag

if TYPE_CHECKING:
    from tracker.model import Component
    from tracker.registry import Registry


def marked(registry: Registry, component: str, tag: str, name: str) -> Asset:
    """A file of a release as the component's rules take it."""
    known = registry.components[component]
    read = read_tag(known, tag)
    assert isinstance(read, ReadTag)
    file = Asset(name=name, url=f"https://example.invalid/{name}")
    (asset,) = mark_assets(known, read, [file], ("windows/amd64", "linux/amd64")).assets
    return asset


def test_the_profile_watches_everything_that_the_first_notes_name(registry: Registry) -> None:
    profile = registry.profiles["windows-containers"]

    assert set(profile.component_names) == {
        "containerd-windows",
        "nerdctl",
        "windows-container-networking",
        "containernetworking-plugins",
        "nanoserver",
        "servercore",
        "windows-busybox",
        "hcsshim",
        "runc-upstream",
        "windows-install-script",
    }
    assert set(profile.component_names) <= set(registry.components)
    assert set(profile.required) <= set(profile.capabilities)


def test_the_profile_is_chosen_on_windows_and_runs_its_scenario_there(registry: Registry) -> None:
    profile = registry.profiles["windows-containers"]

    assert profile.scenario == "windows-containers"
    assert profile.platforms == ("win32",)
    assert profile.asset_platforms == ("windows/amd64",)


def test_people_type_the_names_that_they_know(registry: Registry) -> None:
    profile = registry.profiles["windows-containers"]

    assert str(profile.factor("containerd").value("2.3.4")) == "containerd=2.3.4"
    assert str(profile.factor("cni").value("0.3.1", "windows-container-networking")) == (
        "cni=windows-container-networking@0.3.1"
    )
    assert profile.factor("nerdctl").may_be_absent
    assert profile.factor("isolation").variants == ("process", "hyperv")


def test_the_waited_for_pull_request_is_followed_by_the_one_that_a_person_found(registry: Registry) -> None:
    (story,) = registry.profiles["windows-containers"].stories
    (succession,) = story.succession

    assert (story.repository, story.number) == ("microsoft/windows-container-networking", 96)
    assert (succession.number, succession.basis) == (101, Basis.PERSON)
    assert "not seen" in succession.reason
    assert story.component in registry.components


@pytest.mark.parametrize(
    ("component", "tag", "version", "line"),
    [
        ("containerd-windows", "v2.3.4", "2.3.4", "2.3"),
        ("containerd-windows", "v2.4.0-beta.0", "2.4.0-beta.0", "2.4"),
        ("containerd-windows", "v1.0.0-alpha6", "1.0.0-alpha6", "1.0"),
        ("nerdctl", "v2.1.6-beta.0", "2.1.6-beta.0", "2.1"),
        ("windows-container-networking", "v0.3.1", "0.3.1", "0.3.1"),
        ("containernetworking-plugins", "v1.0.0-rc1", "1.0.0-rc1", "1.0"),
        ("nanoserver", "ltsc2022", "ltsc2022", "ltsc2022"),
        ("nanoserver", "ltsc2022-amd64", "ltsc2022-amd64", "ltsc2022-amd64"),
        ("windows-busybox", "1.29-2", "1.29-2", "1.29"),
    ],
)
def test_tags_of_the_upstreams_are_read_as_versions(
    registry: Registry, component: str, tag: str, version: str, line: str
) -> None:
    read = read_tag(registry.components[component], tag)

    assert isinstance(read, ReadTag)
    assert (read.version, read.line) == (version, line)


@pytest.mark.parametrize(
    ("component", "tag"),
    [
        ("containerd-windows", "api/v1.11.0"),
        ("containerd-windows", "0.0.5"),
        ("windows-container-networking", "CNI_V1Schema"),
        ("runc-upstream", "v0.0.2.1"),
        ("nanoserver", "10.0.20348.2849"),
        ("windows-busybox", "1.29-2-windows-amd64-ltsc2022"),
        ("windows-busybox", "latest"),
    ],
)
def test_tags_that_are_no_versions_are_set_aside(registry: Registry, component: str, tag: str) -> None:
    assert isinstance(read_tag(registry.components[component], tag), SetAside)


@pytest.mark.parametrize(
    ("component", "tag", "platform", "name"),
    [
        ("containerd-windows", "v2.3.4", "windows/amd64", "containerd-2.3.4-windows-amd64.tar.gz"),
        ("containerd-windows", "v1.7.34", "linux/amd64", "containerd-1.7.34-linux-amd64.tar.gz"),
        ("nerdctl", "v2.3.5", "windows/amd64", "nerdctl-2.3.5-windows-amd64.tar.gz"),
        (
            "windows-container-networking",
            "v0.3.0",
            "windows/amd64",
            "windows-container-networking-cni-amd64-v0.3.0.zip",
        ),
        ("windows-container-networking", "v0.3.1", "windows/amd64", "windows-container-networking-cni-amd64-0.3.1.zip"),
        ("containernetworking-plugins", "v1.9.1", "windows/amd64", "cni-plugins-windows-amd64-v1.9.1.tgz"),
        ("runc-upstream", "v1.4.3", "linux/amd64", "runc.amd64"),
    ],
)
def test_names_of_real_assets_are_known_in_every_era(
    registry: Registry, component: str, tag: str, platform: str, name: str
) -> None:
    asset = marked(registry, component, tag, name)

    assert (asset.role, asset.platform) == (AssetRole.MAIN, platform)


@pytest.mark.parametrize(
    "name",
    [
        "cri-containerd-1.7.0-windows-amd64.tar.gz",
        "cri-containerd-cni-1.7.0-windows-amd64.tar.gz",
        "containerd-static-1.7.0-linux-amd64.tar.gz",
        "containerd-1.7.0-linux-arm64.tar.gz",
    ],
)
def test_bundles_and_other_platforms_are_not_the_release_itself(registry: Registry, name: str) -> None:
    assert marked(registry, "containerd-windows", "v1.7.0", name).role is AssetRole.OTHER


@pytest.mark.parametrize(
    ("component", "tag", "name"),
    [
        ("containerd-windows", "v2.3.4", "containerd-2.3.4-windows-amd64.tar.gz.sha256sum"),
        ("nerdctl", "v2.3.5", "SHA256SUMS"),
        (
            "windows-container-networking",
            "v0.3.1",
            "windows-container-networking-cni-amd64-v0.3.1.zip.sha512",
        ),
        ("containernetworking-plugins", "v0.8.7", "cni-plugins-windows-amd64-v0.8.7.tgz.sha1"),
    ],
)
def test_checksum_files_are_known_as_such(registry: Registry, component: str, tag: str, name: str) -> None:
    assert marked(registry, component, tag, name).role is AssetRole.CHECKSUM


def test_of_two_names_of_one_file_the_later_naming_is_taken(registry: Registry) -> None:
    known = registry.components["windows-container-networking"]
    read = read_tag(known, "v0.3.1")
    assert isinstance(read, ReadTag)
    names = [f"windows-container-networking-cni-amd64-{one}.zip" for one in ("0.3.1", "v0.3.1")]
    files = [Asset(name=name, url=f"https://example.invalid/{name}") for name in names]

    main = [
        one.name for one in mark_assets(known, read, files, ("windows/amd64",)).assets if one.role is AssetRole.MAIN
    ]

    assert main == [names[1]]


@pytest.mark.parametrize("what", ["containerd", "nerdctl", "windows-container-networking"])
def test_the_versions_that_the_install_script_sets_are_found(registry: Registry, what: str) -> None:
    script = """
    $ContainerDVersion = "1.2.3",
    $NerdCTLVersion    = "1.2.3",
    [string] $WinCNIVersion = '1.2.3'
    """

    found = re.search(registry.components["windows-install-script"].options[f"named.{what}"], script)

    assert found is not None
    assert found["version"] == "1.2.3"


def test_every_source_takes_what_the_components_ask_of_it(registry: Registry) -> None:
    profile = registry.profiles["windows-containers"]
    asked: dict[str, list[Component]] = {}
    for name in profile.component_names:
        known = registry.components[name]
        asked.setdefault(known.source, []).append(known)
        for watch in known.watches:
            asked.setdefault(watch.source, []).append(replace(known, source=watch.source, options=watch.options))

    targets = {source: registry.sources[source].targets(components, {}) for source, components in asked.items()}

    assert {source: {one.name for target in own for one in target.components} for source, own in targets.items()} == {
        source: {one.name for one in components} for source, components in asked.items()
    }
    assert all(target.is_follow_up for target in targets["git"])
