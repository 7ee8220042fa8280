"""Semantic versions, against the words of the rule and two other readings of it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import VersionScheme
    from tracker.protocols.ordering import Comparable

FACTS = Path(__file__).parents[2] / "upstream" / "facts"
IDENTIFIER = st.from_regex(r"0|[1-9][0-9]{0,2}|[0-9a-zA-Z-]{0,2}[a-zA-Z-][0-9a-zA-Z-]{0,2}", fullmatch=True)
PARTS = st.lists(IDENTIFIER, min_size=1, max_size=3).map(".".join)
STRICT = st.builds(
    "{}.{}.{}{}{}".format,
    *(st.integers(0, 11) for _ in range(3)),
    st.one_of(st.just(""), PARTS.map("-{}".format)),
    st.one_of(st.just(""), PARTS.map("+{}".format)),
)


@pytest.fixture(scope="session")
def scheme(schemes: Mapping[str, VersionScheme]) -> VersionScheme:
    return schemes["semver"]


def ascends(scheme: VersionScheme, *versions: str) -> bool:
    keys: list[Comparable] = [scheme.key(version) for version in versions]
    return all(one < other for one, other in pairwise(keys))


def test_the_chains_that_the_rule_gives_hold(scheme: VersionScheme) -> None:
    assert ascends(scheme, "1.0.0", "2.0.0", "2.1.0", "2.1.1")
    assert ascends(
        scheme,
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
    )


def test_build_metadata_decides_last_and_always_alike(scheme: VersionScheme) -> None:
    assert ascends(scheme, "1.0.0-rc.1", "1.0.0-rc.1+5", "1.0.0", "1.0.0+2", "1.0.0+10", "1.0.0+x", "1.0.1-0", "1.0.1")


@pytest.mark.parametrize(
    ("loose", "strict"),
    [
        ("v1.2.3", "1.2.3"),
        ("V1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("v1.2-rc.1", "1.2.0-rc.1"),
        ("1.2.0.0", "1.2.0"),
        ("1.02.3", "1.2.3"),
    ],
)
def test_a_loose_writing_is_the_same_version(loose: str, strict: str, scheme: VersionScheme) -> None:
    assert scheme.key(loose) == scheme.key(strict)


def test_odd_versions_of_real_upstreams_have_a_place(scheme: VersionScheme) -> None:
    assert ascends(scheme, "0.0.2", "0.0.2.1", "0.0.3")
    assert ascends(scheme, "1.0.0-alpha6", "1.0.0-beta.0", "1.0.0beta2", "1.0.0_rc", "1.0.0")
    assert ascends(scheme, "2.0.0-01", "2.0.0-2", "2.0.0")


@given(a=STRICT, b=STRICT)
def test_the_order_is_that_of_the_library(a: str, b: str, scheme: VersionScheme) -> None:
    one, other = scheme.key(a), scheme.key(b)
    expected = semver.Version.parse(a).compare(b)

    if expected:
        assert (one < other) is (expected < 0)
    else:
        assert a.partition("+")[0] == b.partition("+")[0]
        assert (one == other) is (a == b)


@given(
    a=st.tuples(*[st.integers(0, 12)] * 3, st.sampled_from(["", "a", "b", "rc"]), st.integers(0, 12)),
    b=st.tuples(*[st.integers(0, 12)] * 3, st.sampled_from(["", "a", "b", "rc"]), st.integers(0, 12)),
)
def test_numbered_stages_are_ordered_as_in_pep_440(
    a: tuple[int, int, int, str, int], b: tuple[int, int, int, str, int], scheme: VersionScheme
) -> None:
    def both(major: int, minor: int, patch: int, stage: str, number: int) -> tuple[Comparable, Version]:
        plain = f"{major}.{minor}.{patch}"
        return (
            scheme.key(f"{plain}-{stage}.{number}" if stage else plain),
            Version(f"{plain}{stage}{number}" if stage else plain),
        )

    one, other = both(*a), both(*b)

    assert (one[0] < other[0]) is (one[1] < other[1])


def test_real_tags_are_ordered_as_the_library_orders_them(scheme: VersionScheme) -> None:
    for path in FACTS.glob("tags_*.json"):
        tags = [one["tag"] for one in json.loads(path.read_text(encoding="utf-8"))["tags"]]
        strict = [tag[1:] for tag in tags if tag.startswith("v") and semver.Version.is_valid(tag[1:])]
        assert sorted(strict, key=scheme.key) == sorted(strict, key=semver.Version.parse)
