"""What every order of versions keeps to, whatever texts there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import VersionScheme

NUMBER = st.integers(0, 30).map(str)
SHAPES = st.from_regex(r"v?[0-9]{1,2}(\.[0-9]{1,2}){1,3}([-+.]?[a-zA-Z0-9]{1,3}(\.[a-zA-Z0-9]{1,2})?)?", fullmatch=True)
BUILDS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["10.0.", ""]),
    st.sampled_from(["20348", "17763", "26100"]),
    st.sampled_from(["", ".1", ".2849", "-amd64", ".9-KB5012345", "-KB9"]),
)
NAMES = st.sampled_from(["ltsc2016", "ltsc2019", "1809", "20H2", "ltsc2022", "LTSC2025", "ltsc2022-amd64"])
TEXTS = st.one_of(SHAPES, BUILDS, NAMES, st.text(max_size=6))
SCHEMES = ("natural", "pep440", "semver", "windows-build")


def key_or_none(scheme: VersionScheme, text: str) -> object:
    try:
        return scheme.key(text)
    except ValueError:
        return None


@pytest.mark.parametrize("name", SCHEMES)
@given(texts=st.lists(TEXTS, min_size=3, max_size=3))
def test_of_two_versions_one_is_later_or_they_are_one(
    name: str, texts: list[str], schemes: Mapping[str, VersionScheme]
) -> None:
    a, b, c = (key_or_none(schemes[name], text) for text in texts)

    if a is not None and b is not None:
        assert (a < b) + (b < a) + (a == b) == 1  # type: ignore[operator]
        if c is not None and a < b < c:  # type: ignore[operator]
            assert a < c  # type: ignore[operator]


@pytest.mark.parametrize("name", SCHEMES)
@given(texts=st.lists(TEXTS, max_size=12))
def test_the_order_does_not_depend_on_where_one_begins(
    name: str, texts: list[str], schemes: Mapping[str, VersionScheme]
) -> None:
    keys = [key for text in texts if (key := key_or_none(schemes[name], text)) is not None]

    backwards = keys[::-1]
    assert sorted(keys) == sorted(backwards)  # type: ignore[type-var]


@pytest.mark.parametrize("name", SCHEMES)
@given(text=TEXTS)
def test_people_say_the_version_as_it_is(name: str, text: str, schemes: Mapping[str, VersionScheme]) -> None:
    assert schemes[name].upstream(text) == text


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(
    "text", ["1" * 5000, "1." * 5000, "1.2.3-" + "a" * 100_000, "1.2.3-" + "9" * 5000, "1.1" * 400 + "!"]
)
def test_a_hostile_text_is_ordered_or_refused_in_short_words(
    name: str, text: str, schemes: Mapping[str, VersionScheme]
) -> None:
    words = ""
    try:
        key = schemes[name].key(text)
    except ValueError as refusal:
        words = str(refusal)
    else:
        assert not key < key  # noqa: PLR0124 - the law of an order
    assert len(words) < 300


@pytest.mark.parametrize("name", SCHEMES[1:])
@pytest.mark.parametrize("text", ["", "latest", "v", "CNI_V1Schema", "api/v1.11.0", "1.2.3 x", "\u0661.\u0662.\u0663"])
def test_what_is_no_version_is_refused_by_its_name(name: str, text: str, schemes: Mapping[str, VersionScheme]) -> None:
    with pytest.raises(ValueError, match="is no"):
        schemes[name].key(text)
