"""Tags as versions, and what a person reads of those that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.api import ConfigError, ReadTag, SetAside, SourceError, TagRule, read_tag, read_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import Component


@pytest.mark.parametrize(
    ("tag", "version", "line", "is_prerelease"),
    [
        ("v1.6.1", "1.6.1", "1.6", False),
        ("0.0.5", "0.0.5", "0.0", False),
        ("v2.0.0-rc.1", "2.0.0-rc.1", "2.0", True),
        ("v1.0.0-alpha0", "1.0.0-alpha0", "1.0", True),
        ("v2.10.3+build5", "2.10.3+build5", "2.10", False),
    ],
)
def test_a_tag_tells_version_line_and_whether_it_is_a_prerelease(
    tag: str, version: str, line: str, *, is_prerelease: bool, component: Callable[..., Component]
) -> None:
    assert read_tag(component(), tag) == ReadTag(tag=tag, version=version, line=line, is_prerelease=is_prerelease)


@pytest.mark.parametrize("tag", ["api/v1.11.0", "CNI_V1Schema", "v1.2", "", "v", "xv1.2.3", "v1.2.3\nv1.2.4"])
def test_what_does_not_fit_is_set_aside_with_the_expression(tag: str, component: Callable[..., Component]) -> None:
    found = read_tag(component(), tag)

    assert isinstance(found, SetAside)
    assert found.reason == r"does not fit v?(?P<version>\d+\.\d+\.\d+(?:[-.+].*)?)"


def test_without_a_rule_the_tag_is_the_version(component: Callable[..., Component]) -> None:
    found = read_tag(component(tags=None), "ltsc2022")

    assert found == ReadTag(tag="ltsc2022", version="ltsc2022", line="", is_prerelease=False)


@pytest.mark.parametrize(
    ("line", "expected"),
    [(r"\d+\.\d+", "1.22"), (r"(\d+)\.\d+", "1"), (r"[a-z]+", "1.22.3"), (r"(x)?", "1.22.3"), (r"22", "1.22.3")],
    ids=["whole-match", "group", "no-match", "empty-group", "not-at-the-start"],
)
def test_the_line_is_what_the_rule_finds_at_the_start_else_the_version_itself(
    line: str, expected: str, component: Callable[..., Component]
) -> None:
    rule = TagRule(version=r"v(?P<version>.+)", line=line)

    found = read_tag(component(tags=rule), "v1.22.3")

    assert isinstance(found, ReadTag)
    assert found.line == expected


def test_an_empty_prerelease_expression_means_that_there_are_none(component: Callable[..., Component]) -> None:
    rule = TagRule(version=r"(?P<version>.+)", line=r"\d+", prerelease="")

    found = read_tag(component(tags=rule), "1.0-rc1")

    assert isinstance(found, ReadTag)
    assert not found.is_prerelease


def test_a_version_that_matches_nothing_is_none(component: Callable[..., Component]) -> None:
    rule = TagRule(version=r"release(?P<version>\d+)?", line=r"\d+")

    assert isinstance(read_tag(component(tags=rule), "release"), SetAside)


def test_a_version_has_one_tag_and_the_order_stays(component: Callable[..., Component]) -> None:
    found = read_tags(component(), ["v1.6.2", "api/v1.6.1", "v1.6.1", "1.6.1", "v1.6.2", "api/v1.6.1"])

    assert [one.tag for one in found.read] == ["v1.6.2", "v1.6.1"]
    assert [one.tag for one in found.aside] == ["api/v1.6.1", "1.6.1"]
    assert found.aside[1].sentence == "The tag 1.6.1 is the second tag for 1.6.1 (after v1.6.1)."


def test_no_tags_are_no_error(component: Callable[..., Component]) -> None:
    found = read_tags(component(), [])

    assert (found.read, found.aside) == ((), ())


def test_a_rule_that_fits_nothing_says_what_it_removed(component: Callable[..., Component]) -> None:
    with pytest.raises(SourceError) as caught:
        read_tags(component(), [f"release-{number}" for number in range(7)])

    assert caught.value.message == (
        r"thing: none of 7 tags fits the tag rule's version v?(?P<version>\d+\.\d+\.\d+(?:[-.+].*)?) "
        "(release-0, release-1, release-2, release-3, release-4, ...)"
    )
    assert caught.value.hint


def test_one_tag_that_does_not_fit_is_told_as_one(component: Callable[..., Component]) -> None:
    with pytest.raises(SourceError, match=r"the only tag does not fit .*\(nightly\)"):
        read_tags(component(), ["nightly"])


def test_a_hostile_tag_cannot_forge_a_line_of_a_message(component: Callable[..., Component]) -> None:
    with pytest.raises(SourceError) as caught:
        read_tags(component(), ["evil\n\x1b[2Jtag", "long" * 100])

    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (TagRule(version=r"v(?P<version>\d+", line=""), r"thing: the tag rule's version .* is no regular expression"),
        (TagRule(version=r"v(\d+)", line=""), r"thing: the tag rule's version .* has no group called version"),
        (TagRule(version=r"v(?P<version>.+)", line="("), r"thing: the tag rule's line '\(' is no regular expression"),
        (
            TagRule(version=r"v(?P<version>.+)", line="", prerelease="["),
            r"thing: the tag rule's prerelease '\[' is no regular expression",
        ),
    ],
    ids=["version", "group", "line", "prerelease"],
)
def test_an_expression_that_cannot_be_used_is_named(
    rule: TagRule, words: str, component: Callable[..., Component]
) -> None:
    with pytest.raises(ConfigError, match=words):
        read_tag(component(tags=rule), "v1")
