"""The order of Windows by build, for versions and for the tags of base images.

Builds of the named releases: Microsoft's "Windows Server release information" and "Windows 10 release information"
(read 2026-11-24). ``21H2`` is left out: it is one build on a client and another one on a server.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.api import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.api import Comparable, VersionScheme

_BUILDS = {
    "1607": 14393,
    "sac2016": 14393,
    "ltsc2016": 14393,
    "1709": 16299,
    "1803": 17134,
    "1809": 17763,
    "ltsc2019": 17763,
    "1903": 18362,
    "1909": 18363,
    "2004": 19041,
    "2009": 19042,
    "20h2": 19042,
    "ltsc2022": 20348,
    "ltsc2025": 26100,
}
_SHAPE = re.compile(r"([0-9A-Za-z]+(?:\.[0-9]+)*)(?:-(.+))?")
_FULL = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_SHORT = re.compile(r"([0-9]{5,9})(?:\.([0-9]{1,9}))?")
_LONGEST = 1000
_PIECES = re.compile(r"([0-9]{1,18})")


class WindowsBuildScheme:
    """Orders Windows by version and build, then by update, then by what follows a hyphen (``-amd64``, ``-KB5012345``).

    Understood are ``10.0.20348.2849``, ``10.0.20348``, ``20348.2849``, ``20348``, and the names of releases that
    stand for a build (``ltsc2022``, ``1809``, ``20H2``). What tells no update comes before all updates of its build.
    """

    name = "windows-build"

    def key(self, version: str) -> Comparable:
        """Return a sort key.

        Raises:
            ValueError: the text tells no build, or is the name of a release whose build is not known here.
        """
        match = _SHAPE.fullmatch(version) if len(version) <= _LONGEST else None
        if match is None:
            raise ValueError(_refusal(version))
        return (*_numbers(match[1], version), _natural(match[2] or ""))

    def upstream(self, version: str) -> str:
        """Return the version itself."""
        return version


def _numbers(text: str, version: str) -> tuple[int, int, int, int]:
    """Return version, build and update; an update that is not told is -1."""
    if (build := _BUILDS.get(text.lower())) is not None:
        return 10, 0, build, -1
    if full := _FULL.fullmatch(text):
        return int(full[1]), int(full[2]), int(full[3]), _update(full[4])
    if short := _SHORT.fullmatch(text):
        return 10, 0, int(short[1]), _update(short[2])
    raise ValueError(_refusal(version))


def _update(text: str | None) -> int:
    return -1 if text is None else int(text)


def _natural(text: str) -> tuple[tuple[tuple[str, int], ...], str]:
    pieces = _PIECES.split(text.casefold())
    return tuple((words, int(number)) for words, number in zip(pieces[::2], [*pieces[1::2], "-1"], strict=True)), text


def _refusal(version: str) -> str:
    return f"{version[:100]!r} is no known build of Windows, which looks like 10.0.20348.2849, 20348 or ltsc2022"


@hookimpl
def tracker_version_schemes() -> Iterable[VersionScheme]:
    """Register the order of Windows by build."""
    return (WindowsBuildScheme(),)
