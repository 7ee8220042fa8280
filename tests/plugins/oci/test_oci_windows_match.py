"""Microsoft's table is given here as it was on 2025-01-23 (document "version-compatibility")."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.oci.windows_match import best_for_build, fits

from tracker.model import Asset

_IMAGES = {"2016": 14393, "2019": 17763, "2022": 20348, "2025": 26100}
_HOSTS = {
    "Windows Server 2016": (14393,),
    "Windows Server 2019": (17763,),
    "Windows Server 2022": (20348,),
    "Windows Server 2025": (26100,),
    "Windows 11": (22000, 22621, 22631, 26100, 26200),
    "Windows 10": (19041, 19042, 19043, 19044, 19045),
}
# Host, image, Hyper-V isolation, process isolation.
_TABLE = [
    ("Windows Server 2025", "2025", True, True),
    ("Windows Server 2025", "2022", True, True),
    ("Windows Server 2025", "2019", True, False),
    ("Windows Server 2025", "2016", True, False),
    ("Windows Server 2022", "2022", True, True),
    ("Windows Server 2022", "2019", True, False),
    ("Windows Server 2022", "2016", True, False),
    ("Windows Server 2019", "2022", False, False),
    ("Windows Server 2019", "2019", True, True),
    ("Windows Server 2019", "2016", True, False),
    ("Windows Server 2016", "2022", False, False),
    ("Windows Server 2016", "2019", False, False),
    ("Windows Server 2016", "2016", True, True),
    ("Windows 11", "2022", True, True),
    ("Windows 11", "2019", True, False),
    ("Windows 11", "2016", True, False),
    ("Windows 10", "2022", False, False),
    ("Windows 10", "2019", True, False),
    ("Windows 10", "2016", True, False),
]
# "from 24H2" in the table, which is build 26100.
_FROM_24H2 = [(22000, False), (22621, False), (22631, False), (26100, True), (26200, True)]


def _asset(os_version: str, platform: str = "windows/amd64") -> Asset:
    return Asset(name=f"{platform} {os_version}", url="", platform=platform, os_version=os_version)


@pytest.mark.parametrize(("host", "image", "hyperv", "process"), _TABLE)
def test_the_policy_says_what_microsofts_table_says(host: str, image: str, *, hyperv: bool, process: bool) -> None:
    for build in _HOSTS[host]:
        asked = f"10.0.{_IMAGES[image]}.1", f"10.0.{build}.5"

        assert fits(*asked, "hyperv") == hyperv, build
        assert fits(*asked, "process") == process, build


@pytest.mark.parametrize(("build", "expected"), _FROM_24H2)
def test_images_of_2025_run_on_windows_11_from_24h2(build: int, *, expected: bool) -> None:
    assert fits("10.0.26100.1", f"10.0.{build}.1", "process") == expected
    assert fits("10.0.26100.1", f"10.0.{build}.1", "hyperv") == expected


def test_beyond_the_table_containerds_reading_counts() -> None:
    # An image of 2025 on a host of 2022 is in no row; the annual channel (25398) neither.
    assert not fits("10.0.26100.1", "10.0.20348.1", "process")
    assert not fits("10.0.26100.1", "10.0.20348.1", "hyperv")
    assert fits("10.0.20348.1", "10.0.25398.1", "process")
    assert fits("10.0.25398.1", "10.0.26100.1", "process")
    assert not fits("10.0.17763.1", "10.0.18363.1", "process")


def test_the_newest_image_that_fits_is_taken_also_when_its_update_is_newer_than_the_hosts() -> None:
    assets = [_asset(f"10.0.{each}") for each in ("17763.6532", "20348.2849", "20348.10000", "26100.1")]

    assert best_for_build(assets, "10.0.20348.3000", "process") == assets[2]
    assert best_for_build(assets, "10.0.26100.4000", "process") == assets[3]
    assert best_for_build(assets, "10.0.19045.1", "hyperv") == assets[0]
    assert best_for_build(assets, "10.0.19045.1", "process") is None


def test_an_image_that_tells_no_version_is_the_last_resort() -> None:
    untold, old = _asset(""), _asset("10.0.17763.1")

    assert best_for_build([untold, old], "10.0.17763.5", "process") == old
    assert best_for_build([untold, old], "10.0.26100.1", "process") == untold


def test_other_systems_and_architectures_are_left_out() -> None:
    arm, linux = _asset("10.0.26100.9", "windows/arm64"), _asset("", "linux/amd64")

    assert best_for_build([linux], "10.0.26100.1", "process") is None
    assert best_for_build([arm, linux], "10.0.26100.1", "process") == arm
    assert best_for_build([arm, linux], "10.0.26100.1", "process", platform="windows/amd64") is None


@pytest.mark.parametrize(("build", "isolation"), [("20348", "process"), ("10.0.20348.1", "vm"), ("", "hyperv")])
def test_what_is_no_build_or_isolation_is_refused(build: str, isolation: str) -> None:
    with pytest.raises(ValueError, match=r"must be|no version of Windows"):
        best_for_build([], build, isolation)


_BUILDS = st.integers(10240, 40000)


@given(_BUILDS, _BUILDS)
def test_what_runs_beside_the_host_runs_in_a_machine_of_its_own_too(image: int, host: int) -> None:
    asked = f"10.0.{image}.1", f"10.0.{host}.1"

    assert fits(*asked, "process") <= fits(*asked, "hyperv")


@given(st.lists(_BUILDS), _BUILDS, st.sampled_from(["process", "hyperv"]))
def test_the_choice_fits_and_does_not_depend_on_the_order(images: list[int], host: int, isolation: str) -> None:
    assets = [_asset(f"10.0.{image}.1") for image in images]

    best = best_for_build(assets, f"10.0.{host}.1", isolation)

    assert best == best_for_build(assets[::-1], f"10.0.{host}.1", isolation)
    fitting = [image for image in images if fits(f"10.0.{image}.1", f"10.0.{host}.1", isolation)]
    assert (best.os_version if best else None) == (f"10.0.{max(fitting)}.1" if fitting else None)
