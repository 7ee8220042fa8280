"""Entries of the ledger in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.model import Change, ChangeKind
from tracker.telling import shortened, tell

SEEN = datetime(2026, 11, 24, tzinfo=UTC)
OLD, NEW = "sha256:" + "0cc4ea9f" * 8, "sha256:" + "4f36ee69" * 8


def _change(kind: ChangeKind, version: str = "0.3.1", subject: str = "", before: str = "", after: str = "") -> Change:
    return Change(
        kind=kind,
        component="windows-container-networking",
        version=version,
        channel="microsoft/windows-container-networking",
        subject=subject,
        before=before,
        after=after,
        observed_at=SEEN,
    )


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_of_entry_has_words_that_name_what_it_is_about(kind: ChangeKind) -> None:
    told = tell(_change(kind, subject="#96" if kind.startswith("pull request") else "cni.zip", after="something"))

    assert told
    assert "0.3.1" in told or "#96" in told or "cni.zip" in told


def test_a_replaced_file_is_told_with_both_digests_short_enough_to_compare() -> None:
    told = tell(_change(ChangeKind.ASSET_REPLACED, subject="cni.zip", before=OLD, after=NEW))

    assert told == "0.3.1: asset replaced: cni.zip (sha256:0cc4ea9f0cc4 before, sha256:4f36ee694f36 now)"


def test_a_release_tells_what_was_the_newest_before() -> None:
    assert tell(_change(ChangeKind.RELEASED, before="0.3.0", after="0.3.1")) == "0.3.1 released, after 0.3.0"


def test_a_merged_pull_request_is_told_by_its_number() -> None:
    told = tell(
        _change(ChangeKind.PULL_REQUEST_MERGED, version="", subject="#101", after="2137a67aa005093d" + "0" * 24)
    )

    assert told == "pull request #101 merged: 2137a67aa005"


def test_a_moved_branch_tells_both_commits() -> None:
    told = tell(_change(ChangeKind.BRANCH_MOVED, version="", subject="master", before="a" * 40, after="b" * 40))

    assert told == f"branch moved master: {'a' * 12} is now {'b' * 12}"


def test_versions_and_words_are_never_shortened() -> None:
    assert shortened("10.0.20348.2849 and deadbeef stay") == "10.0.20348.2849 and deadbeef stay"
