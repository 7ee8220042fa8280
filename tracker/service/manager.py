"""Who keeps services on this machine: the one interface that systemd and Windows have here."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tracker.errors import SmokeError

if TYPE_CHECKING:
    from tracker.service.definition import ServiceDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """How a service stands.

    Attributes:
        is_installed: the system knows it.
        state: in the system's own word (``active``, ``running``, ``stopped``); empty when it is not installed.
    """

    is_installed: bool
    state: str = ""


class ServiceManager(Protocol):
    """Installs and drives services.

    What ``start``, ``stop`` and ``remove`` are given was returned by ``installed``. Every method raises ``SmokeError``
    with the system's own words when it refuses.
    """

    def install(self, service: ServiceDefinition) -> tuple[str, ...]:
        """Install it, to be started with the machine, or leave nothing; return what was made, each in a line."""

    def start(self, name: str) -> None:
        """Start it."""

    def stop(self, name: str) -> None:
        """Stop it and wait until it has stopped."""

    def installed(self, service: ServiceDefinition) -> ServiceDefinition:
        """Return the service of that name as it was installed, or as it was asked for where there is none.

        Raises:
            UsageError: it is not tracker's, or works with another tracker.toml.
        """

    def state(self, name: str) -> ServiceState:
        """Return how it stands."""

    def remove(self, service: ServiceDefinition) -> tuple[str, ...]:
        """Stop and remove it with all that ``install`` made; return what is left, each in a line."""


def open_manager() -> ServiceManager:
    """Return the manager of this machine.

    Raises:
        SmokeError: this machine has none that is known.
    """
    if sys.platform == "win32":
        from tracker.service.windows import WindowsServices

        return WindowsServices()
    from tracker.service.systemd import Systemd

    if not Path("/run/systemd/system").is_dir():
        message = "this machine was not started by systemd"
        raise SmokeError(message, hint="Let whatever starts programs here run `tracker daemon`.")
    return Systemd(Path("/etc/systemd/system"))
