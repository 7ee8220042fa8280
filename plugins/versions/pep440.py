"""The order of Python packages' versions (PEP 440)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from tracker.api import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.api import Comparable, VersionScheme

_LONGEST = 1000


class Pep440Scheme:
    """Orders versions as pip does; ``1.0`` and ``1.0.0`` are one version."""

    name = "pep440"

    def key(self, version: str) -> Comparable:
        """Return a sort key.

        Raises:
            ValueError: the text is no version by PEP 440.
        """
        message = f"{version[:100]!r} is no version by PEP 440, which looks like 1.2.3 or 1.2.3rc1"
        if len(version) > _LONGEST:
            raise ValueError(message)
        try:
            return Version(version)
        except InvalidVersion as error:
            raise ValueError(message) from error

    def upstream(self, version: str) -> str:
        """Return the version itself."""
        return version


@hookimpl
def tracker_version_schemes() -> Iterable[VersionScheme]:
    """Register the order of Python packages' versions."""
    return (Pep440Scheme(),)
