"""What an upstream published: releases and their assets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - bundles are read by the annotations
from enum import StrEnum


class AssetRole(StrEnum):
    """What an asset is for when its release is installed."""

    MAIN = "main"
    LIBRARY = "library"
    CHECKSUM = "checksum"
    ATTESTATION = "attestation"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A downloadable file of a release.

    Attributes:
        name: file name, unique within the release.
        url: where it is fetched from; without credentials.
        size: bytes, or ``None`` where the upstream does not say.
        digest: ``"sha256:<64 hex>"`` as published by a source that was itself verified, or ``None``.
        role: the release's own file, a library that it needs at run time, a proof of other files, or none of these.
        platform: what it runs on, as ``"windows/amd64"``; empty where that does not matter or is not known.
        os_version: version of the operating system that an image is made for (``"10.0.20348.2849"``); else empty.
        revision: the upstream's own mark of this very upload, opaque; another mark is another upload, which may hold
            the same bytes. Empty where the upstream has none.
        further_digests: other digests that were published for it (``"sha512:<hex>"``), sorted; its bytes must have
            them all.
        distrust: why it must not be run although it is offered (its published digests disagree); else empty.
    """

    name: str
    url: str
    size: int | None = None
    digest: str | None = None
    role: AssetRole = AssetRole.MAIN
    platform: str = ""
    os_version: str = ""
    revision: str = ""
    further_digests: tuple[str, ...] = ()
    distrust: str = ""

    def has_other_bytes_than(self, other: Asset) -> bool:
        """Whether the two are known to differ in content; what is not known of either is no difference."""
        if self.digest and other.digest:
            return self.digest != other.digest
        if self.revision and other.revision:
            return self.revision != other.revision
        return None not in {self.size, other.size} and self.size != other.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A published version of a component, as one look at an upstream showed it.

    Attributes:
        component: name of the component.
        version: as the upstream writes it, less what its tags put around it (``v1.7.24`` is ``1.7.24``); identity
            together with ``component``.
        upstream_version: the plain version that people say (``1.7.24`` for Debian's ``1.7.24~ds1-6+deb13u1``).
        line: the supported line that offers it (a Debian suite's code name, a release branch). Live values are
            the newest of each line.
        channel: the exact place of the offer inside the line (``bookworm-security``).
        assets: main asset first, then by name.
        published_at: aware UTC time told by the upstream, or ``None``.
        is_prerelease: true when the upstream says so or the scheme reads it from the version.
        notes: the upstream's own text, hostile until escaped.
        url: page of this release for people; may be empty.
        tag: the git tag that it was made from; empty where there is none.
        commit: full id of the commit that the tag names now; empty where that is not known.
        awaits: platforms that are wanted and have no complete asset yet, sorted; such a release is not installed there.
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
    tag: str = ""
    commit: str = ""
    awaits: tuple[str, ...] = ()

    def asset_for(self, platform: str) -> Asset | None:
        """Return the file to install on ``platform``; ``None`` when the release has none for it."""
        own = (asset for asset in self.assets if asset.role is AssetRole.MAIN and asset.platform in {platform, ""})
        return next(own, None)

    def to_install(self, platform: str) -> Release:
        """Return the release with nothing but the files that an installation on ``platform`` takes."""
        main = self.asset_for(platform)
        taken = tuple(one for one in self.assets if one is main or one.role is AssetRole.LIBRARY)
        return self if taken == self.assets else replace(self, assets=taken)

    @property
    def main_asset(self) -> Asset | None:
        """The file that is the release itself; ``None`` when the release has no asset yet."""
        return next((asset for asset in self.assets if asset.role is AssetRole.MAIN), None)
