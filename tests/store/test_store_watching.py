from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.store.samples import SEEN, asset, at, change, look, observe, release
from tracker.errors import StoreError
from tracker.store import LookResult, Offer, TargetState

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.store import Store


def test_a_target_that_was_never_looked_at_has_no_baseline_and_offers_nothing(store: Store) -> None:
    assert store.target_state("debian", "bookworm") == TargetState(cursor="", has_baseline=False, pending="")
    assert store.offered("debian", "bookworm") == ()
    assert store.last_looks() == ()


def test_a_first_look_leaves_a_baseline_that_is_kept_apart_from_news(store: Store) -> None:
    store.record_look(look(0), state=SEEN, offered=[release()], changes=[change("1.1.5", is_baseline=True)])
    store.record_look(look(1), state=SEEN, offered=[release(), release("1.1.6")], changes=[change("1.1.6", 1)])

    assert store.target_state("debian", "bookworm") == SEEN
    assert [one.version for one in store.changes()] == ["1.1.6", "1.1.5"]
    assert [one.version for one in store.changes(include_baseline=False)] == ["1.1.6"]


def test_a_target_offers_exactly_what_its_last_applied_look_showed(store: Store) -> None:
    other = release("2.1.9", component="containerd")

    observe(store, 0, release("1.1.6"), other, release("1.1.5"))

    assert store.offered("debian", "bookworm") == (other, release("1.1.6"), release("1.1.5"))
    assert store.offered("debian", "trixie") == ()


def test_a_look_without_an_answer_leaves_offers_and_is_itself_kept(store: Store) -> None:
    observe(store, 0, release())
    failed = replace(look(1, result=LookResult.COULD_NOT_LOOK), message="no route", is_complete=False)

    store.record_look(failed, state=SEEN)

    assert store.offered("debian", "bookworm") == (release(),)
    assert store.last_looks() == (failed,)


def test_an_empty_answer_is_not_the_same_as_no_answer(store: Store) -> None:
    observe(store, 0, release())

    observe(store, 1)

    assert store.offered("debian", "bookworm") == ()


def test_the_newest_look_of_each_target_is_told_by_source_and_target(store: Store) -> None:
    for target in ("trixie", "bookworm"):
        store.record_look(look(0, target=target), state=SEEN)
    store.record_look(look(1, target="trixie", result=LookResult.NO_NEWS), state=SEEN)

    assert [(one.target, one.looked_at, one.result) for one in store.last_looks()] == [
        ("bookworm", at(0), LookResult.NEWS),
        ("trixie", at(1), LookResult.NO_NEWS),
    ]


@pytest.mark.parametrize("broken", ["change", "release"])
def test_a_look_that_cannot_be_written_whole_leaves_nothing(store: Store, broken: str) -> None:
    observe(store, 0, release())
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - the invalid value
    changes = [change("1.1.6", 1), replace(change("1.1.7"), observed_at=naive) if broken == "change" else change("8")]
    offered = [release("1.1.6"), replace(release("1.1.7"), published_at=naive) if broken == "release" else release()]

    with pytest.raises(StoreError, match="a time without a zone"):
        store.record_look(look(1), state=TargetState(cursor="new"), offered=offered, changes=changes)

    assert store.target_state("debian", "bookworm") == SEEN
    assert store.offered("debian", "bookworm") == (release(),)
    assert [one.looked_at for one in store.last_looks()] == [at(0)]
    assert store.changes() == ()
    assert len(store.releases()) == 1


def test_one_answer_cannot_offer_a_release_twice_in_one_place(store: Store) -> None:
    with pytest.raises(StoreError, match=r"offers runc 1\.1\.5 twice in 'bookworm'"):
        observe(store, 0, release(), replace(release(), notes="other"))

    assert store.releases() == ()


def test_a_replaced_asset_leaves_both_digests_in_the_store_and_the_new_one_current(
    store: Store, store_path: Path
) -> None:
    observe(store, 0, release(assets=[asset("sha256:old")]))

    observe(store, 1, release(assets=[asset("sha256:new")]))

    with closing(sqlite3.connect(store_path)) as connection:
        digests = connection.execute("SELECT digest FROM assets ORDER BY id").fetchall()
    assert digests == [("sha256:old",), ("sha256:new",)]
    known = store.known_release("runc", "1.1.5")
    assert known is not None
    assert [one.digest for one in known.assets] == ["sha256:new"]


