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
    from pathlib import Path

    from tracker.api import Asset, Release

    from .rest import Rest

_NOT_READABLE = frozenset({403, 404})


class Statements:
    """Asks for statements and judges them.

    Args:
        rest: of the repository.
        repository: whose workflows must have signed.
        web_url: where repositories lie.
        platforms: whose files are looked at.
        directory: keeps what did not hold, so that a file does not seem mended when a newer release comes.
    """

    def __init__(self, rest: Rest, repository: str, web_url: str, platforms: Sequence[str], directory: Path) -> None:
        self._directory = directory / "statements"
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
        return tuple(self._held(one, may_ask=(one.line, one.version) in fresh) for one in found)

    def _held(self, release: Release, *, may_ask: bool) -> Release:
        held = tuple(self._judged(one, release, may_ask=may_ask) for one in release.assets)
        return release if held == release.assets else replace(release, assets=held)

    def _judged(self, asset: Asset, release: Release, *, may_ask: bool) -> Asset:
        if asset.role is not AssetRole.MAIN or not asset.digest or asset.platform not in self._platforms:
            return asset
        kept = self._directory / asset.digest.removeprefix("sha256:")
        if may_ask:
            self._ask(asset, asset.digest, release, kept)
        refuted = kept.read_text(encoding="utf-8") if kept.is_file() else ""
        if refuted and not asset.distrust:
            return replace(asset, distrust=f"a signed statement about it does not hold: {refuted}")
        return asset

    def _ask(self, asset: Asset, digest: str, release: Release, kept: Path) -> None:
        """Ask for the statements about a file, say what they are worth, and keep why one does not hold."""
        try:
            pages = list(self._rest.pages(f"/attestations/{quoted(digest)}", answers.Attestations))
        except RefusedError as error:
            if error.status in _NOT_READABLE:
                return
            raise
        bundles = [one.bundle for page in pages for one in page.attestations if one.bundle]
        said = attest(bundles, digest=digest, repository=self._repository, web_url=self._web_url)
        if said is not None:
            self.remarks.append(f"{release.component} {release.version}: {asset.name}: {said.standing}: {said.reason}")
        if said is not None and said.standing is Standing.REFUTED:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(said.reason, encoding="utf-8")
        else:
            kept.unlink(missing_ok=True)
