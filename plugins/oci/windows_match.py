"""Which image of Windows a host of a given build can run.

The rules, read 2026-11-23:

- Microsoft's table "Windows container version compatibility" (document of 2025-01-23) says which pairs work.
- containerd's reading of it, which refuses all others: a host below build 20348 (Windows Server 2022) runs images of
  its own build alone; from there on, everything from the long-term release before the host's own up to the host. Both
  Windows Server 2025 and what came after it begin at 20348; containerd with platforms older than v1.0.0-rc.5 refuses
  those images on hosts above build 26100.
- Under Hyper-V isolation an image has a kernel of its own, which must not be newer than the host's.

The fourth number (the month's update) decides nothing, only which image is the newest. Windows Server 2016 is the
exception: Microsoft asks for the same update there, which is not demanded here, since containerd does not run on it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.api import Asset

PROCESS = "process"
HYPERV = "hyperv"

_FIRST_WITH_STABLE_INTERFACE = 20348
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?")


class WindowsVersion(NamedTuple):
    """A version of Windows, in the order of its numbers; an update that is not told is -1."""

    major: int
    minor: int
    build: int
    update: int


def read_windows_version(text: str) -> WindowsVersion:
    """Return what ``"10.0.20348.2849"`` or ``"10.0.20348"`` says.

    Raises:
        ValueError: it is no version of Windows.
    """
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        message = f"{text!r} is no version of Windows, which looks like 10.0.20348.2849"
        raise ValueError(message)
    major, minor, build, update = found.groups()
    return WindowsVersion(int(major), int(minor), int(build), -1 if update is None else int(update))


def fits(image: str, host_build: str, isolation: str) -> bool:
    """Return whether a host can run an image.

    Args:
        image: the image's ``os.version``.
        host_build: the host's version, in the same form.
        isolation: ``"process"`` or ``"hyperv"``.

    Raises:
        ValueError: another isolation, or no version of Windows.
    """
    _check_isolation(isolation)
    wanted, host = read_windows_version(image), read_windows_version(host_build)
    if wanted[:2] != host[:2]:
        return False
    oldest = 0 if isolation == HYPERV else _oldest_beside(host.build)
    return oldest <= wanted.build <= host.build


def best_for_build(assets: Iterable[Asset], host_build: str, isolation: str, *, platform: str = "") -> Asset | None:
    """Return the newest image that the host can run; ``None`` when there is none.

    An image that does not tell its version (those for host processes do not) is taken only when no other one fits.

    Args:
        assets: images of one or several tags; those that are not for Windows are left out.
        host_build: the host's version, ``"10.0.20348.2849"``.
        isolation: ``"process"`` or ``"hyperv"``.
        platform: ``"windows/amd64"`` to leave out other architectures; empty for any.

    Raises:
        ValueError: another isolation, or ``host_build`` is no version of Windows.
    """
    _check_isolation(isolation)
    read_windows_version(host_build)
    found: tuple[WindowsVersion | None, Asset] | None = None
    for asset in assets:
        if asset.platform != platform if platform else not asset.platform.startswith("windows/"):
            continue
        version = _version_of(asset)
        if version is not None and not fits(asset.os_version, host_build, isolation):
            continue
        if found is None or (version is not None and (found[0] is None or version > found[0])):
            found = version, asset
    return found[1] if found else None


def _check_isolation(isolation: str) -> None:
    if isolation not in {PROCESS, HYPERV}:
        message = f"isolation {isolation!r}: must be {PROCESS!r} or {HYPERV!r}"
        raise ValueError(message)


def _oldest_beside(host: int) -> int:
    """Return the oldest build that runs beside the host's own processes.

    The long-term release after Windows Server 2025 will raise it to 26100, for itself and for what follows.
    """
    return min(host, _FIRST_WITH_STABLE_INTERFACE)


def _version_of(asset: Asset) -> WindowsVersion | None:
    try:
        return read_windows_version(asset.os_version)
    except ValueError:
        return None
