"""Services as units of systemd; see systemd.service(5) and systemd.exec(5)."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.service.definition import as_installed
from tracker.service.manager import ServiceState

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.service.definition import ServiceDefinition

_SECONDS = 360
"""More than TimeoutStopSec, for which ``systemctl stop`` may wait."""
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HARDENED = """NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
CapabilityBoundingSet=
"""
"""For a part that runs nothing: it reads the machine and writes its own directories."""


class Systemd:
    """Units below one directory.

    Args:
        units_dir: where units of the administrator lie.
        systemctl: the program.
    """

    def __init__(self, units_dir: Path, systemctl: str = "systemctl") -> None:
        self._units_dir = units_dir
        self._systemctl = systemctl

    def install(self, service: ServiceDefinition) -> tuple[str, ...]:
        """Write the unit and let systemd start it with the machine."""
        unit = self._unit(service.name)
        if unit.exists():
            message = f"there is a service {service.name} already: {unit}"
            raise SmokeError(message, hint=f"Remove it first: tracker service remove --name {service.name}")
        try:
            for directory in (service.log_file.parent, service.site_dir):
                directory.mkdir(parents=True, exist_ok=True)
            unit.write_text(unit_text(service), encoding="utf-8")
        except OSError as error:
            message = f"{error.filename}: cannot be written: {error.strerror}"
            raise SmokeError(message, hint="Run this as root.") from error
        try:
            self._call("daemon-reload")
            self._call("enable", unit.name)
        except SmokeError:
            unit.unlink(missing_ok=True)
            raise
        made = [f"unit {unit}"]
        if service.account:
            made.append(f"give {service.account} the right to write {service.home} and {service.site_dir}")
        return tuple(made)

    def start(self, name: str) -> None:
        """Start it."""
        self._call("start", f"{name}.service")

    def stop(self, name: str) -> None:
        """Stop it; systemd waits until it has stopped."""
        self._call("stop", f"{name}.service")

    def installed(self, service: ServiceDefinition) -> ServiceDefinition:
        """Return it as its unit says."""
        unit = self._unit(service.name)
        try:
            text = unit.read_text(encoding="utf-8")
        except FileNotFoundError:
            return service
        except OSError as error:
            message = f"{unit}: cannot be read: {error.strerror}"
            raise SmokeError(message, hint="Run this as root.") from error
        return read_unit(service, text)

    def state(self, name: str) -> ServiceState:
        """Return how it stands."""
        if not self._unit(name).exists():
            return ServiceState(is_installed=False)
        done = self._run("is-active", f"{name}.service")
        return ServiceState(is_installed=True, state=done.stdout.strip() or "unknown")

    def remove(self, service: ServiceDefinition) -> tuple[str, ...]:
        """Stop it and remove its unit; what it has collected stays."""
        unit = self._unit(service.name)
        if not unit.exists():
            message = f"there is no service {service.name}"
            raise SmokeError(message, hint=f"Looked for {unit}.")
        self._call("disable", "--now", unit.name)
        try:
            unit.unlink()
        except OSError as error:
            message = f"{unit}: cannot be removed: {error.strerror}"
            raise SmokeError(message, hint="Run this as root.") from error
        self._call("daemon-reload")
        return (f"{service.home} (store, cache, logs)", f"{service.site_dir} (the site)")

    def _unit(self, name: str) -> Path:
        return self._units_dir / f"{name}.service"

    def _call(self, *argv: str) -> None:
        done = self._run(*argv)
        if done.returncode:
            message = f"{self._systemctl} {' '.join(argv)}: {done.stderr.strip() or f'exit code {done.returncode}'}"
            raise SmokeError(message, hint="Run this as root; `journalctl --unit NAME` tells what a service said.")

    def _run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        command = [self._systemctl, *argv]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            message = f"{' '.join(command)}: {error}"
            raise SmokeError(message) from error


def unit_text(service: ServiceDefinition) -> str:
    """Return the unit of a service. Pure."""
    words = " ".join(_quoted(word) for word in (str(service.python), *service.arguments))
    account = f"User={service.account}\n" if service.account else ""
    writes = f"ReadWritePaths={_quoted(str(service.home))} {_quoted(str(service.site_dir))}\n"
    guarded = "" if service.needs_rights else f"{_HARDENED}{writes}"
    return f"""[Unit]
Description={service.title.replace("%", "%%")}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart={words}
WorkingDirectory={str(service.config.parent).replace("%", "%%")}
{account}Restart=on-failure
RestartSec=60
TimeoutStopSec=300
KillMode=mixed
{guarded}
[Install]
WantedBy=multi-user.target
"""


def read_unit(service: ServiceDefinition, text: str) -> ServiceDefinition:
    """Return the service whose unit ``text`` is; the inverse of ``unit_text``. Pure.

    Raises:
        UsageError: the unit is not tracker's, or works with another tracker.toml.
    """
    told = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    words = [_plain(word) for word in _WORD.findall(told.get("ExecStart", ""))]
    return as_installed(service, words, told.get("User", ""))


def _plain(word: str) -> str:
    """Return what ``_quoted`` was given, from what stands between its quotes."""
    return re.sub(r"\\(.)", r"\1", word.replace("$$", "$").replace("%%", "%"))


def _quoted(word: str) -> str:
    """Return a word of ExecStart as systemd reads it: quoted, without its own signs for variables and specifiers."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
