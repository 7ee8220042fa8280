"""Where pages lie: names that every file system and URL can carry."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.render import places

SAFE = set(string.ascii_lowercase + string.digits + "._+~-")


@given(st.text())
def test_a_slug_is_a_safe_file_name_whatever_the_version(version: str) -> None:
    slug = places.slug(version)

    assert slug
    assert set(slug) <= SAFE
    assert len(slug) <= 100
    assert not slug.startswith(".")
    assert not slug.endswith(".")


@given(st.text(), st.text())
def test_two_versions_never_share_a_page_even_where_case_does_not_count(first: str, second: str) -> None:
    if first != second:
        assert places.release("x", first).lower() != places.release("x", second).lower()


@pytest.mark.parametrize("version", ["1.7.24~ds1-6+deb13u1", "1.1.1+ds1-3+b17", "v2.0.0-rc.1"])
def test_an_ordinary_version_is_its_own_slug(version: str) -> None:
    assert places.slug(version) == version


@pytest.mark.parametrize(
    ("start", "file", "expected"),
    [
        ("index", "runs/1.md", "runs/1.md"),
        ("runs/1", "index.md", "../index.md"),
        ("runs/1", "runs/2.md", "2.md"),
        ("runs/1", "runs.md", "../runs.md"),
        ("releases/a@1", "components/a.html", "../components/a.html"),
    ],
)
def test_links_are_relative(start: str, file: str, expected: str) -> None:
    assert places.relative(start, file) == expected
