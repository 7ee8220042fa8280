"""Which file of a release is for which platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.api import AssetRole, ConfigError, ReadTag, mark_assets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import Asset, Component, Marked

READ = ReadTag(tag="v1.6.1", version="1.6.1", line="1.6", is_prerelease=False)
WINDOWS, LINUX = "windows/amd64", "linux/amd64"


def mains(marked: Marked) -> dict[str, str]:
    return {one.platform: one.name for one in marked.assets if one.role is AssetRole.MAIN}


def test_a_release_is_marked_from_end_to_end(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(
        assets={WINDOWS: "thing-{version}-windows-amd64.tar.gz", LINUX: "thing-{version}-linux-amd64.tar.gz"},
        checksums="{name}.sha256sum SHA256SUMS",
    )
    names = [
        "thing-full-1.6.1-linux-amd64.tar.gz",
        "thing-1.6.1-windows-amd64.tar.gz",
        "thing-1.6.1-windows-amd64.tar.gz.sha256sum",
        "thing-1.6.1-linux-amd64.tar.gz.sha256sum",
        "thing-1.6.1-linux-amd64.tar.gz",
        "SHA256SUMS.asc",
        "SHA256SUMS",
        "thing-1.6.1-linux-amd64.tar.gz.intoto.jsonl",
    ]

    marked = mark_assets(rules, READ, files(*names), [WINDOWS, LINUX])

    assert [(one.name, one.role, one.platform) for one in marked.assets] == [
        ("thing-1.6.1-linux-amd64.tar.gz", AssetRole.MAIN, LINUX),
        ("thing-1.6.1-windows-amd64.tar.gz", AssetRole.MAIN, WINDOWS),
        ("SHA256SUMS", AssetRole.CHECKSUM, ""),
        ("SHA256SUMS.asc", AssetRole.ATTESTATION, ""),
        ("thing-1.6.1-linux-amd64.tar.gz.intoto.jsonl", AssetRole.ATTESTATION, ""),
        ("thing-1.6.1-linux-amd64.tar.gz.sha256sum", AssetRole.CHECKSUM, ""),
        ("thing-1.6.1-windows-amd64.tar.gz.sha256sum", AssetRole.CHECKSUM, ""),
        ("thing-full-1.6.1-linux-amd64.tar.gz", AssetRole.OTHER, ""),
    ]
    assert marked.awaits == ()


def test_the_most_recent_naming_that_any_file_has_wins(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(assets={WINDOWS: ("thing-{tag}.zip", "thing-{version}.zip")})

    both = mark_assets(rules, READ, files("thing-1.6.1.zip", "thing-v1.6.1.zip"), [WINDOWS])
    old = mark_assets(rules, READ, files("thing-1.6.1.zip"), [WINDOWS])

    assert mains(both) == {WINDOWS: "thing-v1.6.1.zip"}
    assert mains(old) == {WINDOWS: "thing-1.6.1.zip"}


def test_of_several_files_for_a_wildcard_the_first_by_name_is_taken(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(assets={WINDOWS: "thing-*.zip"})

    marked = mark_assets(rules, READ, files("thing-b.zip", "thing-a.zip", "thing-a.zip.asc"), [WINDOWS])

    assert mains(marked) == {WINDOWS: "thing-a.zip"}
    assert [one.role for one in marked.assets[1:]] == [AssetRole.ATTESTATION, AssetRole.OTHER]


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("thing-{version}.zip", "thing-1.6.1.zip", True),
        ("thing-{version}.zip", "thing-1x6.1.zip", False),
        ("thing-{version}.zip", "Thing-1.6.1.zip", False),
        ("thing-{version}.zip", "thing-1.6.1.zip.old", False),
        ("thing-{version}.zip", "a-thing-1.6.1.zip", False),
        ("thing-*.zip", "thing-.zip", True),
        ("*", "anything", True),
        ("*.zip", "a/b.zip", False),
        ("thing(1).zip", "thing(1).zip", True),
        ("thing.zip", "thing.zip\n", False),
    ],
)
def test_a_pattern_fits_the_whole_name_letter_by_letter(
    pattern: str, name: str, *, fits: bool, component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    marked = mark_assets(component(assets={WINDOWS: pattern}), READ, files(name), [WINDOWS])

    assert bool(mains(marked)) is fits
    assert marked.awaits == (() if fits else (WINDOWS,))


def test_a_version_with_signs_of_an_expression_is_taken_as_it_stands(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    read = ReadTag(tag="v1.0.0+b*", version="1.0.0+b*", line="1.0", is_prerelease=False)

    marked = mark_assets(
        component(assets={WINDOWS: "t-{version}.zip"}), read, files("t-1.0.0+b*.zip", "t-1.0.0+bx.zip"), []
    )

    assert mains(marked) == {WINDOWS: "t-1.0.0+b*.zip"}


def test_a_file_is_for_one_platform(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(assets={LINUX: "thing-*", WINDOWS: "thing-*"})

    one = mark_assets(rules, READ, files("thing-a"), [LINUX, WINDOWS])
    two = mark_assets(rules, READ, files("thing-a", "thing-b"), [LINUX, WINDOWS])

    assert (mains(one), one.awaits) == ({LINUX: "thing-a"}, (WINDOWS,))
    assert mains(two) == {LINUX: "thing-a", WINDOWS: "thing-b"}


def test_only_wanted_platforms_that_the_component_is_made_for_are_awaited(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(assets={WINDOWS: "thing.zip", LINUX: "thing.tgz"})

    assert mark_assets(rules, READ, files(), [WINDOWS, "windows/arm64"]).awaits == (WINDOWS,)
    assert mark_assets(rules, READ, files(), []).awaits == ()
    assert mark_assets(component(), READ, files("thing.zip"), [WINDOWS]).awaits == ()


def test_a_file_whose_checksum_file_is_not_there_yet_is_awaited(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(assets={WINDOWS: "thing.zip", LINUX: "thing.tgz"}, checksums="{name}.sha256 SHA256SUMS")
    half = ["thing.zip", "thing.tgz", "thing.tgz.sha256"]

    assert mark_assets(rules, READ, files(*half), [WINDOWS, LINUX]).awaits == (WINDOWS,)
    assert mark_assets(rules, READ, files(*half, "thing.zip.sha256"), [WINDOWS, LINUX]).awaits == ()
    assert mark_assets(rules, READ, files(*half, "SHA256SUMS"), [WINDOWS, LINUX]).awaits == ()


def test_a_release_without_any_checksum_file_waits_for_none(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    rules = component(assets={WINDOWS: "thing.zip"}, checksums="{name}.sha256")

    assert mark_assets(rules, READ, files("thing.zip"), [WINDOWS]).awaits == ()


def test_an_unknown_placeholder_is_a_mistake_in_the_rule(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    with pytest.raises(ConfigError, match=r"thing: the asset pattern 'thing-\{arch\}.zip' holds \{arch\}"):
        mark_assets(component(assets={WINDOWS: "thing-{arch}.zip"}), READ, files("thing.zip"), [WINDOWS])
