"""Windows' host networks (HNS), which a machine has once: those that were there before are never touched.

What a killed run made is found again by a list of what was there before it, which is written first.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from tracker.api import SmokeError

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.api import Bench, Completed

RULE = "tracker-smoke"
"""Display name of the firewall rule that lets a container reach the run's own server."""
_LIST = "@(Get-HnsNetwork | Select-Object ID, Name, Type) | ConvertTo-Json -Compress"
_REMOVE = "Get-HnsNetwork | Where-Object ID -EQ '{id}' | Remove-HnsNetwork"
_REMOVE_RULE = f"Remove-NetFirewallRule -DisplayName '{RULE}' -ErrorAction SilentlyContinue"
_ADD_RULE = (
    f"New-NetFirewallRule -DisplayName '{RULE}' -Direction Inbound -Action Allow -Protocol TCP "
    "-LocalAddress {address} -LocalPort {port} | Out-Null"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNetwork:
    """One network of the Host Networking Service.

    Attributes:
        id: its GUID.
        name: ``nat`` for the one that clients make and look for.
        kind: ``nat``, ``l2bridge``, ``ics`` ...; in lower case.
    """

    id: str
    name: str
    kind: str


def read_networks(text: str) -> tuple[HostNetwork, ...]:
    """Return the networks that PowerShell listed as JSON: nothing, an object, or a list.

    Raises:
        ValueError: it is something else.
    """
    found = json.loads(text) if text.strip() else []
    rows = found if isinstance(found, list) else [found]
    try:
        return tuple(
            HostNetwork(id=str(row["ID"]), name=str(row["Name"]), kind=str(row["Type"]).lower()) for row in rows
        )
    except (KeyError, TypeError) as error:
        message = f"is no list of host networks: {error}"
        raise ValueError(message) from error


class HostNetworks:
    """The host networks of this machine, as one run may use them.

    Args:
        bench: runs PowerShell; its workspace lies in a directory of all runs, which keeps the list.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._list = bench.workspace.parent.parent / "host-networks.json"

    def remove_leftovers(self) -> None:
        """Remove what a killed run made: networks called ``nat`` that were not there before it, and its rule."""
        self._powershell(_REMOVE_RULE)
        if self._list.exists():
            self.remove_made()

    def existing_nat(self) -> HostNetwork | None:
        """Return a network that a client would take for its own, or ``None``."""
        return next((one for one in self._networks() if "nat" in {one.name.lower(), one.kind}), None)

    def begin(self) -> None:
        """Remember what is there; what is there more at the end was made by the run."""
        ids = [one.id for one in self._networks()]
        _write_whole(self._list, json.dumps(ids))

    def allow(self, address: str, port: int) -> None:
        """Let containers reach a port of this machine on the network's own address."""
        self._powershell(_ADD_RULE.format(address=address, port=port))

    def remove_made(self) -> None:
        """Remove the networks called ``nat`` that were not there when the run began."""
        before = json.loads(self._list.read_text(encoding="utf-8"))
        for one in self._networks():
            if one.id not in before and "nat" in {one.name.lower(), one.kind}:
                self._powershell(_REMOVE.format(id=one.id))
        self._powershell(_REMOVE_RULE)
        self._list.unlink(missing_ok=True)

    def _networks(self) -> tuple[HostNetwork, ...]:
        done = self._powershell(_LIST)
        try:
            return read_networks(done.stdout)
        except ValueError as error:
            message = f"the host networks cannot be listed: {error}"
            raise SmokeError(message, hint="Is the service hns running? `Get-Service hns` tells.") from error

    def _powershell(self, script: str) -> Completed:
        root = PureWindowsPath(os.environ.get("SYSTEMROOT", "C:\\Windows"))
        program = str(root / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe")
        done = self._bench.run([program, "-NoProfile", "-NonInteractive", "-Command", script])
        if done.exit_code != 0:
            message = f"PowerShell failed on the host networks: {done.output[:300]}"
            raise SmokeError(message, hint="Run it elevated, with the feature Containers installed.")
        return done


def _write_whole(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
