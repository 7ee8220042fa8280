from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.plugins.debian.archive import NOW, date
from tracker.http import Client
from tracker.model import AssetRole, ChangeKind
from tracker.protocols import NetworkSettings
from tracker.store import LookResult

if TYPE_CHECKING:
    from tests.plugins.debian.archive import Archive
    from tests.plugins.debian.conftest import Watcher


def test_a_first_look_is_a_baseline_with_verified_assets_and_their_libraries(
    archive: Archive, watcher: Watcher
) -> None:
    look = watcher.look()["stable"]

    assert (look.result, look.message) == (LookResult.NO_NEWS, "")
    engine, runner = (one.release for one in watcher.store.releases())
    assert (engine.version, engine.upstream_version, engine.line, engine.channel) == (
        "1.0~ds1-1",
        "1.0",
        "bookworm",
        "stable",
    )
    assert [asset.name for asset in engine.assets] == ["engine-bin_1.0~ds1-1_amd64.deb"]
    assert [(asset.role, asset.name) for asset in runner.assets] == [
        (AssetRole.MAIN, "runner-bin_2.0-1_amd64.deb"),
        (AssetRole.LIBRARY, "libdeep2_3-1_amd64.deb"),
        (AssetRole.LIBRARY, "libfast1_1.2-1_amd64.deb"),
    ]
    for asset in runner.assets:
        target = watcher.home / asset.name
        assert watcher.http.download(asset.url, target, size=asset.size, digest=asset.digest) == asset.digest
    assert all(change.is_baseline for change in watcher.store.changes())
    assert str(archive.root) in look.title


def test_an_unchanged_head_is_no_news_and_nothing_else_is_fetched(archive: Archive, watcher: Watcher) -> None:
    watcher.look()
    before = watcher.store.releases()
    for path in archive.suite_dir("stable").rglob("*"):
        if path.is_file() and path.name != "InRelease":
            path.unlink()

    assert watcher.look()["stable"].result is LookResult.NO_NEWS
    assert watcher.store.releases() == before


def test_a_new_signature_under_the_same_text_is_no_news(archive: Archive, watcher: Watcher) -> None:
    watcher.look()
    before = (archive.suite_dir("stable") / "InRelease").read_bytes()

    archive.publish("stable", codename="bookworm")
    text = (archive.suite_dir("stable") / "InRelease").read_bytes()

    assert text.partition(b"-----BEGIN PGP SIG")[0] == before.partition(b"-----BEGIN PGP SIG")[0]
    assert watcher.look()["stable"].result is LookResult.NO_NEWS


def test_a_new_version_is_news_and_the_old_one_is_no_longer_offered(archive: Archive, watcher: Watcher) -> None:
    watcher.look()

    archive.drop("stable", "engine-bin")
    archive.add("stable", "engine-bin", "1.1-1")
    archive.publish("stable", codename="bookworm")

    assert watcher.look()["stable"].result is LookResult.NEWS
    told = [(one.kind, one.version, one.before, one.after) for one in watcher.store.changes(include_baseline=False)]
    assert told == [
        (ChangeKind.NO_LONGER_OFFERED, "1.0~ds1-1", "1.0~ds1-1", "1.1-1"),
        (ChangeKind.RELEASED, "1.1-1", "1.0~ds1-1", "1.1-1"),
    ]
    assert watcher.versions() == {"engine": ["1.1-1"], "runner": ["2.0-1"]}


def test_a_vanished_package_changes_nothing_until_it_is_missing_twice(archive: Archive, watcher: Watcher) -> None:
    watcher.look()

    archive.drop("stable", "runner-bin")
    archive.publish("stable", codename="bookworm")
    first = watcher.look()["stable"]

    assert first.result is LookResult.AWAITING_CONFIRMATION
    assert "runner 2.0-1 is gone" in first.message
    assert watcher.versions()["runner"] == ["2.0-1"]

    assert watcher.look()["stable"].result is LookResult.NEWS
    assert watcher.versions() == {"engine": ["1.0~ds1-1"], "runner": []}
    assert [one.kind for one in watcher.store.changes(include_baseline=False)] == [ChangeKind.WITHDRAWN]
    assert watcher.look()["stable"].result is LookResult.NO_NEWS


def test_an_older_mirror_that_catches_up_leaves_no_trace(archive: Archive, watcher: Watcher) -> None:
    archive.add("stable", "engine-bin", "1.1-1")
    archive.publish("stable", codename="bookworm")
    watcher.look()
    newest = list(archive.stanzas["stable"])

    archive.stanzas["stable"] = newest[:-1]
    archive.publish("stable", codename="bookworm")
    assert watcher.look()["stable"].result is LookResult.AWAITING_CONFIRMATION
    archive.stanzas["stable"] = newest
    archive.publish("stable", codename="bookworm")

    assert watcher.look()["stable"].result is LookResult.NO_NEWS
    assert watcher.store.changes(include_baseline=False) == ()
    assert watcher.store.target_state("debian", "stable").pending == ""


