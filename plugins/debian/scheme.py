"""Debian's order of versions (deb-version(7)), and the upstream version inside one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from debian.debian_support import NativeVersion

from tracker.api import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.api import Comparable, VersionScheme

# What packagers add when they repack an upstream's archive. A snapshot (~git20240101) is no repacked release: it stays.
_REPACKED = re.compile(r"[~+.-](?:ds|dfsg|debian|repack)[0-9]*(?:\.[0-9]+)*$")
_REALLY = re.compile(r".*[+~.]really")


class DebianScheme:
    """Orders versions as ``dpkg --compare-versions`` does."""

    name = "debian"

    def key(self, version: str) -> Comparable:
        """Return a sort key.

        Raises:
            ValueError: the text is no Debian version.
        """
        return NativeVersion(version)

    def upstream(self, version: str) -> str:
        """Return ``1.7.24`` for ``1.7.24~ds1-6+deb13u1``: no epoch, no Debian revision, no mark of a repacked archive.

        ``2.0+really1.9-1`` is 1.9: the packager went back.
        """
        plain = version.partition(":")[2] if ":" in version else version
        plain = plain.rpartition("-")[0] if "-" in plain else plain
        while (shorter := _REPACKED.sub("", plain)) != plain and shorter:
            plain = shorter
        return _REALLY.sub("", plain) or plain


@hookimpl
def tracker_version_schemes() -> Iterable[VersionScheme]:
    """Register Debian's order of versions."""
    return (DebianScheme(),)
