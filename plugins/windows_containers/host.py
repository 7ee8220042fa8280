r"""What the registry of a Windows host says about containers; pure, so that it is the same on every platform.

Features are told by the services that they install, since DISM and WMI take seconds and DISM takes elevation:

- ``vmcompute`` (Host Compute Service) and ``hns`` (Host Network Service) come with Containers and with Hyper-V;
- ``vmms`` (Virtual Machine Management) comes with Hyper-V alone.

So "process+hyperv" means *installed*. That the hypervisor runs (a machine may lack nested virtualization) and that a
container starts is shown by runs alone. On a client the Virtual Machine Platform, which WSL uses, brings
``vmcompute`` and ``hns`` too: there "process" may be claimed without the feature Containers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CURRENT_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
FILE_SYSTEM = r"SYSTEM\CurrentControlSet\Control\FileSystem"
EXCLUSIONS = r"SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths"
POLICY_EXCLUSIONS = r"SOFTWARE\Policies\Microsoft\Windows Defender\Exclusions\Paths"
RESTART_PENDING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending"
_SERVICES = "SYSTEM\\CurrentControlSet\\Services\\"
_SERVICE_NAMES = ("vmcompute", "hns", "vmms", "containerd", "docker", "WinDefend")
KEYS = (
    CURRENT_VERSION,
    FILE_SYSTEM,
    EXCLUSIONS,
    POLICY_EXCLUSIONS,
    RESTART_PENDING,
    *(_SERVICES + name for name in _SERVICE_NAMES),
)
"""Keys below HKEY_LOCAL_MACHINE that are read."""

_DISABLED = 4
"""``Start`` of a service that never starts."""
_FIRST_WINDOWS_11 = 22000


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSeen:
    """What was read of a Windows host.

    Attributes:
        keys: values by name, by key below HKEY_LOCAL_MACHINE; a key that is missing or cannot be read is left out.
        is_elevated: whether this process has an administrator's rights; ``None`` when it could not be asked.
        running: names of ``containerd`` and ``docker`` where such a service runs.
        networks: ``type name`` of each host network (HNS); ``None`` when they could not be listed.
    """

    keys: Mapping[str, Mapping[str, object]]
    is_elevated: bool | None = None
    running: frozenset[str] = frozenset()
    networks: tuple[str, ...] | None = None

    @property
    def version(self) -> Mapping[str, object]:
        """The values that name this Windows."""
        return self.keys.get(CURRENT_VERSION, {})

    @property
    def build(self) -> int:
        """The build as a number; 0 when it is not told."""
        text = _text(self.version.get("CurrentBuildNumber"))
        return int(text) if text.isdecimal() else 0

    @property
    def is_client(self) -> bool:
        """Whether this is no server."""
        return _text(self.version.get("InstallationType")).lower() == "client"

    def has_service(self, name: str) -> bool:
        """Return whether a service is there and may start."""
        service = self.keys.get(_SERVICES + name)
        return service is not None and service.get("Start") != _DISABLED

    def service_path(self, name: str) -> str:
        """Return the program of a service; empty when there is no such service, or its command is not told."""
        return program_of(_text(self.keys.get(_SERVICES + name, {}).get("ImagePath")))


def facts_of(seen: HostSeen) -> dict[str, str]:
    """Return the facts by name; what was not told is left out."""
    facts = {
        "windows.build": _build(seen),
        "windows.revision": _text(seen.version.get("UBR")),
        "windows.edition": _text(seen.version.get("EditionID")),
        "windows.installation": _text(seen.version.get("InstallationType")),
        "windows.product": product_of(seen),
        "windows.release": _text(seen.version.get("DisplayVersion")) or _text(seen.version.get("ReleaseId")),
        "windows.elevated": "" if seen.is_elevated is None else "yes" if seen.is_elevated else "no",
        "windows.isolation": isolation_of(seen),
        "windows.containerd-service": seen.service_path("containerd") if "containerd" in seen.running else "",
        "windows.host-networks": "" if seen.networks is None else ", ".join(sorted(seen.networks)) or "none",
    }
    return {name: value for name, value in facts.items() if value}


def product_of(seen: HostSeen) -> str:
    """Return the name as it is sold; the registry of Windows 11 goes on to say Windows 10."""
    name = _text(seen.version.get("ProductName"))
    return name.replace("Windows 10", "Windows 11") if seen.is_client and seen.build >= _FIRST_WINDOWS_11 else name


def isolation_of(seen: HostSeen) -> str:
    """Return ``process``, ``process+hyperv`` or ``none``, by the services that are installed and not disabled."""
    if not (seen.has_service("vmcompute") and seen.has_service("hns")):
        return "none"
    return "process+hyperv" if seen.has_service("vmms") else "process"


def program_of(command: str) -> str:
    r"""Return the program that a service's command starts.

    A path with spaces stands in quotes; where it does not, it ends with the first ``.exe``, as Windows tries it.
    """
    command = command.strip()
    if command.startswith('"'):
        return command[1:].partition('"')[0]
    found = command.lower().find(".exe")
    return command[: found + 4] if found >= 0 else command.partition(" ")[0]


def network_lines(listed: str) -> tuple[str, ...]:
    """Return ``type name`` of each network out of lines that hold type, tab and name; others are passed over."""
    pairs = [line.strip().partition("\t") for line in listed.splitlines()]
    return tuple(f"{kind.strip().lower()} {name.strip()}" for kind, tab, name in pairs if tab)


def _build(seen: HostSeen) -> str:
    if not seen.build:
        return ""
    # Windows 10, 11 and all servers since 2016 say 10 and 0 here; the older value CurrentVersion stands still at 6.3.
    major, minor = (_text(seen.version.get(f"Current{part}VersionNumber")) for part in ("Major", "Minor"))
    return f"{major or '10'}.{minor or '0'}.{seen.build}"


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
