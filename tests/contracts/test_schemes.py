"""The bundled orders of versions pass the suite that the tracker ships."""

from __future__ import annotations

from tracker.registry import build_registry
from tracker.testing import VersionSchemeContract

_SCHEMES = build_registry().version_schemes
_SUITES = VersionSchemeContract.__subclasses__


class TestSemantic(VersionSchemeContract):
    scheme = _SCHEMES["semver"]
    ascending = ("0.9.0", "1.0.0-alpha.1", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0")
    no_versions = ("", "one", "1..2")


class TestPep440(VersionSchemeContract):
    scheme = _SCHEMES["pep440"]
    ascending = ("1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.1", "1!0.5")
    no_versions = ("", "one.two")


class TestNatural(VersionSchemeContract):
    scheme = _SCHEMES["natural"]
    ascending = ("ltsc2019", "ltsc2022", "ltsc2025", "ltsc2025-2")


class TestWindowsBuild(VersionSchemeContract):
    scheme = _SCHEMES["windows-build"]
    ascending = ("10.0.17763.1", "10.0.20348.2849", "10.0.20348.2966", "10.0.26100.1")


class TestDebian(VersionSchemeContract):
    scheme = _SCHEMES["debian"]
    ascending = ("1.7.24~ds1-6", "1.7.24-1", "1.7.24-1+b2", "1.7.24-1+deb13u1", "1:0.1-1")
    no_versions = ("", "a b")


def test_every_bundled_order_is_held_against_the_suite() -> None:
    assert {suite.scheme.name for suite in _SUITES()} == set(_SCHEMES)
