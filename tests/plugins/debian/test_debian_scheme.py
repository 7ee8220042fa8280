from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracker.plugins.debian.scheme import DebianScheme

_scheme = DebianScheme()
_parts = st.text("0123456789abcz.+~", max_size=6)
_upstreams = st.builds("{}{}".format, st.integers(0, 99), _parts)
_versions = st.one_of(
    _upstreams,
    st.builds("{}-{}".format, _upstreams, st.text("0123456789az.+~", min_size=1, max_size=4)),
    st.builds("{}:{}-{}".format, st.integers(0, 3), _upstreams, st.integers(0, 3)),
)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="not installed: dpkg")
@settings(max_examples=150)
@given(_versions, _versions)
def test_the_order_is_dpkgs(one: str, other: str) -> None:
    def dpkg(relation: str) -> bool:
        return subprocess.run(["dpkg", "--compare-versions", one, relation, other], check=False).returncode == 0

    assert (_scheme.key(one) < _scheme.key(other)) == dpkg("lt")
    assert (_scheme.key(other) < _scheme.key(one)) == dpkg("gt")


@given(_versions, _versions, _versions)
def test_the_order_is_total(one: str, two: str, three: str) -> None:
    a, b, c = map(_scheme.key, (one, two, three))

    assert not (a < b < a)
    if a < b < c:
        assert a < c
    if not (a < b or b < a) and not (b < c or c < b):
        assert not a < c
        assert not c < a


@pytest.mark.parametrize("text", ["", "not a version!", "1.0_2", "a:1"])
def test_other_texts_are_no_versions(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        _scheme.key(text)


@pytest.mark.parametrize(
    ("version", "upstream"),
    [
        ("1.7.24~ds1-6+deb13u1", "1.7.24"),
        ("1.1.5+ds1-1+deb12u1", "1.1.5"),
        ("1:1.35.0-4+deb12u1+b1", "1.35.0"),
        ("1.9.1+dfsg.2+ds1-1", "1.9.1"),
        ("1.4.0~rc2+ds1-1", "1.4.0~rc2"),
        ("0.0~git20200101.abc-2", "0.0~git20200101.abc"),
        ("2.0+really1.9-1", "1.9"),
        ("1.0-2-3", "1.0-2"),
        ("3.0", "3.0"),
    ],
)
def test_people_say_the_version_without_what_the_packager_added(version: str, upstream: str) -> None:
    assert _scheme.upstream(version) == upstream


@given(_versions)
def test_the_upstream_version_is_never_empty_and_is_its_own(version: str) -> None:
    upstream = _scheme.upstream(version)

    assert upstream
    assert ":" not in upstream
