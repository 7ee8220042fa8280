"""The cache: verified after the download and again before every use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.errors import SmokeError, UnreachableError, VerificationError
from tracker.smoke.artifacts import ArtifactCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tracker.http import Client
    from tracker.model import Asset


@pytest.fixture
def asset(tmp_path: Path, asset_of: Callable[[Path], Asset]) -> Asset:
    path = tmp_path / "upstream.deb"
    path.write_bytes(b"the package")
    return asset_of(path)


@pytest.fixture
def cache(tmp_path: Path, http: Client) -> ArtifactCache:
    return ArtifactCache(tmp_path / "cache", http)


def test_a_file_lies_under_its_digest_and_is_fetched_once(
    httpserver: HTTPServer, cache: ArtifactCache, asset: Asset, tmp_path: Path
) -> None:
    httpserver.expect_ordered_request("/p.deb").respond_with_data(b"the package")
    served = replace(asset, url=httpserver.url_for("/p.deb"))

    first, second = cache.fetch(served), cache.fetch(served)

    digest = (asset.digest or "").removeprefix("sha256:")
    assert first == second == tmp_path / "cache/sha256" / digest[:2] / digest
    assert first.read_bytes() == b"the package"
    httpserver.check_assertions()


def test_a_damaged_file_is_set_aside_and_fetched_again(cache: ArtifactCache, asset: Asset) -> None:
    path = cache.fetch(asset)
    path.write_bytes(b"damaged")

    again = cache.fetch(asset)

    assert again.read_bytes() == b"the package"
    assert path.with_suffix(".corrupt").read_bytes() == b"damaged"


def test_other_bytes_than_told_are_never_kept(
    httpserver: HTTPServer, cache: ArtifactCache, asset: Asset, tmp_path: Path
) -> None:
    httpserver.expect_request("/p.deb").respond_with_data(b"another one")

    with pytest.raises(VerificationError):
        cache.fetch(replace(asset, url=httpserver.url_for("/p.deb")))

    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and path.stat().st_size]


@pytest.mark.parametrize("digest", [None, "", "md5:abc", "sha256:abc", "sha256:../../../etc/passwd"])
def test_what_cannot_be_verified_is_refused(digest: str | None, cache: ArtifactCache, asset: Asset) -> None:
    with pytest.raises(SmokeError, match=r"upstream\.deb: has no sha256 digest"):
        cache.fetch(replace(asset, digest=digest))


def test_a_mirror_that_does_not_answer_is_unreachable(cache: ArtifactCache, asset: Asset) -> None:
    with pytest.raises(UnreachableError):
        cache.fetch(replace(asset, url="http://nowhere.invalid/p.deb"))


def test_two_lanes_may_want_the_same_file(cache: ArtifactCache, asset: Asset) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: cache.fetch(asset), range(32)))

    assert len(paths) == 1


def test_a_cache_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path, http: Client, asset: Asset) -> None:
    (tmp_path / "cache").write_text("a file is in the way", encoding="utf-8")

    with pytest.raises(SmokeError, match="cannot be kept"):
        ArtifactCache(tmp_path / "cache", http).fetch(asset)
