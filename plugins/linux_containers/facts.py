"""Facts of a Linux host that decide whether containers work on it."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.api import HostFacts, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MINOR = re.compile(r"\d+\.\d+")


class LinuxFacts:
    """C library, control groups, kernel and architecture of this machine.

    Args:
        mounts: the kernel's list of mounts.
        os_release: the distribution's own words; see os-release(5).
    """

    name = "linux"

    def __init__(self, mounts: Path = Path("/proc/self/mounts"), os_release: Path = Path("/etc/os-release")) -> None:
        self._mounts = mounts
        self._os_release = os_release

    def gather(self) -> Mapping[str, str]:
        """Return the facts by name; a fact that cannot be told is left out."""
        facts = {
            "libc": _minor(_libc_version()),
            "kernel": _minor(platform.release()),
            "kernel.release": platform.release(),
            "arch": platform.machine(),
            "cgroup": cgroup_layout(_lines(self._mounts)),
            "os": _pretty_name(_lines(self._os_release)),
        }
        return {name: value for name, value in facts.items() if value}


def cgroup_layout(mounts: Iterable[str]) -> str:
    """Return ``v1``, ``hybrid`` or ``v2`` for lines of /proc/self/mounts; empty when no hierarchy is mounted."""
    kinds = {kind for line in mounts for kind in line.split()[2:3]}
    if {"cgroup", "cgroup2"} <= kinds:
        return "hybrid"
    return "v2" if "cgroup2" in kinds else "v1" if "cgroup" in kinds else ""


def _libc_version() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, ValueError, OSError):
        return ""  # not a GNU C library


def _minor(version: str) -> str:
    match = _MINOR.search(version)
    return match[0] if match else ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _pretty_name(lines: Iterable[str]) -> str:
    found = [line.partition("=")[2].strip().strip("\"'") for line in lines if line.startswith("PRETTY_NAME=")]
    return found[0] if found else ""


@hookimpl
def tracker_host_facts() -> tuple[HostFacts, ...]:
    """Return the gatherer ``linux``."""
    return (LinuxFacts(),)
