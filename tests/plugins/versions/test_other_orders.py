"""Windows builds, Python packages, and whatever else there is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natsort import natsorted
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import VersionScheme

PYTHON = st.from_regex(
    r"([1-9]!)?[0-9]{1,2}(\.[0-9]{1,2}){0,3}((a|b|rc)[0-9])?(\.post[0-9])?(\.dev[0-9])?(\+[a-z0-9]{1,2})?",
    fullmatch=True,
)


def in_order(scheme: VersionScheme, *versions: str) -> bool:
    return all(scheme.key(one) < scheme.key(other) for one, other in pairwise(versions))


def test_base_images_are_ordered_by_the_build_that_they_stand_for(schemes: Mapping[str, VersionScheme]) -> None:
    windows = schemes["windows-build"]

    assert in_order(windows, "ltsc2016", "1803", "ltsc2019", "1903", "1909", "2004", "20H2", "ltsc2022", "ltsc2025")
    assert windows.key("1809") == windows.key("ltsc2019") == windows.key("LTSC2019") == windows.key("10.0.17763")
    assert windows.key("20348") == windows.key("10.0.20348")
    assert windows.key("20348.2849") == windows.key("10.0.20348.2849")


def test_updates_of_one_build_are_ordered_by_number_then_by_text(schemes: Mapping[str, VersionScheme]) -> None:
    assert in_order(
        schemes["windows-build"],
        "ltsc2022",
        "ltsc2022-amd64",
        "ltsc2022-KB962",
        "ltsc2022-KB5012345",
        "10.0.20348.1",
        "10.0.20348.887",
        "10.0.20348.2849",
        "10.0.20348.2849-amd64",
        "10.0.20349",
        "ltsc2025",
    )


@pytest.mark.parametrize(
    "text", ["ltsc2042", "1234", "10.0", "10.0.20348.2849.1", "10.0.20348-", "21H2", "10.0.20348.x"]
)
def test_an_unknown_name_is_no_build(text: str, schemes: Mapping[str, VersionScheme]) -> None:
    with pytest.raises(ValueError, match="is no known build of Windows"):
        schemes["windows-build"].key(text)


@given(st.lists(PYTHON, max_size=8))
def test_python_packages_are_ordered_as_pip_does(schemes: Mapping[str, VersionScheme], texts: list[str]) -> None:
    assert sorted(texts, key=schemes["pep440"].key) == sorted(texts, key=Version)


@given(st.lists(st.text("ab019.-_", max_size=6), max_size=8))
def test_anything_is_ordered_as_a_person_would(schemes: Mapping[str, VersionScheme], texts: list[str]) -> None:
    assert sorted(texts, key=schemes["natural"].key) == natsorted(sorted(texts))


def test_natural_order_counts(schemes: Mapping[str, VersionScheme]) -> None:
    assert in_order(schemes["natural"], "", "1.9", "1.10", "1.10-rc1", "1.29-2", "1.29-4", "ltsc2019", "ltsc2022")


@given(a=st.text(), b=st.text())
def test_different_texts_are_different_versions_in_the_natural_order(
    a: str, b: str, schemes: Mapping[str, VersionScheme]
) -> None:
    one, other = schemes["natural"].key(a), schemes["natural"].key(b)

    assert (one == other) is (a == b)
    assert (one < other) + (other < one) == (a != b)
