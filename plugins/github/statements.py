"""Holds the newest files against the signed statements that GitHub keeps about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.api import AssetRole, RefusedError

from . import answers
from .attestation import Standing, attest
from .checksums import newest_of_lines
from .rest import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.api import Asset, Release

    from .rest import Rest


class Statements:
    """Asks for statements and judges them.

    Args:
        rest: of the repository.
        repository: whose workflows must have signed.
        web_url: where repositories lie.
        platforms: whose files are looked at.
    """

    def __init__(self, rest: Rest, repository: str, web_url: str, platforms: Sequence[str]) -> None:
        self._rest = rest
        self._repository = repository
        self._web_url = web_url
        self._platforms = frozenset(platforms)
        self.remarks: list[str] = []

    def hold(self, releases: Iterable[Release]) -> tuple[Release, ...]:
        """Return ``releases``; a file of the newest ones whose statement does not hold is distrusted. Blocks.

        Raises:
            SourceError: a list of statements could not be read.
        """
        found = tuple(releases)
        fresh = newest_of_lines(found)
        return tuple(self._held(one) if (one.line, one.version) in fresh else one for one in found)

    def _held(self, release: Release) -> Release:
        return replace(release, assets=tuple(self._judged(one, release) for one in release.assets))

    def _judged(self, asset: Asset, release: Release) -> Asset:
        if asset.role is not AssetRole.MAIN or not asset.digest or asset.platform not in self._platforms:
            return asset
        try:
            told = self._rest.one(f"/attestations/{quoted(asset.digest)}?per_page=100", answers.Attestations)
        except RefusedError as error:
            if error.status in {403, 404}:
                return asset
            raise
        bundles = [one.bundle for one in told.attestations if one.bundle]
        said = attest(bundles, digest=asset.digest, repository=self._repository, web_url=self._web_url)
        if said is None:
            return asset
        self.remarks.append(f"{release.component} {release.version}: {asset.name}: {said.standing}: {said.reason}")
        if said.standing is Standing.REFUTED and not asset.distrust:
            return replace(asset, distrust=f"a signed statement about it does not hold: {said.reason}")
        return asset
