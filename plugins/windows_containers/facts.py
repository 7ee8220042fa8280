"""Facts of a Windows host, read from its registry; on other platforms there are none."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.api import HostFacts, hookimpl

from .host import KEYS, HostSeen, facts_of, network_lines
from .host_checks import HostCheck, host_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_LIST_SECONDS = 5.0
_LIST_NETWORKS = 'Get-HnsNetwork | ForEach-Object { "$($_.Type)`t$($_.Name)" }'


def read_host() -> HostSeen | None:
    """Return what this Windows host tells; ``None`` on other platforms. May take five seconds."""
    if sys.platform != "win32":
        return None
    keys = {key: values for key in KEYS if (values := _values(key)) is not None}
    is_elevated = _is_elevated()
    seen = HostSeen(keys=keys, is_elevated=is_elevated)
    return HostSeen(
        keys=keys,
        is_elevated=is_elevated,
        running=frozenset(name for name in ("containerd", "docker") if seen.service_path(name) and _runs(name)),
        # Without elevation the service refuses to list them; without the service there is nothing to ask.
        networks=_networks() if is_elevated and seen.has_service("hns") else None,
    )


class WindowsFacts:
    """Build, edition and abilities of this Windows.

    Args:
        read: reads the host, or returns ``None`` where there is no Windows.
    """

    name = "windows"

    def __init__(self, read: Callable[[], HostSeen | None] = read_host) -> None:
        self._read = read

    def gather(self) -> Mapping[str, str]:
        """Return the facts by name; nothing on other platforms."""
        seen = self._read()
        return {} if seen is None else {**facts_of(seen), "arch": platform.machine()}

    def checks(self, facts: Mapping[str, str], home: Path) -> Sequence[HostCheck]:  # noqa: ARG002 - it reads more
        """Return what was examined for ``tracker doctor``; nothing on other platforms."""
        seen = self._read()
        return () if seen is None else host_checks(seen, str(home))


def _values(key: str) -> dict[str, object] | None:
    """Return the values of a key below HKEY_LOCAL_MACHINE; ``None`` when it is missing or must not be read."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        # Without this flag a 32-bit Python would be shown a registry of its own.
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            count = winreg.QueryInfoKey(opened)[1]
            return {name: value for name, value, _ in (winreg.EnumValue(opened, at) for at in range(count))}
    except OSError:
        return None


def _is_elevated() -> bool | None:
    if sys.platform != "win32":
        return None
    import ctypes

    try:
        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    except (AttributeError, OSError):
        return None


def _runs(service: str) -> bool:
    if sys.platform != "win32":
        return False
    import psutil

    try:
        return psutil.win_service_get(service).status() == "running"
    except (psutil.Error, OSError):
        return False


def _networks() -> tuple[str, ...] | None:
    """Return the host networks; ``None`` when PowerShell does not list them in time."""
    system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32")
    powershell = system / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    try:
        done = subprocess.run(
            [str(powershell), "-NoProfile", "-NonInteractive", "-Command", _LIST_NETWORKS],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else network_lines(done.stdout)


@hookimpl
def tracker_host_facts() -> tuple[HostFacts, ...]:
    """Return the gatherer ``windows``."""
    return (WindowsFacts(),)
