"""What an upstream published: releases and their assets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class AssetRole(StrEnum):
    """What an asset is for when its release is installed."""

    MAIN = "main"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A downloadable file of a release.

    Attributes:
        name: file name, unique within the release.
        url: where it is fetched from; without credentials.
        size: bytes, or ``None`` where the upstream does not say.
        digest: ``"sha256:<64 hex>"`` as published by a source that was itself verified, or ``None``.
        role: the release's own file, or a library that it needs at run time.
    """

    name: str
    url: str
    size: int | None = None
    digest: str | None = None
    role: AssetRole = AssetRole.MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A published version of a component, as one look at an upstream showed it.

    Attributes:
        component: name of the component.
        version: exactly as the upstream writes it; identity together with ``component``.
        upstream_version: the plain version that people say (``1.7.24`` for Debian's ``1.7.24~ds1-6+deb13u1``).
        line: the supported line that offers it (a Debian suite's code name, a release branch). Live values are
            the newest of each line.
        channel: the exact place of the offer inside the line (``bookworm-security``).
        assets: main asset first, then by name.
        published_at: aware UTC time told by the upstream, or ``None``.
        is_prerelease: true when the upstream says so or the scheme reads it from the version.
        notes: the upstream's own text, hostile until escaped.
        url: page of this release for people; may be empty.
    """

    component: str
    version: str
    upstream_version: str
    line: str
    channel: str
    assets: tuple[Asset, ...] = ()
    published_at: datetime | None = None
    is_prerelease: bool = False
    notes: str = ""
    url: str = ""

    @property
    def main_asset(self) -> Asset | None:
        """The file that is the release itself; ``None`` when the release has no asset yet."""
        return next((asset for asset in self.assets if asset.role is AssetRole.MAIN), None)
