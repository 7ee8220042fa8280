"""All that is published of an asset agrees, or the asset is distrusted."""

from __future__ import annotations

import pytest

from tracker.api import Asset, settle

A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
LONG, LONGER = f"sha512:{'c' * 128}", f"sha512:{'d' * 128}"
SHORT = f"sha1:{'e' * 40}"


def asset(digest: str | None = None, *further: str) -> Asset:
    return Asset(name="thing.zip", url="https://upstream.invalid/thing.zip", digest=digest, further_digests=further)


def test_without_any_word_the_asset_stays_as_it_is() -> None:
    assert settle(asset(A), {}) == asset(A)
    assert settle(asset(), {}) == asset()


def test_a_file_that_agrees_changes_nothing() -> None:
    assert settle(asset(A), {"SHA256SUMS": A}) == asset(A)


def test_a_files_sha256_stands_where_the_upstream_itself_tells_none() -> None:
    assert settle(asset(), {"SHA256SUMS": A, "thing.zip.sha256": A}) == asset(A)


def test_other_digests_are_kept_for_whoever_has_the_bytes() -> None:
    assert settle(asset(A), {"thing.zip.sha512": LONG, "thing.zip.sha1": SHORT}) == asset(A, SHORT, LONG)
    assert settle(asset(None, LONG), {"thing.zip.sha1": SHORT}) == asset(None, SHORT, LONG)
    assert settle(asset(), {"CHECKSUMS": f"{A} {LONG}"}) == asset(A, LONG)


def test_a_file_against_the_upstreams_own_word_is_distrusted_and_both_are_shown() -> None:
    settled = settle(asset(A), {"SHA256SUMS": B})

    assert settled.digest == A
    assert settled.distrust == (
        "its published digests disagree: sha256:aaaaaaaaaaaa... (the upstream itself), "
        "sha256:bbbbbbbbbbbb... (SHA256SUMS)"
    )


def test_files_that_disagree_give_no_digest() -> None:
    settled = settle(asset(), {"SHA256SUMS": A, "thing.zip.sha256": B})

    assert settled.digest is None
    assert "sha256:aaaaaaaaaaaa... (SHA256SUMS), sha256:bbbbbbbbbbbb... (thing.zip.sha256)" in settled.distrust


def test_a_file_that_disagrees_with_itself_is_distrusted() -> None:
    settled = settle(asset(), {"SHA256SUMS": f"{A} {B}"})

    assert settled.digest is None
    assert settled.distrust.startswith("its published digests disagree")


def test_sha512_may_disagree_too() -> None:
    settled = settle(asset(A), {"thing.zip.sha512": LONG, "SHA512SUMS": LONGER})

    assert "sha512:dddddddddddd... (SHA512SUMS), sha512:cccccccccccc... (thing.zip.sha512)" in settled.distrust


def test_a_file_that_names_all_others_is_a_reason_for_distrust() -> None:
    assert settle(asset(A), {"SHA256SUMS": ""}).distrust == "SHA256SUMS tells digests of other files and none of it"


def test_a_file_that_tells_nothing_at_all_is_none() -> None:
    assert settle(asset(A), {"SHA256SUMS": None}) == asset(A)


@pytest.mark.parametrize(
    "published",
    [{"a": A}, {"a": B, "b": LONG, "c": LONGER, "d": ""}, {"a": f"{A} {B}", "b": SHORT}, {"a": None}],
)
@pytest.mark.parametrize("digest", [None, A])
def test_to_settle_again_changes_nothing(digest: str | None, published: dict[str, str | None]) -> None:
    once = settle(asset(digest), published)

    assert settle(once, published) == once
