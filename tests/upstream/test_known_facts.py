"""Every tag and file name that five upstreams ever published, read with the rules that are shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tracker.api import Asset, AssetRole, ReadTag, mark_assets, read_tag, read_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.api import Component, VersionScheme

REPOSITORIES = (
    "containerd/containerd",
    "containerd/nerdctl",
    "containernetworking/plugins",
    "microsoft/windows-container-networking",
    "opencontainers/runc",
)
WCN = "microsoft/windows-container-networking"


def tags_of(facts: Callable[[str], Any], repository: str) -> dict[str, dict[str, Any]]:
    return {one["tag"]: one for one in facts(f"tags_{repository.replace('/', '__')}")["tags"]}


_PARTS = {"microsoft/windows-container-networking": 3}
"""Numbers of a version that name its line, where they are not two: there every release is tried."""


@pytest.mark.parametrize(
    ("repository", "aside"),
    [
        ("containerd/containerd", 27),
        ("containerd/nerdctl", 0),
        ("containernetworking/plugins", 0),
        (WCN, 1),
        ("opencontainers/runc", 1),
    ],
)
def test_the_shipped_rule_reads_every_tag_that_is_a_version(
    repository: str, aside: int, facts: Callable[[str], Any], components: Mapping[str, Component], semver: VersionScheme
) -> None:
    tags = tags_of(facts, repository)

    found = read_tags(components[repository], tags)

    assert len(found.read) + len(found.aside) == len(tags)
    assert len(found.aside) == aside, [one.sentence for one in found.aside]
    for one in found.read:
        semver.key(one.version)
        assert one.tag == f"v{one.version}"
        assert one.line == ".".join(one.version.split("-")[0].split(".")[: _PARTS.get(repository, 2)])
        assert one.is_prerelease is tags[one.tag]["is_prerelease"], one


def test_what_a_person_would_not_call_a_version_is_set_aside(
    facts: Callable[[str], Any], components: Mapping[str, Component]
) -> None:
    containerd = read_tags(components["containerd/containerd"], tags_of(facts, "containerd/containerd"))
    networking = read_tags(components[WCN], tags_of(facts, WCN))

    assert {one.tag.split("/")[0] for one in containerd.aside} == {"api", "0.0.2", "0.0.3", "0.0.4", "0.0.5"}
    assert [one.tag for one in networking.aside] == ["CNI_V1Schema"]


def test_a_rule_may_read_the_oldest_versions_which_have_no_letter_before_them(
    facts: Callable[[str], Any], component: Callable[..., Component], semver: VersionScheme
) -> None:
    found = read_tags(component(), tags_of(facts, "containerd/containerd"))

    assert all(one.tag.startswith("api/") for one in found.aside)
    assert len(found.aside) == 23
    oldest = sorted(found.read, key=lambda one: semver.key(one.version))[:5]
    assert [one.version for one in oldest] == ["0.0.2", "0.0.3", "0.0.4", "0.0.5", "0.1.0"]


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_prereleases_sort_between_the_releases_around_them(
    repository: str, facts: Callable[[str], Any], component: Callable[..., Component], semver: VersionScheme
) -> None:
    read = read_tags(component(), tags_of(facts, repository)).read
    by_order = [one.version for one in sorted(read, key=lambda one: semver.key(one.version))]

    for one in read:
        final = one.version.partition("-")[0]
        if one.is_prerelease and final in by_order:
            assert by_order.index(one.version) < by_order.index(final)
            before = [other for other in by_order[: by_order.index(final)] if not other.startswith(f"{final}-")]
            assert all(semver.key(other) < semver.key(one.version) for other in before)


def test_candidates_come_before_the_release_that_they_became(
    facts: Callable[[str], Any], component: Callable[..., Component], semver: VersionScheme
) -> None:
    read = read_tags(component(), tags_of(facts, "containerd/containerd")).read
    by_order = [one.version for one in sorted(read, key=lambda one: semver.key(one.version))]

    assert [one for one in by_order if one.startswith("1.7.0")] == [
        *(f"1.7.0-beta.{number}" for number in range(5)),
        *(f"1.7.0-rc.{number}" for number in range(4)),
        "1.7.0",
    ]


def test_a_version_that_is_lower_stays_lower_though_it_came_later(
    facts: Callable[[str], Any], components: Mapping[str, Component], semver: VersionScheme
) -> None:
    tags = tags_of(facts, WCN)

    read = read_tags(components[WCN], tags).read

    assert tags["v0.2.2"]["date"] > tags["v0.3.1"]["date"]
    by_order = [one.tag for one in sorted(read, key=lambda one: semver.key(one.version))]
    assert by_order == ["v0.2.0", "v0.2.1", "v0.2.2", "v0.3.0", "v0.3.1"]


@pytest.mark.parametrize(
    ("repository", "platform", "count"),
    [
        ("containerd/containerd", "windows/amd64", 91),
        ("containerd/containerd", "linux/amd64", 126),
        ("containerd/nerdctl", "windows/amd64", 52),
        ("containerd/nerdctl", "linux/amd64", 48),
        ("containernetworking/plugins", "windows/amd64", 1),
        ("containernetworking/plugins", "linux/amd64", 18),
        (WCN, "windows/amd64", 4),
        ("opencontainers/runc", "linux/amd64", 39),
    ],
)
def test_every_known_file_is_found_by_the_shipped_rules(
    repository: str, platform: str, count: int, facts: Callable[[str], Any], components: Mapping[str, Component]
) -> None:
    component = components[repository]
    known = [
        one
        for one in facts("asset_names")["assets"]
        if one["repo"] == repository and f"{one['os']}/{one['arch']}" == platform
    ]

    assert len(known) == count
    for one in known:
        read = read_tag(component, one["tag"])
        assert isinstance(read, ReadTag), one
        asset = Asset(name=one["name"], url="https://upstream.invalid/")
        marked = mark_assets(component, read, [asset], [platform])
        assert [(found.role, found.platform) for found in marked.assets] == [(AssetRole.MAIN, platform)], one
        assert marked.awaits == ()


def test_a_real_release_gives_each_platform_its_own_file(
    facts: Callable[[str], Any], components: Mapping[str, Component]
) -> None:
    component = components["containerd/containerd"]
    for tag in ("v1.6.20", "v2.3.4"):
        names = [
            one["name"] for one in facts("asset_names")["assets"] if one["tag"] == tag and "containerd-" in one["name"]
        ]
        read = read_tag(component, tag)
        assert isinstance(read, ReadTag)

        marked = mark_assets(component, read, [Asset(name=name, url="") for name in names], ["windows/amd64"])

        assert [one.platform for one in marked.assets if one.role is AssetRole.MAIN] == ["linux/amd64", "windows/amd64"]
