from __future__ import annotations

import re

import pytest

from tracker.errors import UsageError
from tracker.model import Factor
from tracker.naming import KnownValue, find_pinned, split_pins

CONTAINERD = Factor(name="containerd", title="", components=("containerd",))
RUNTIME = Factor(name="runtime", title="", components=("runc", "crun"))
PLUGINS = Factor(name="cni-plugins", title="", components=("cni-plugins",))
SPEC = Factor(name="cni-spec", title="", variants=("1.1.0", "1.0.0"))
FACTORS = (CONTAINERD, RUNTIME, PLUGINS, SPEC)


def known(factor: Factor, version: str, upstream: str, component: str = "", *, is_live: bool = True) -> KnownValue:
    return KnownValue(value=factor.value(version, component), upstream=upstream, is_live=is_live)


KNOWN = (
    known(CONTAINERD, "2.1.9+ds1-5", "2.1.9"),
    known(CONTAINERD, "1.7.24~ds1-6+deb13u1", "1.7.24"),
    known(CONTAINERD, "1.6.20~ds1-1+deb12u3", "1.6.20"),
    known(CONTAINERD, "1.6.20~ds1-1+deb12u2", "1.6.20", is_live=False),
    known(RUNTIME, "1.1.5+ds1-1+deb12u1", "1.1.5", "runc"),
    known(RUNTIME, "1.21-1", "1.21", "crun"),
    known(PLUGINS, "1.1.1+ds1-3+b17", "1.1.1"),
    known(PLUGINS, "1.1.1+ds1-3+b5", "1.1.1"),
    known(SPEC, "1.1.0", "1.1.0"),
    known(SPEC, "1.0.0", "1.0.0"),
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("containerd", "1.7.24", "containerd=1.7.24~ds1-6+deb13u1"),
        ("containerd", "1.7.24~ds1-6+deb13u1", "containerd=1.7.24~ds1-6+deb13u1"),
        ("containerd", "1.6.20", "containerd=1.6.20~ds1-1+deb12u3"),
        ("containerd", "1.6.20~ds1-1+deb12u2", "containerd=1.6.20~ds1-1+deb12u2"),
        ("runtime", "runc@1.1.5", "runtime=runc@1.1.5+ds1-1+deb12u1"),
        ("runc", "1.1.5", "runtime=runc@1.1.5+ds1-1+deb12u1"),
        ("runtime", "1.21", "runtime=crun@1.21-1"),
        ("cni-spec", "1.0.0", "cni-spec=1.0.0"),
        ("runtime", "absent", "runtime=absent"),
    ],
)
def test_people_may_say_the_plain_version(name: str, text: str, expected: str) -> None:
    assert str(find_pinned(name, text, FACTORS, KNOWN)) == expected


def test_a_version_that_fits_several_values_lists_them() -> None:
    with pytest.raises(UsageError, match="fits several values") as caught:
        find_pinned("cni-plugins", "1.1.1", FACTORS, KNOWN)

    assert "cni-plugins=1.1.1+ds1-3+b17" in caught.value.hint
    assert "cni-plugins=1.1.1+ds1-3+b5" in caught.value.hint


def test_an_unknown_version_names_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"containerd=1\.7\.42 is not known here \(the nearest is containerd=1\.7\.24"):
        find_pinned("containerd", "1.7.42", FACTORS, KNOWN)


def test_a_runtime_of_another_kind_is_not_found() -> None:
    with pytest.raises(UsageError, match=r"runtime=crun@1\.1\.5 is not known"):
        find_pinned("runtime", "crun@1.1.5", FACTORS, KNOWN)


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("1.7.99", "1.7.32"),
        ("1.7.10", "1.7.9"),
        ("1.8.0", "1.7.32"),
        ("2.4.0", "2.4.0-rc.1"),
        ("2.9", "2.3.4"),
        ("v1.7.31", "1.7.32"),
    ],
)
def test_the_nearest_version_is_the_one_with_the_nearest_numbers(asked: str, nearest: str) -> None:
    versions = ("2.4.0-rc.1", "2.3.4", "1.7.32", "1.7.9", "1.6.99", "1.10.0")

    with pytest.raises(UsageError, match=rf"the nearest is containerd={re.escape(nearest)}\)"):
        find_pinned("containerd", asked, FACTORS, [known(CONTAINERD, one, one) for one in versions])


def test_an_unknown_factor_names_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="did you mean 'containerd'"):
        find_pinned("conatinerd", "1.7.24", FACTORS, KNOWN)


@pytest.mark.parametrize("text", ["containerd", "=1", "containerd=", " = "])
def test_a_pin_is_a_factor_and_a_version(text: str) -> None:
    with pytest.raises(UsageError, match="is no pin"):
        split_pins([text])


def test_two_values_for_one_factor_are_refused() -> None:
    with pytest.raises(UsageError, match=r"two values for containerd: 1\.7\.24 and 2\.1\.9"):
        split_pins(["containerd=1.7.24", "containerd=2.1.9"])


def test_the_same_pin_twice_is_one_pin() -> None:
    assert split_pins(["a=1", "a=1"]) == {"a": "1"}
