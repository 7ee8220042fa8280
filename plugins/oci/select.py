"""Which of the images behind a tag a host takes. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .windows_match import HYPERV, PROCESS, best_for_build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.api import Asset, Release


def image_for(release: Release, facts: Mapping[str, str]) -> Release:
    """Return ``release`` with the one image that a host runs; without assets where none fits.

    Args:
        release: its assets are the images of one tag.
        facts: of the host: ``windows.build`` (``"10.0.20348"``; what is no Windows takes the newest image),
            ``windows.revision`` and ``windows.isolation``.
    """
    if all(not one.platform.startswith("windows/") for one in release.assets):
        return release
    chosen = _windows_image(release, facts)
    return replace(release, assets=(chosen,) if chosen else ())


def _windows_image(release: Release, facts: Mapping[str, str]) -> Asset | None:
    build, able = facts.get("windows.build", ""), facts.get("windows.isolation", "")
    if not build.startswith("10."):
        newest = [one for one in release.assets if one.platform.startswith("windows/amd64")]
        return max(newest, key=lambda one: _numbers(one.os_version), default=None)
    host = f"{build}.{facts.get('windows.revision', '0')}"
    for isolation in (PROCESS, HYPERV):
        if isolation in able.split("+") or isolation == PROCESS:
            found = best_for_build(release.assets, host, isolation, platform="windows/amd64")
            if found is not None:
                return found
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
