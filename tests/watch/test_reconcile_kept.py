"""Upstreams that never take a release away in the ordinary course: what is missing was withdrawn, or is a mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.watch.ledger import REPOSITORY, Watched, at, file, published, pull, told
from tracker.model import AssetRole, Branch, Repository, Tag, WatchedFile
from tracker.protocols import Observed
from tracker.store import LookResult, TargetState

if TYPE_CHECKING:
    from tracker.model import Release, Sighting


def _tag(name: str, commit: str = "c", *, version: str | None = None, set_aside: str = "") -> Tag:
    read = name.removeprefix("v") if version is None else version
    return Tag(component="wcn", repository=REPOSITORY, name=name, commit=commit, version=read, set_aside=set_aside)


def _branch(head: str, name: str = "main") -> Branch:
    return Branch(component="wcn", repository=REPOSITORY, name=name, head=head, committed_at=at(-1))


def test_the_first_look_reads_in_order_of_publication_then_of_versions() -> None:
    upstream = Watched()
    backport = published("1.6.9", days=-1)

    found = upstream.look(0, published("2.0.0", days=-5), backport, published("1.10.0"), published("1.9.0"))

    assert told(found) == ["(released 1.9.0)", "(released 1.10.0)", "(released 2.0.0)", "(released 1.6.9)"]
    assert found.changes[-1].happened_at == at(-1)
    assert found.changes[-1].url == "https://upstream.example/1.6.9"


def test_a_release_is_told_after_the_newest_one_of_its_own_line() -> None:
    upstream = Watched()
    upstream.look(0, published("1.6.8"), published("2.0.0"))

    found = upstream.look(1, published("1.6.8"), published("2.0.0"), published("1.6.9"), published("2.1.0"))

    assert [(one.version, one.before) for one in found.changes] == [("1.6.9", "1.6.8"), ("2.1.0", "")]


@pytest.mark.parametrize(
    ("left", "said"),
    [
        pytest.param([published("2.0.0")], "wcn 1.6.8 is gone: nothing", id="an old release"),
        pytest.param([published("1.6.8")], "wcn 2.0.0 is gone, the newest is now 1.6.8: nothing", id="the newest"),
        pytest.param([], "wcn 1.6.8, 2.0.0 are gone: nothing", id="everything"),
        pytest.param(
            [published("1.6.8", assets=()), published("2.0.0")],
            "wcn 1.6.8 is without any file: nothing",
            id="all files",
        ),
        pytest.param(
            [published("1.6.8", file("note.txt", role=AssetRole.OTHER)), published("2.0.0")],
            "wcn 1.6.8 is without its file for windows/amd64: nothing",
            id="the file for the platform",
        ),
    ],
)
def test_whatever_is_missing_changes_nothing_before_a_second_look(left: list[Release], said: str) -> None:
    upstream = Watched()
    whole = published("1.6.8"), published("2.0.0")
    upstream.look(0, *whole)

    waiting = upstream.look(1, *left)

    assert (waiting.result, waiting.changes) == (LookResult.AWAITING_CONFIRMATION, ())
    assert waiting.message.startswith(said)
    assert (upstream.releases, upstream.state.cursor) == (whole, "")
    assert upstream.look(2, *whole).changes == ()


def test_a_newer_version_beside_a_loss_waits_with_it() -> None:
    upstream = Watched()
    upstream.look(0, published("1.6.8"), published("2.0.0"))

    assert upstream.look(1, published("1.6.8"), published("3.0.0")).message.startswith("wcn 2.0.0 is gone: nothing")
    assert told(upstream.look(2, published("1.6.8"), published("3.0.0"))) == ["released 3.0.0", "withdrawn 2.0.0"]


def test_many_things_that_are_gone_are_told_in_few_words() -> None:
    upstream = Watched()
    upstream.look(0, *(published(f"1.0.{n}") for n in range(9)), *(_tag(f"v1.0.{n}") for n in range(9)))

    tags, releases = upstream.look(1, published("1.0.8")).message.split("; ")

    assert tags == "owner/wcn: tag v1.0.0, tag v1.0.1, tag v1.0.2 and 6 more are gone"
    assert releases.startswith("wcn 1.0.0, 1.0.1, 1.0.2 and 5 more are gone: nothing")


def test_what_is_confirmed_to_be_gone_is_withdrawn_also_when_newer_ones_are_there() -> None:
    upstream = Watched()
    upstream.look(0, published("1.6.8"), published("2.0.0"))
    upstream.look(1, published("2.0.0"))

    found = upstream.look(2, published("2.0.0"))

    assert told(found) == ["withdrawn 1.6.8"]
    assert (found.result, upstream.releases) == (LookResult.NEWS, (published("2.0.0"),))


def test_a_withdrawn_release_that_comes_back_as_something_else_says_so() -> None:
    upstream = Watched()
    upstream.look(0, published("1.0.0"), published("2.0.0", file(digest="sha256:one")))
    for day in (1, 2):
        upstream.look(day, published("1.0.0"))

    found = upstream.look(3, published("1.0.0"), published("2.0.0", file(digest="sha256:two"), commit="another"))

    assert told(found) == ["offered 2.0.0", "retagged v2.0.0", "asset replaced wcn.zip"]


def test_a_promotion_a_demotion_and_a_tag_that_moved_are_told() -> None:
    upstream = Watched()
    early = published("2.0.0", is_prerelease=True, commit="")
    upstream.look(0, early)

    assert told(upstream.look(1, replace(early, is_prerelease=False, commit="one"))) == ["promoted 2.0.0"]
    assert told(upstream.look(2, replace(early, is_prerelease=False))) == []
    retagged = upstream.look(3, replace(early, commit="two"))
    assert told(retagged) == ["demoted to pre-release 2.0.0", "retagged v2.0.0"]
    assert (retagged.changes[1].before, retagged.changes[1].after) == ("one", "two")


def test_a_tag_that_moved_is_told_once_as_its_release() -> None:
    github, git = Watched(), Watched()
    github.beside(git)
    github.look(0, published("1.0.0", commit="one"), _tag("v1.0.0", "one"))
    git.look(0, _tag("v1.0.0", "one"))

    found = github.look(1, published("1.0.0", commit="two"), _tag("v1.0.0", "two"))

    assert [(one.version, one.subject) for one in found.changes] == [("1.0.0", "v1.0.0")]
    assert told(git.look(1, _tag("v1.0.0", "two"))) == []


def test_tags_are_told_when_no_release_was_made_of_them() -> None:
    github, git = Watched(), Watched()
    git.beside(github)
    github.look(0, published("1.0.0"))

    first = git.look(0, _tag("v1.0.0"), _tag("v0.9.0"), _tag("api/v1", version="", set_aside="The rule does not fit."))
    later = git.look(1, *git.sightings, _tag("v1.1.0", "new"))

    assert told(first) == ["(tagged api/v1)", "(tagged v0.9.0)"]
    assert first.changes[0].after == "The rule does not fit."
    assert [(one.version, one.after, one.is_baseline) for one in later.changes] == [("1.1.0", "new", False)]
    assert told(github.look(2, published("1.0.0"), published("1.1.0"), _tag("v1.1.0", "new"))) == ["released 1.1.0"]


def test_a_tag_that_moved_or_went_without_a_release_is_told() -> None:
    git = Watched()
    git.look(0, _tag("v1.0.0", "one"), _tag("v1.1.0"))

    assert told(git.look(1, _tag("v1.0.0", "two"), _tag("v1.1.0"))) == ["retagged v1.0.0"]
    assert git.look(2, _tag("v1.1.0")).message.startswith("owner/wcn: tag v1.0.0 is gone")
    gone = git.look(3, _tag("v1.1.0"))
    assert [(one.kind.value, one.before, one.version) for one in gone.changes] == [("tag removed", "two", "1.0.0")]


def test_a_tag_that_went_with_its_release_is_told_as_that() -> None:
    github = Watched()
    github.look(0, published("1.0.0"), published("1.1.0"), _tag("v1.0.0"), _tag("v1.1.0"))

    github.look(1, published("1.1.0"), _tag("v1.1.0"))

    assert told(github.look(2, published("1.1.0"), _tag("v1.1.0"))) == ["withdrawn 1.0.0"]


def test_a_branch_moves_and_is_told_to_be_removed_at_the_second_look() -> None:
    upstream = Watched()
    upstream.look(0, _branch("one"))

    moved = upstream.look(1, _branch("two"))
    assert told(moved) == ["branch moved main"]
    assert (moved.changes[0].before, moved.changes[0].after, moved.changes[0].happened_at) == ("one", "two", at(-1))
    assert upstream.look(2).message.startswith("owner/wcn: branch main is gone")
    assert told(upstream.look(3)) == ["branch removed main"]


def test_what_the_settings_name_no_more_is_left_without_a_word() -> None:
    upstream = Watched(words={"wcn": {REPOSITORY, "96", "101", "main", "next"}})
    tags = [_tag("v1.0.0"), _tag("v1.1.0")]
    upstream.look(0, published("1.0.0"), pull(), pull(101), _branch("one"), _branch("one", name="next"), *tags)

    upstream.words = {"wcn": {REPOSITORY, "96", "main"}}
    found = upstream.look(1, published("1.0.0"), pull(), _branch("one"), *tags)
    assert (found.result, found.changes) == (LookResult.NO_NEWS, ())
    assert set(upstream.sightings) == {pull(), _branch("one"), *tags}

    upstream.look(2, published("1.0.0"), pull(), _branch("one"))
    assert told(upstream.look(3, published("1.0.0"), pull(), _branch("one"))) == []
    assert set(upstream.sightings) == {pull(), _branch("one")}

    upstream.words = {"other": {REPOSITORY}}
    left = upstream.look(4)
    assert (left.result, left.changes, left.offered, left.sightings) == (LookResult.NO_NEWS, (), (), ())


def test_a_file_tells_which_named_versions_changed_else_its_digests() -> None:
    upstream = Watched()
    script = WatchedFile(
        component="script",
        name="install.ps1",
        url="https://upstream.example/i",
        digest="sha256:1",
        named=(("containerd", "1.6.6"), ("nerdctl", "0.21.0")),
    )
    assert told(upstream.look(0, script)) == []

    newer = replace(script, digest="sha256:2", named=(("cni", "0.2.0"), ("containerd", "1.7.0"), ("nerdctl", "0.21.0")))
    named = upstream.look(1, newer)
    plain = upstream.look(2, replace(newer, digest="sha256:3"))

    assert [(one.subject, one.channel, one.before, one.after) for one in (*named.changes, *plain.changes)] == [
        ("install.ps1", "https://upstream.example/i", "", "cni 0.2.0, containerd 1.6.6 -> 1.7.0"),
        ("install.ps1", "https://upstream.example/i", "sha256:2", "sha256:3"),
    ]


def test_a_repository_under_another_name_is_told_at_the_first_look_and_when_it_moves_on() -> None:
    upstream = Watched()
    one = Repository(component="wcn", asked="old/wcn", name="new/wcn", number="7")

    first = upstream.look(0, one)
    second = upstream.look(1, replace(one, name="newer/wcn"))

    assert told(first) == ["(repository renamed old/wcn)"]
    assert [(one.before, one.after, one.is_baseline) for one in (*first.changes, *second.changes)] == [
        ("old/wcn", "new/wcn", True),
        ("new/wcn", "newer/wcn", False),
    ]


def test_a_partial_answer_adds_what_it_tells_and_takes_nothing_away() -> None:
    upstream = Watched()
    old = published("1.0.0", days=-9, notes="All of it.")
    others: tuple[Sighting, ...] = (pull(), _tag("v1.0.0", "1.0.0 commit"), _branch("one"))
    upstream.look(0, old, published("1.1.0"), *others)
    upstream.state = replace(upstream.state, pending="a loss that waits")
    before = upstream.state
    emptier = replace(old, assets=(), notes="", url="", commit="", published_at=None, is_prerelease=True)

    found = upstream.look(
        1, emptier, published("1.2.0", assets=()), _branch("two"), unknown=["assets"], reason="No token."
    )

    assert (found.result, found.message) == (LookResult.LOOKED_IN_PART, "could not see assets: No token")
    assert told(found) == ["released 1.2.0", "branch moved main"]
    assert upstream.state == before
    assert {one.version: one for one in upstream.releases}["1.0.0"] == old
    assert set(upstream.sightings) == {pull(), _tag("v1.0.0", "1.0.0 commit"), _branch("two")}


def test_a_partial_first_answer_is_no_baseline() -> None:
    upstream = Watched()

    assert told(upstream.look(0, published("1.0.0"), unknown=["tags"])) == ["(released 1.0.0)"]
    assert upstream.state == TargetState()
    assert told(upstream.look(1, published("1.0.0"), published("0.9.0"))) == ["(released 0.9.0)"]
    assert told(upstream.look(2, published("1.0.0"), published("0.9.0"), published("1.1.0"))) == ["released 1.1.0"]


def test_what_was_set_aside_is_said_with_the_look() -> None:
    upstream = Watched()
    remarks = tuple(f"Tag t{n} is no version." for n in range(7))
    found = upstream.answered(0, Observed(releases=(), cursor="", remarks=remarks))

    assert found.message.startswith("Tag t0 is no version; Tag t1")
    assert found.message.endswith("Tag t4 is no version; 2 more")
