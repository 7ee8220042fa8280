"""What ``tracker doctor`` says of a Windows host, each with the command that mends it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from .host import EXCLUSIONS, FILE_SYSTEM, POLICY_EXCLUSIONS, RESTART_PENDING, isolation_of, product_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .host import HostSeen

_OLDEST_BUILD = 17763
"""Windows Server 2019, the oldest that containerd's releases for Windows are made for."""
_SERVER_CONTAINERS = "Install-WindowsFeature Containers -Restart"
_SERVER_HYPERV = "Install-WindowsFeature Hyper-V -IncludeManagementTools -Restart"
_CLIENT_CONTAINERS = "Enable-WindowsOptionalFeature -Online -FeatureName containers -All"
_CLIENT_HYPERV = "Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All"
_LONG_PATHS = r"Set-ItemProperty HKLM:\SYSTEM\CurrentControlSet\Control\FileSystem LongPathsEnabled 1 -Type DWord"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCheck:
    """One examined thing.

    Attributes:
        name: what was examined.
        is_good: whether it is as it should be.
        found: what was found.
        remedy: the command that mends it, for an elevated PowerShell; empty when nothing is to be mended.
    """

    name: str
    is_good: bool
    found: str
    remedy: str = ""


def host_checks(seen: HostSeen, home: str) -> tuple[HostCheck, ...]:
    """Return what was examined, in the order in which a person should mend it.

    Args:
        seen: what was read of the host.
        home: where the tracker keeps its files.
    """
    return (
        _windows(seen),
        *_elevation(seen),
        *_features(seen),
        _long_paths(seen),
        *_others(seen),
        *_defender(seen, home),
    )


def _windows(seen: HostSeen) -> HostCheck:
    told = f"{product_of(seen) or 'unknown'}, build {seen.build}.{seen.version.get('UBR', '?')}"
    if seen.build >= _OLDEST_BUILD:
        return HostCheck(name="Windows", is_good=True, found=told)
    found = f"{told}; containers without Docker take build {_OLDEST_BUILD} (Windows Server 2019) or newer"
    return HostCheck(name="Windows", is_good=False, found=found)


def _elevation(seen: HostSeen) -> Iterator[HostCheck]:
    if seen.is_elevated is None:
        return
    found = "this process is elevated" if seen.is_elevated else "this process is not elevated"
    remedy = 'Start-Process powershell -Verb RunAs -ArgumentList "-NoExit", "-Command", "tracker doctor"'
    yield HostCheck(name="elevation", is_good=seen.is_elevated, found=found, remedy="" if seen.is_elevated else remedy)


def _features(seen: HostSeen) -> Iterator[HostCheck]:
    isolation = isolation_of(seen)
    containers = seen.has_service("vmcompute")
    yield HostCheck(
        name="feature Containers",
        is_good=containers,
        found=f"service vmcompute is {'there' if containers else 'missing or disabled'}: isolation {isolation}",
        remedy="" if containers else _CLIENT_CONTAINERS if seen.is_client else _SERVER_CONTAINERS,
    )
    networks = seen.has_service("hns")
    listed = "" if seen.networks is None else f"; host networks: {', '.join(sorted(seen.networks)) or 'none'}"
    yield HostCheck(
        name="host networks",
        is_good=networks,
        found=f"service hns is {'there' if networks else 'missing or disabled'}{listed}",
        # The service comes with the feature; where the feature is there, somebody switched the service off.
        remedy="" if networks or not containers else "Set-Service hns -StartupType Manual; Start-Service hns",
    )
    hyperv = seen.has_service("vmms")
    virtual = "in a virtual machine it also takes nested virtualization"
    yield HostCheck(
        name="feature Hyper-V",
        is_good=hyperv,
        found=f"service vmms is {'there' if hyperv else f'missing or disabled: no Hyper-V isolation; {virtual}'}",
        remedy="" if hyperv else _CLIENT_HYPERV if seen.is_client else _SERVER_HYPERV,
    )
    if RESTART_PENDING in seen.keys:
        found = "Windows waits for a restart; until then features may be half installed"
        yield HostCheck(name="restart", is_good=False, found=found, remedy="Restart-Computer")


def _long_paths(seen: HostSeen) -> HostCheck:
    enabled = seen.keys.get(FILE_SYSTEM, {}).get("LongPathsEnabled") == 1
    found = "enabled" if enabled else "disabled: files of an image may lie too deep to be removed again"
    return HostCheck(name="long paths", is_good=enabled, found=found, remedy="" if enabled else _LONG_PATHS)


def _others(seen: HostSeen) -> Iterator[HostCheck]:
    """Tell what else runs containers here: none of it is touched, but its nat network cannot be had twice."""
    for name in ("containerd", "docker"):
        if path := seen.service_path(name):
            state = "running" if name in seen.running else "not running"
            found = f"service {name} is {state} ({path}); it and its networks are left alone"
            yield HostCheck(name=f"other {name}", is_good=True, found=found)


def _defender(seen: HostSeen, home: str) -> Iterator[HostCheck]:
    if not seen.has_service("WinDefend"):
        return
    excluded = [path for key in (EXCLUSIONS, POLICY_EXCLUSIONS) for path in seen.keys.get(key, {})]
    if any(PureWindowsPath(home).is_relative_to(PureWindowsPath(path)) for path in excluded if path):
        found = f"does not scan {home}"
    elif seen.is_elevated:
        quoted = home.replace("'", "''")
        found = (
            f"scans every file that is unpacked, which is slow; if you may: Add-MpPreference -ExclusionPath '{quoted}'"
        )
    else:
        found = "its exclusions are told to administrators alone"
    # An advice and no fault: whether to exclude anything is the administrator's to decide.
    yield HostCheck(name="Windows Defender", is_good=True, found=found)