def test_an_asset_that_comes_back_is_current_again(store: Store) -> None:
    for minutes, digest in enumerate(["sha256:old", "sha256:new", "sha256:old"]):
        observe(store, minutes, release(assets=[asset(digest)]))

    assert store.offered("debian", "bookworm") == (release(assets=[asset("sha256:old")]),)


def test_edited_notes_keep_the_old_text(store: Store, store_path: Path) -> None:
    observe(store, 0, release())

    observe(store, 1, replace(release(), notes="Edited.", is_prerelease=True))

    with closing(sqlite3.connect(store_path)) as connection:
        notes = connection.execute("SELECT notes FROM observations ORDER BY id").fetchall()
    assert notes == [("Fixed <b>all</b> bugs.",), ("Edited.",)]
    assert store.offered("debian", "bookworm")[0].notes == "Edited."


def test_the_same_answer_again_adds_a_look_and_nothing_else(store: Store, store_path: Path) -> None:
    tables = ("releases", "assets", "offers", "observations", "observed_assets", "looks")

    def counts() -> list[int]:
        with closing(sqlite3.connect(store_path)) as connection:
            return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608

    observe(store, 0, release(), release("1.1.6"))
    before = counts()

    observe(store, 1, release("1.1.6"), release())

    assert counts() == [*before[:-1], before[-1] + 1]


def test_an_offer_ends_when_a_look_no_longer_shows_it_and_a_later_one_is_another(
    store: Store, store_path: Path
) -> None:
    observe(store, 0, release())
    observe(store, 1)
    assert [one.offers for one in store.releases()] == [()]
    assert store.releases(offered_only=True) == ()

    observe(store, 2, release())

    (stored,) = store.releases(offered_only=True)
    assert stored.first_seen_at == at(0)
    assert stored.offers == (
        Offer(source="debian", target="bookworm", line="bookworm", channel="bookworm", since=at(2), until=None),
    )
    with closing(sqlite3.connect(store_path)) as connection:
        spans = connection.execute("SELECT since, until FROM offers ORDER BY id").fetchall()
    assert [(since[14:19], until and until[14:19]) for since, until in spans] == [("00:00", "01:00"), ("02:00", None)]


def test_a_release_that_nobody_offers_any_more_is_still_known_as_it_was(store: Store) -> None:
    observe(store, 0, release())
    observe(store, 1)

    assert store.known_release("runc", "1.1.5") == release()
    assert [one.release for one in store.releases()] == [release()]
    assert store.known_release("runc", "9") is None


def test_two_targets_that_offer_one_release_keep_their_own_files(store: Store) -> None:
    security = release(channel="security", assets=[asset(url="security/runc.deb")])
    observe(store, 0, release())
    observe(store, 1, security, target="security")
    observe(store, 2, release())

    assert store.offered("debian", "bookworm") == (release(),)
    assert store.offered("debian", "security") == (security,)
    (stored,) = store.releases()
    assert stored.release == security
    assert [one.channel for one in stored.offers] == ["bookworm", "security"]


def test_the_offer_that_lasts_tells_of_a_release_rather_than_a_newer_one_that_ended(store: Store) -> None:
    observe(store, 0, release())
    observe(store, 1, release(channel="security", assets=[asset("sha256:bb")]), target="security")

    observe(store, 2, target="security")

    (stored,) = store.releases()
    assert stored.release == release()
    assert store.known_release("runc", "1.1.5") == release()


def test_releases_are_told_by_component_then_in_order_of_first_sight(store: Store) -> None:
    observe(store, 0, release("2"), release("1"), release("7", component="containerd"))

    assert [(one.release.component, one.release.version) for one in store.releases()] == [
        ("containerd", "7"),
        ("runc", "2"),
        ("runc", "1"),
    ]
    assert [one.release.version for one in store.releases("runc")] == ["2", "1"]


def test_the_ledger_is_told_newest_first_of_one_component_and_up_to_a_limit(store: Store) -> None:
    store.record_look(look(0), state=SEEN, changes=[change("1"), change("2"), change("3", component="containerd")])
    store.record_look(look(1), state=SEEN, changes=[change("4", 1)])

    assert store.changes() == (change("4", 1), change("3", component="containerd"), change("2"), change("1"))
    assert [one.version for one in store.changes("runc", limit=2)] == ["4", "2"]
    assert store.changes(limit=0) == ()
