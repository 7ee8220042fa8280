"""What is told of a Windows host, out of registries as they are on several Windows."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.windows_containers.facts import WindowsFacts
from tracker.plugins.windows_containers.host import (
    CURRENT_VERSION,
    EXCLUSIONS,
    FILE_SYSTEM,
    RESTART_PENDING,
    HostSeen,
    facts_of,
    isolation_of,
    network_lines,
    program_of,
)
from tracker.plugins.windows_containers.host_checks import HostCheck, host_checks

from tracker.protocols.facts import HostChecks
from tracker.registry import build_registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERVICES = "SYSTEM\\CurrentControlSet\\Services\\"
HOME = r"C:\tracker\tracker-data"
TEN = {"CurrentMajorVersionNumber": 10, "CurrentMinorVersionNumber": 0, "CurrentVersion": "6.3"}
SERVER_2019 = {
    **TEN,
    "ProductName": "Windows Server 2019 Standard",
    "EditionID": "ServerStandard",
    "InstallationType": "Server Core",
    "CurrentBuildNumber": "17763",
    "UBR": 6414,
    "ReleaseId": "1809",
}
SERVER_2022 = {
    **TEN,
    "ProductName": "Windows Server 2022 Standard",
    "EditionID": "ServerStandard",
    "InstallationType": "Server",
    "CurrentBuildNumber": "20348",
    "UBR": 2849,
    "ReleaseId": "2009",
    "DisplayVersion": "21H2",
}
SERVER_2025 = {
    **TEN,
    "ProductName": "Windows Server 2025 Datacenter",
    "EditionID": "ServerDatacenter",
    "InstallationType": "Server",
    "CurrentBuildNumber": "26100",
    "UBR": 2605,
    "ReleaseId": "2009",
    "DisplayVersion": "24H2",
}
WINDOWS_11 = {
    **TEN,
    "ProductName": "Windows 10 Pro",  # the registry of Windows 11 says so
    "EditionID": "Professional",
    "InstallationType": "Client",
    "CurrentBuildNumber": "26100",
    "UBR": 3194,
    "ReleaseId": "2009",
    "DisplayVersion": "24H2",
}
CONTAINERS = {"vmcompute": {"Start": 3}, "hns": {"Start": 3}}
HYPERV = {**CONTAINERS, "vmms": {"Start": 2}}


def seen(
    version: Mapping[str, object],
    services: Mapping[str, Mapping[str, object]] | None = None,
    *,
    more: Mapping[str, Mapping[str, object]] | None = None,
    is_elevated: bool | None = None,
    running: frozenset[str] = frozenset(),
    networks: tuple[str, ...] | None = None,
) -> HostSeen:
    installed = {SERVICES + name: values for name, values in (services or {}).items()}
    return HostSeen(
        keys={CURRENT_VERSION: version, **installed, **(more or {})},
        is_elevated=is_elevated,
        running=running,
        networks=networks,
    )


def check(host: HostSeen, name: str, home: str = HOME) -> HostCheck:
    return next(one for one in host_checks(host, home) if one.name == name)


@pytest.mark.parametrize(
    ("version", "build", "revision", "edition", "product", "release"),
    [
        pytest.param(
            SERVER_2019,
            "10.0.17763",
            "6414",
            "ServerStandard",
            "Windows Server 2019 Standard",
            "1809",
            id="2019",
        ),
        pytest.param(
            SERVER_2022,
            "10.0.20348",
            "2849",
            "ServerStandard",
            "Windows Server 2022 Standard",
            "21H2",
            id="2022",
        ),
        pytest.param(
            SERVER_2025,
            "10.0.26100",
            "2605",
            "ServerDatacenter",
            "Windows Server 2025 Datacenter",
            "24H2",
            id="2025",
        ),
        pytest.param(WINDOWS_11, "10.0.26100", "3194", "Professional", "Windows 11 Pro", "24H2", id="11"),
    ],
)
def test_windows_is_named_as_its_registry_tells(
    version: Mapping[str, object], build: str, revision: str, edition: str, product: str, release: str
) -> None:
    facts = facts_of(seen(version))

    assert facts["windows.build"] == build
    assert facts["windows.revision"] == revision
    assert facts["windows.edition"] == edition
    assert facts["windows.product"] == product
    assert facts["windows.release"] == release


def test_what_the_registry_does_not_tell_is_left_out() -> None:
    assert facts_of(HostSeen(keys={})) == {"windows.isolation": "none"}
    assert "windows.build" not in facts_of(seen({"CurrentBuildNumber": "not a number"}))


@pytest.mark.parametrize(
    ("services", "isolation"),
    [
        pytest.param({}, "none", id="bare"),
        pytest.param(CONTAINERS, "process", id="Containers"),
        pytest.param(HYPERV, "process+hyperv", id="Hyper-V"),
        pytest.param({**HYPERV, "vmms": {"Start": 4}}, "process", id="Hyper-V switched off"),
        pytest.param({**HYPERV, "hns": {"Start": 4}}, "none", id="networks switched off"),
        pytest.param({"vmms": {"Start": 2}}, "none", id="half removed"),
    ],
)
def test_isolation_is_told_by_the_services_that_features_install(
    services: Mapping[str, Mapping[str, object]], isolation: str
) -> None:
    assert isolation_of(seen(SERVER_2022, services)) == isolation
    assert facts_of(seen(SERVER_2022, services))["windows.isolation"] == isolation


@pytest.mark.parametrize(("is_elevated", "told"), [(True, "yes"), (False, "no"), (None, None)])
def test_elevation_is_told_where_it_could_be_asked(*, is_elevated: bool | None, told: str | None) -> None:
    assert facts_of(seen(SERVER_2022, is_elevated=is_elevated)).get("windows.elevated") == told


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (
            r'"C:\Program Files\containerd\bin\containerd.exe" --run-service',
            r"C:\Program Files\containerd\bin\containerd.exe",
        ),
        (
            r"C:\Program Files\containerd\containerd.exe --run-service",
            r"C:\Program Files\containerd\containerd.exe",
        ),
        (r"C:\WINDOWS\system32\svchost.EXE -k x", r"C:\WINDOWS\system32\svchost.EXE"),
        ("", ""),
    ],
)
def test_the_program_of_a_service_is_told_without_its_arguments(command: str, program: str) -> None:
    assert program_of(command) == program


def test_only_a_containerd_that_runs_is_in_the_way() -> None:
    services = {"containerd": {"Start": 2, "ImagePath": r'"C:\ctd\containerd.exe" --run-service'}}

    stopped = facts_of(seen(SERVER_2022, services))
    running = facts_of(seen(SERVER_2022, services, running=frozenset({"containerd"})))

    assert "windows.containerd-service" not in stopped
    assert running["windows.containerd-service"] == r"C:\ctd\containerd.exe"


def test_host_networks_that_are_none_differ_from_those_that_were_not_listed() -> None:
    listed = network_lines("NAT\tnat\r\n\r\nICS\tDefault Switch\r\nsome warning\r\n")

    assert listed == ("nat nat", "ics Default Switch")
    assert facts_of(seen(SERVER_2022, networks=listed))["windows.host-networks"] == "ics Default Switch, nat nat"
    assert facts_of(seen(SERVER_2022, networks=()))["windows.host-networks"] == "none"
    assert "windows.host-networks" not in facts_of(seen(SERVER_2022))


@pytest.mark.parametrize(
    ("version", "feature", "remedy"),
    [
        (SERVER_2022, "feature Containers", "Install-WindowsFeature Containers"),
        (SERVER_2022, "feature Hyper-V", "Install-WindowsFeature Hyper-V -IncludeManagementTools"),
        (WINDOWS_11, "feature Containers", "Enable-WindowsOptionalFeature -Online -FeatureName containers -All"),
        (WINDOWS_11, "feature Hyper-V", "Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All"),
    ],
)
def test_a_missing_feature_comes_with_the_command_for_this_kind_of_windows(
    version: Mapping[str, object], feature: str, remedy: str
) -> None:
    missing, there = check(seen(version), feature), check(seen(version, HYPERV), feature)

    assert (missing.is_good, there.is_good, there.remedy) == (False, True, "")
    assert missing.remedy.startswith(remedy)


def test_a_bare_windows_lacks_everything_and_a_ready_one_nothing() -> None:
    bare = seen({**SERVER_2022, "CurrentBuildNumber": "14393"}, more={RESTART_PENDING: {}}, is_elevated=False)
    ready = seen(SERVER_2022, HYPERV, more={FILE_SYSTEM: {"LongPathsEnabled": 1}}, is_elevated=True, networks=())

    assert {one.name for one in host_checks(bare, HOME) if not one.is_good} == {
        "Windows",
        "elevation",
        "feature Containers",
        "host networks",
        "feature Hyper-V",
        "restart",
        "long paths",
    }
    assert [one for one in host_checks(ready, HOME) if not one.is_good or one.remedy] == []


def test_doctor_names_windows_11_as_it_is_sold() -> None:
    assert check(seen(WINDOWS_11), "Windows").found == "Windows 11 Pro, build 26100.3194"


def test_a_service_for_networks_that_was_switched_off_is_switched_on_again() -> None:
    assert check(seen(SERVER_2022), "host networks").remedy == ""
    assert "Start-Service hns" in check(seen(SERVER_2022, {"vmcompute": {"Start": 3}}), "host networks").remedy


def test_another_containerd_is_named_and_no_fault() -> None:
    services = {"containerd": {"ImagePath": r"C:\ctd\containerd.exe"}, "docker": {"ImagePath": r"C:\d\dockerd.exe"}}
    host = seen(SERVER_2022, services, running=frozenset({"docker"}))

    assert check(host, "other containerd").found.startswith("service containerd is not running")
    assert check(host, "other docker").found.startswith("service docker is running")
    assert check(host, "other docker").is_good


@pytest.mark.parametrize(
    ("excluded", "home", "told"),
    [
        pytest.param([r"c:\TRACKER"], HOME, "does not scan", id="above, in other letters"),
        pytest.param([r"C:\tracker-old"], HOME, "Add-MpPreference", id="beside"),
        pytest.param([], r"C:\it's", r"-ExclusionPath 'C:\it''s'", id="quoted"),
    ],
)
def test_the_scanner_is_told_of_with_the_command_that_spares_the_home(
    excluded: list[str], home: str, told: str
) -> None:
    more: dict[str, dict[str, object]] = {EXCLUSIONS: dict.fromkeys(excluded, 0)}

    found = check(seen(SERVER_2022, {"WinDefend": {"Start": 2}}, more=more, is_elevated=True), "Windows Defender", home)

    assert told in found.found
    assert found.is_good


def test_whether_the_scanner_spares_the_home_is_not_guessed_without_rights() -> None:
    host = seen(SERVER_2022, {"WinDefend": {"Start": 2}}, is_elevated=False)

    assert "administrators" in check(host, "Windows Defender").found
    assert "Windows Defender" not in {one.name for one in host_checks(seen(SERVER_2022), HOME)}


def test_the_plugin_gathers_the_facts_that_the_profile_asks_for() -> None:
    registry = build_registry()
    gathered = WindowsFacts(read=lambda: seen(SERVER_2022, CONTAINERS)).gather()

    # "isolation" is told by the host itself, of every run.
    assert set(registry.profiles["windows-containers"].host_key) <= {*gathered, "isolation"}
    assert isinstance(registry.host_facts["windows"], HostChecks)


@pytest.mark.skipif(sys.platform == "win32", reason="facts of another platform")
def test_other_platforms_have_no_facts_of_windows(tmp_path: Path) -> None:
    facts = WindowsFacts()

    assert facts.gather() == {}
    assert tuple(facts.checks({}, tmp_path)) == ()


@pytest.mark.skipif(sys.platform != "win32", reason="reads the registry of a Windows")
def test_the_facts_are_those_that_windows_itself_tells() -> None:
    facts = WindowsFacts().gather()
    told = subprocess.run(["cmd", "/c", "ver"], capture_output=True, text=True, check=True).stdout

    assert f"{facts['windows.build']}.{facts['windows.revision']}" in told
    assert facts["windows.elevated"] in {"yes", "no"}
    assert facts["windows.edition"]
