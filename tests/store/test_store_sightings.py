from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.store.samples import SEEN, asset, at, change, look, observe, release
from tracker.errors import StoreError
from tracker.model import (
    AssetRole,
    Basis,
    Branch,
    ChangeKind,
    Containment,
    PullRequest,
    PullState,
    Repository,
    Succession,
    Tag,
    WatchedFile,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model import Sighting
    from tracker.store import Store

PULL = PullRequest(
    component="wcn",
    repository="owner/wcn",
    number=96,
    title="Support <b>CNI</b> 1.0.0 \ud800",
    author="somebody",
    state=PullState.CLOSED,
    is_draft=True,
    head="a" * 40,
    head_label="somebody:cni",
    opened_at=at(-500),
    closed_at=at(-100),
    review="approved",
    checks="failure",
    succession=(Succession(number=101, basis=Basis.UPSTREAM, reason="Closed in favour of #101.", url="x"),),
    url="https://upstream.example/96",
)
BRANCH = Branch(component="wcn", repository="owner/wcn", name="main", head="b" * 40, committed_at=at(-3))
TAG = Tag(component="wcn", repository="owner/wcn", name="v0.3.1", commit="c" * 40, version="0.3.1", tagged_at=at(-2))
HELD = Containment(component="wcn", repository="owner/wcn", of="#101", commit="d" * 40, tags=("v0.3.1", "v0.2.2"))
FILE = WatchedFile(component="script", name="install.ps1", url="u", digest="sha256:1", named=(("containerd", "1.6.6"),))
REPOSITORY = Repository(component="wcn", asked="owner/wcn", name="owner/new", number="7")
EVERYTHING = (FILE, BRANCH, HELD, PULL, REPOSITORY, TAG)


def _show(store: Store, minutes: float, *shown: Sighting, target: str = "bookworm") -> None:
    store.record_look(look(minutes, target=target), state=SEEN, sightings=shown)


def test_every_kind_of_sighting_comes_back_as_it_was(store: Store) -> None:
    _show(store, 0, *EVERYTHING[::-1])

    assert store.sighted("debian", "bookworm") == store.sightings() == EVERYTHING
    assert store.sightings("script") == (FILE,)
    assert store.sighted("debian", "trixie") == ()


def test_what_changed_gets_a_new_row_and_the_old_one_its_end(store: Store, store_path: Path) -> None:
    _show(store, 0, BRANCH, TAG)
    moved = replace(BRANCH, head="e" * 40)

    _show(store, 1, moved, TAG)
    _show(store, 2, moved, TAG)
    _show(store, 3, TAG)

    assert store.sightings() == (TAG,)
    with closing(sqlite3.connect(store_path)) as connection:
        spans = connection.execute("SELECT kind, observed_at, until FROM sightings ORDER BY id").fetchall()
    assert [(kind, since[14:16], until and until[14:16]) for kind, since, until in spans] == [
        ("branch", "00", "01"),
        ("tag", "00", None),
        ("branch", "01", "03"),
    ]


def test_a_look_that_tells_nothing_of_sightings_leaves_them(store: Store) -> None:
    _show(store, 0, PULL)

    observe(store, 1, release())

    assert store.sightings() == (PULL,)


def test_two_targets_may_tell_of_one_thing_and_each_keeps_its_own_word(store: Store) -> None:
    unknown = replace(PULL, state=PullState.UNKNOWN, title="")
    _show(store, 0, PULL, target="b")
    _show(store, 1, unknown, target="a")

    assert store.sightings() == (unknown, PULL)
    assert store.sighted("debian", "b") == (PULL,)


def test_one_answer_cannot_tell_twice_of_one_thing(store: Store) -> None:
    _show(store, 0, TAG)

    with pytest.raises(StoreError, match="twice"):
        store.record_look(look(1), state=SEEN, offered=[release()], sightings=[PULL, replace(PULL, title="")])

    assert (store.sightings(), store.releases()) == ((TAG,), ())


def test_all_that_is_said_of_a_release_and_its_files_comes_back(store: Store) -> None:
    file = replace(
        asset(),
        platform="windows/amd64",
        os_version="10.0.20348.2849",
        revision="77",
        further_digests=("sha512:bb", "sha512:cc"),
        distrust="Two published digests disagree.",
        role=AssetRole.MAIN,
    )
    told = replace(release(assets=[file]), tag="v1.1.5", commit="f" * 40, awaits=("linux/amd64", "windows/amd64"))

    observe(store, 0, told)

    assert store.offered("debian", "bookworm") == (told,)
    trusted = replace(told, assets=(replace(file, distrust=""),))
    observe(store, 1, trusted)
    assert store.known_release("runc", "1.1.5") == trusted


def test_all_that_is_said_in_an_entry_comes_back(store: Store) -> None:
    entry = replace(
        change("", 1),
        kind=ChangeKind.PULL_REQUEST_MERGED,
        subject="#101",
        channel="owner/wcn",
        happened_at=at(-9),
        url="https://upstream.example/101",
    )

    store.record_look(look(0), state=SEEN, changes=[entry])

    assert store.changes() == (entry,)
