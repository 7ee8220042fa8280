from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.plugins.debian.archive import NOW, PART, date
from tracker.store import LookResult

if TYPE_CHECKING:
    from tests.plugins.debian.archive import Archive, Signer
    from tests.plugins.debian.conftest import Watcher


@pytest.mark.parametrize("spoil", ["stranger", "text", "unsigned", "around", "expired", "future", "other suite", "cut"])
def test_a_head_that_does_not_hold_changes_nothing(
    spoil: str, archive: Archive, stranger: Signer, watcher: Watcher
) -> None:
    watcher.look()
    before = watcher.store.releases(), watcher.store.changes(), watcher.store.target_state("debian", "stable")
    archive.add("stable", "engine-bin", "9-1")
    expected = _spoil(spoil, archive, stranger)

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert f"{archive.uri}/dists/stable/InRelease" in look.message
    assert expected in look.message
    after = watcher.store.releases(), watcher.store.changes(), watcher.store.target_state("debian", "stable")
    assert after == before
    archive.publish("stable", codename="bookworm")
    assert watcher.look()["stable"].result is LookResult.NEWS


def _spoil(how: str, archive: Archive, stranger: Signer) -> str:
    path = archive.suite_dir("stable") / "InRelease"
    heads = {
        "expired": ({"Valid-Until": date(NOW - timedelta(hours=1))}, "was valid until 2026-11-24 11:00 UTC"),
        "future": ({"Date": date(NOW + timedelta(hours=1))}, "comes from the future"),
        "other suite": ({"Suite": "testing", "Codename": "forky"}, "is the index of forky or testing, not of stable"),
    }
    if how in heads:
        archive.publish("stable", codename="bookworm", head=heads[how][0])
        return heads[how][1]
    archive.publish("stable", codename="bookworm", signer=stranger if how == "stranger" else None)
    signed = path.read_bytes()
    if how == "text":
        path.write_bytes(signed.replace(b"Origin: Debian", b"Origin: Derbian"))
        return "the signature is wrong"
    if how == "unsigned":
        path.write_bytes(signed.partition(b"\n\n")[2].partition(b"-----BEGIN")[0])
        return "it is not signed"
    if how == "around":
        path.write_bytes(b"Origin: Evil\n\n" + stranger.clear_sign("Origin: Evil\n") + signed)
        return "is not signed by a key that is trusted"
    if how == "cut":
        path.write_bytes(signed[: len(signed) // 2])
        return "is not signed by a key that is trusted"
    return "the key is unknown"


def test_text_around_the_signed_part_is_never_read(archive: Archive, watcher: Watcher) -> None:
    path = archive.suite_dir("stable") / "InRelease"
    path.write_bytes(b"Codename: evil\nValid-Until: Thu, 01 Jan 1970 00:00:00 UTC\n\n" + path.read_bytes())

    watcher.look()

    assert {one.release.line for one in watcher.store.releases()} <= {"bookworm"}


@pytest.mark.parametrize("by_hash", [True, False])
@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda data: data[:-10], "bytes long"),
        (lambda data: data + b"x", "is longer than"),
        (lambda data: bytes(reversed(data)), "digest is"),
    ],
    ids=["truncated", "longer", "another digest"],
)
def test_an_index_that_does_not_hold_changes_nothing(
    spoil: object, expected: str, *, by_hash: bool, archive: Archive, watcher: Watcher
) -> None:
    watcher.look()
    before = watcher.store.releases(), watcher.store.changes(), watcher.store.target_state("debian", "stable")
    archive.add("stable", "engine-bin", "9-1")
    archive.publish("stable", codename="bookworm", by_hash=by_hash)
    for path in archive.suite_dir("stable").rglob("*"):
        if path.is_file() and path.name != "InRelease":
            path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert f"{archive.uri}/dists/stable/{PART}/" in look.message
    assert expected in look.message
    after = watcher.store.releases(), watcher.store.changes(), watcher.store.target_state("debian", "stable")
    assert after == before
    assert not list(watcher.home.rglob("*.part"))


def test_a_suite_without_the_architecture_says_so(archive: Archive, watcher: Watcher) -> None:
    watcher.options["architecture"] = "riscv64"

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert f"{archive.uri}/dists/stable/InRelease: lists no index main/binary-riscv64/Packages" in look.message