def test_a_suite_without_the_packages_is_fine(archive: Archive, watcher: Watcher) -> None:
    archive.add("empty", "something", "1-1")
    archive.publish("empty")
    watcher.options["suites"] = ["stable", "empty"]

    assert watcher.look()["empty"].result is LookResult.NO_NEWS
    assert all(offer.target == "stable" for one in watcher.store.releases() for offer in one.offers)


def test_a_suite_that_is_configured_no_more_offers_nothing_more(archive: Archive, watcher: Watcher) -> None:
    archive.add("next", "engine-bin", "3.0-1")
    archive.publish("next")
    watcher.options["suites"] = ["stable", "next"]
    watcher.look()

    watcher.options["suites"] = ["stable"]
    looks = watcher.look()

    assert "no longer asked" in looks["next"].message
    assert watcher.versions()["engine"] == ["1.0~ds1-1"]
    assert watcher.store.changes(include_baseline=False) == ()
    assert list(watcher.look()) == ["stable"]


def test_security_fixes_belong_to_the_line_and_take_libraries_from_the_suite_below(
    archive: Archive, watcher: Watcher
) -> None:
    archive.add("stable-security", "runner-bin", "2.0-1+deb12u1", Depends="libfast1, libc6")
    archive.publish("stable-security", codename="bookworm-security")
    watcher.options["suites"] = ["stable", "stable-security"]

    watcher.look()

    fixed = next(one for one in watcher.store.releases("runner") if one.release.version.endswith("deb12u1"))
    assert (fixed.release.line, fixed.release.channel) == ("bookworm", "stable-security")
    assert [asset.name for asset in fixed.release.assets][1:] == ["libdeep2_3-1_amd64.deb", "libfast1_1.2-1_amd64.deb"]


def test_a_library_that_moved_below_an_unchanged_suite_is_noticed(archive: Archive, watcher: Watcher) -> None:
    archive.add("stable-security", "runner-bin", "2.0-1+deb12u1", Depends="libdeep2")
    archive.publish("stable-security", codename="bookworm-security")
    watcher.options["suites"] = ["stable", "stable-security"]
    watcher.look()

    archive.drop("stable", "libdeep2")
    archive.add("stable", "libdeep2", "4-1", Section="libs")
    archive.publish("stable", codename="bookworm")
    looks = watcher.look()

    assert {look.result for look in looks.values()} == {LookResult.NO_NEWS}
    fixed = next(one.release for one in watcher.store.releases("runner") if one.release.version.endswith("deb12u1"))
    assert fixed.assets[1].name == "libdeep2_4-1_amd64.deb"


def test_a_library_that_no_suite_offers_is_an_asset_that_cannot_be_fetched(archive: Archive, watcher: Watcher) -> None:
    archive.drop("stable", "libfast1")
    archive.publish("stable", codename="bookworm")

    assert watcher.look()["stable"].result is LookResult.NO_NEWS
    (runner,) = watcher.store.releases("runner")
    missing = runner.release.assets[1]
    assert (missing.name, missing.role) == ("libfast1 (>= 1.2), which stable does not offer", AssetRole.LIBRARY)
    assert (missing.digest, missing.size) == (None, None)


def test_an_old_index_is_used_where_the_configuration_says_so(archive: Archive, watcher: Watcher) -> None:
    archive.publish("stable", codename="bookworm", head={"Valid-Until": date(NOW - timedelta(days=300))})
    watcher.options["check_valid_until"] = False

    assert watcher.look()["stable"].result is LookResult.NO_NEWS
    assert watcher.versions()["runner"] == ["2.0-1"]


def test_one_suite_that_is_gone_stops_no_other_one(archive: Archive, watcher: Watcher) -> None:
    archive.publish("gone")
    watcher.options["suites"] = ["gone", "stable"]
    (archive.suite_dir("gone") / "InRelease").unlink()

    looks = watcher.look()

    assert looks["gone"].result is LookResult.COULD_NOT_LOOK
    assert "dists/gone/InRelease: cannot be read" in looks["gone"].message
    assert looks["stable"].result is LookResult.NO_NEWS


def test_a_file_mirror_answers_offline(watcher: Watcher) -> None:
    with Client(NetworkSettings(offline=True)) as http:
        offline = replace(watcher, http=http)

        assert offline.look()["stable"].result is LookResult.NO_NEWS


def test_an_interrupted_look_fetches_no_index_again(archive: Archive, watcher: Watcher) -> None:
    watcher.look()
    watcher.store.record_look(
        watcher.seen[-1], state=replace(watcher.store.target_state("debian", "stable"), cursor="")
    )
    for path in archive.suite_dir("stable").rglob("*"):
        if path.is_file() and path.name != "InRelease":
            path.unlink()

    assert watcher.look()["stable"].result is LookResult.NO_NEWS
