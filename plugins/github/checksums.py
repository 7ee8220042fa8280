"""Holds the files of the newest releases against the checksum files that were published beside them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.api import (
    AssetRole,
    Release,
    SourceError,
    checksum_files,
    checksum_text,
    read_checksums,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tracker.api import Asset, Component, HttpClient

_NEWEST_OF_LINE = 2
_MOST_BYTES = 1 << 20


class Checksums:
    """Reads checksum files, each upload of one once.

    Args:
        http: asks.
        directory: keeps what was read.
        platforms: whose files are looked at.
    """

    def __init__(self, http: HttpClient, directory: Path, platforms: Sequence[str]) -> None:
        self._http = http
        self._directory = directory / "checksums"
        self._platforms = frozenset(platforms)
        self.remarks: list[str] = []

    def hold(self, component: Component, releases: Iterable[Release]) -> tuple[Release, ...]:
        """Return ``releases`` with their assets settled; blocks.

        Checksum files are fetched for the newest releases of each line alone. What was read for a release once keeps
        being used for it, so that it does not seem to change when a newer one comes.
        """
        found = tuple(releases)
        fresh = newest_of_lines(found)
        return tuple(self._held(component, one, may_ask=(one.line, one.version) in fresh) for one in found)

    def _held(self, component: Component, release: Release, *, may_ask: bool) -> Release:
        settled = tuple(self._settled(component, one, release, may_ask=may_ask) for one in release.assets)
        return release if settled == release.assets else replace(release, assets=settled)

    def _settled(self, component: Component, asset: Asset, release: Release, *, may_ask: bool) -> Asset:
        if asset.role is not AssetRole.MAIN or (self._platforms and asset.platform not in self._platforms):
            return asset
        published = {}
        for file in checksum_files(component, asset, release.assets):
            text = self._text(file, asset, release, may_ask=may_ask)
            if text is not None:
                published[file.name] = read_checksums(text, file_name=file.name, asset_name=asset.name)
        return settle(asset, published)

    def _text(self, file: Asset, asset: Asset, release: Release, *, may_ask: bool) -> str | None:
        upload = hashlib.sha256(f"{file.url} {file.revision}".encode()).hexdigest()
        kept = self._directory / upload
        try:
            return checksum_text(kept.read_bytes())
        except OSError:
            pass
        if not may_ask:
            return None
        try:
            body = self._http.get(file.url, max_bytes=_MOST_BYTES).body
        except SourceError as error:
            self.remarks.append(
                f"{release.component} {release.version}: {file.name} could not be read: {error.message}"
            )
            return None
        if file.digest and file.digest != f"sha256:{hashlib.sha256(body).hexdigest()}":
            # What came is not what was uploaded (an error page, a cut answer): it may not accuse anybody.
            self.remarks.append(
                f"{release.component} {release.version}: {file.name} came with other bytes than uploaded"
            )
            return None
        text = checksum_text(body)
        if file.digest or read_checksums(text, file_name=file.name, asset_name=asset.name) is not None:
            # An error page in its place is asked for again.
            self._keep(kept, body)
        return text

    @staticmethod
    def _keep(path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(body)
        part.replace(path)


def newest_of_lines(releases: Sequence[Release]) -> frozenset[tuple[str, str]]:
    """Return line and version of the newest releases of each line, by publication. Pure."""
    lines: dict[str, list[Release]] = {}
    for one in releases:
        lines.setdefault(one.line, []).append(one)
    newest = set()
    for line, members in lines.items():
        dated = sorted(members, key=lambda one: (str(one.published_at or ""), one.version), reverse=True)
        newest |= {(line, one.version) for one in dated[:_NEWEST_OF_LINE]}
    return frozenset(newest)
