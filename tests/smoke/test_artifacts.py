"""The cache: verified after the download and again before every use."""

from __future__ import annotations

import hashlib
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


def digest(algorithm: str, content: bytes = b"the package") -> str:
    return hashlib.new(algorithm, content).hexdigest()


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

    told = digest("sha256")
    assert first == second == tmp_path / "cache/sha256" / told[:2] / told
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


@pytest.mark.parametrize("told", [None, "", "md5:abc", "sha256:abc", "sha256:../../../etc/passwd"])
def test_what_cannot_be_verified_is_refused(told: str | None, cache: ArtifactCache, asset: Asset) -> None:
    with pytest.raises(SmokeError, match=r"upstream\.deb: has no sha256 digest"):
        cache.fetch(replace(asset, digest=told))


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


def test_a_file_whose_published_digests_disagree_is_not_even_downloaded(
    httpserver: HTTPServer, cache: ArtifactCache, asset: Asset
) -> None:
    torn = replace(asset, url=httpserver.url_for("/p.deb"), distrust="its published digests disagree: a, b")

    with pytest.raises(VerificationError, match=r"upstream\.deb: is not run: its published digests disagree: a, b"):
        cache.fetch(torn)

    assert not httpserver.log


def test_all_published_digests_are_those_of_the_bytes(cache: ArtifactCache, asset: Asset) -> None:
    told = replace(asset, further_digests=(f"sha1:{digest('sha1')}", f"sha512:{digest('sha512').upper()}"))

    assert cache.fetch(told).read_bytes() == b"the package"


@pytest.mark.parametrize("algorithm", ["sha1", "sha512"])
def test_bytes_that_lack_one_of_their_published_digests_are_never_kept(
    algorithm: str, cache: ArtifactCache, asset: Asset, tmp_path: Path
) -> None:
    wrong = digest(algorithm, b"other bytes")

    with pytest.raises(VerificationError, match=f"not the published {wrong}"):
        cache.fetch(replace(asset, further_digests=(f"{algorithm}:{wrong}",)))

    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_digest_that_is_published_later_is_checked_against_what_lies_in_the_cache(
    cache: ArtifactCache, asset: Asset
) -> None:
    path = cache.fetch(asset)

    with pytest.raises(VerificationError, match="not the published"):
        cache.fetch(replace(asset, further_digests=(f"sha512:{digest('sha512', b'other bytes')}",)))

    assert cache.fetch(asset) == path
    assert not path.with_suffix(".corrupt").exists()


def test_a_digest_of_an_unknown_kind_is_no_proof(cache: ArtifactCache, asset: Asset) -> None:
    with pytest.raises(VerificationError, match="of a kind that is not known"):
        cache.fetch(replace(asset, further_digests=("blake3:00",)))


def test_an_upstream_that_publishes_sha512_alone_is_verified_by_it(
    httpserver: HTTPServer, cache: ArtifactCache, asset: Asset, tmp_path: Path
) -> None:
    httpserver.expect_ordered_request("/p.deb").respond_with_data(b"the package")
    told = digest("sha512")
    served = replace(asset, url=httpserver.url_for("/p.deb"), digest=None, further_digests=(f"sha512:{told}",))

    first, second = cache.fetch(served), cache.fetch(served)

    assert first == second == tmp_path / "cache/sha512" / told[:2] / told
    httpserver.check_assertions()


def test_sha1_alone_proves_nothing(cache: ArtifactCache, asset: Asset) -> None:
    with pytest.raises(SmokeError, match="has no sha256 digest"):
        cache.fetch(replace(asset, digest=None, further_digests=(f"sha1:{digest('sha1')}",)))


def test_other_bytes_than_the_sha512_alone_tells_are_never_kept(
    httpserver: HTTPServer, cache: ArtifactCache, asset: Asset, tmp_path: Path
) -> None:
    httpserver.expect_request("/p.deb").respond_with_data(b"another one")
    served = replace(asset, url=httpserver.url_for("/p.deb"), size=None, digest=None)

    with pytest.raises(VerificationError, match="does not have the digest sha512:"):
        cache.fetch(replace(served, further_digests=(f"sha512:{digest('sha512')}",)))

    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
