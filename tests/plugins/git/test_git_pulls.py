"""When a pull request may be called merged for the subject of a commit, and when not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.git.commits import Commit
from tracker.plugins.git.pulls import searched, squashed

from tracker.model import Containment, PullRequest, PullState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.plugins.git.history import History, Look

_DAY = 24 * 3600
_HEAD = Commit(id="h", committed_at=100 * _DAY, author="Ada", email="ada@example.com", subject="Do it")
_SQUASH = replace(_HEAD, id="s", committed_at=103 * _DAY, subject="Do it well (#7)")


def _of(*later: Commit, own: Sequence[Commit] = ()) -> str:
    found = squashed(7, _HEAD, own, later)
    return found.id if found else ""


def test_the_commit_with_the_number_at_its_end_is_it() -> None:
    assert _of(replace(_SQUASH, id="x", subject="Something else (#8)"), _SQUASH) == "s"


@pytest.mark.parametrize(
    "subject",
    [
        'Revert "Do it well (#7)"',
        'Revert "Do it well" (#7)',
        "Reverts do it (#7)",
        'Reapply "Do it well" (#7)',
        "Do it well (#70)",
        "Do it well (#17)",
        "Do it well (#7).",
        "Do it well (#7) (#9)",
        "Do it well(#7)",
        "(#7)",
        "Merge pull request #7 from someone/topic",
        "Merge pull request #70 from someone/topic",
        "Fixes #7",
        "Merge branch 'main' into pull/7",
        "",
    ],
)
def test_a_subject_that_only_speaks_of_the_number_is_not(subject: str) -> None:
    assert not _of(replace(_SQUASH, subject=subject))


def test_a_merge_of_this_very_head_is_it_and_a_merge_of_another_one_is_not() -> None:
    merge = replace(_SQUASH, subject="Merge pull request #7 from ada/topic", parents=("main", "h"))

    assert _of(merge) == "s"
    assert not _of(replace(merge, parents=("main", "other")))
    assert not _of(replace(merge, parents=("h",)))


def test_a_commit_of_somebody_else_is_not() -> None:
    assert not _of(replace(_SQUASH, author="Bob", email="bob@example.com"))


def test_one_of_several_authors_is_enough() -> None:
    bob = replace(_HEAD, id="b", author="Bob", email="bob@example.com")

    assert _of(replace(_SQUASH, author="Bob", email="bob@work.example"), own=(bob,)) == "s"


def test_the_account_in_an_address_that_a_forge_gave_out_is_known_again() -> None:
    head = replace(_HEAD, author="Ada L.", email="12345+ada@users.noreply.example.com")
    squash = replace(_SQUASH, author="Countess", email="ada@users.noreply.example.com")

    assert squashed(7, head, (), (squash,)) == squash
    assert squashed(7, head, (), (replace(squash, email="bob@users.noreply.example.com"),)) is None


def test_nobodys_name_is_no_likeness() -> None:
    nobody = replace(_HEAD, author="", email="")

    assert squashed(7, nobody, (), (replace(_SQUASH, author="", email=""),)) is None


def test_a_commit_older_than_the_head_is_not_but_clocks_may_differ_by_a_day() -> None:
    assert not _of(replace(_SQUASH, committed_at=98 * _DAY))
    assert _of(replace(_SQUASH, committed_at=99 * _DAY)) == "s"
    assert not _of(replace(_SQUASH, committed_at=None))


def test_of_several_the_oldest_is_it_in_whatever_order_they_come() -> None:
    again = replace(_SQUASH, id="t", committed_at=110 * _DAY)

    assert _of(again, _SQUASH) == _of(_SQUASH, again) == "s"


@given(st.text(max_size=40), st.integers(1, 99))
def test_whatever_is_taken_is_found_by_the_texts_that_are_searched(subject: str, number: int) -> None:
    candidates = [replace(_SQUASH, subject=text) for text in (subject, f"{subject} (#{number})")]

    found = squashed(number, _HEAD, (), candidates)

    assert found is None or any(text in found.subject for text in searched(number))


def _merged(look: Look, number: int) -> tuple[str, str]:
    look.cursor = ""
    (pull,) = look.sightings(PullRequest, pull_requests=str(number))
    assert (pull.state is PullState.MERGED) == bool(pull.merge_commit)
    return pull.state.name, pull.merge_commit


def test_a_fast_forward_makes_the_head_itself_the_merge(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    head = history.commit("Work", "2025-05-01", tip, ref="refs/pull/7/head")
    history.git("update-ref", "refs/heads/master", head)
    history.commit("More", "2025-05-02", head)

    assert _merged(look, 7) == ("MERGED", head)


def test_a_head_that_came_in_with_another_branch_is_merged_where_that_was(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    head = history.commit("Work", "2025-05-01", tip, ref="refs/pull/7/head")
    topic = history.commit("Merge pull request #7 from a/b", "2025-05-02", tip, head, ref="refs/heads/topic")
    later = history.commit("Meanwhile", "2025-05-03", tip)
    merge = history.commit("Merge branch topic", "2025-05-04", later, topic)
    history.commit("After", "2025-05-05", merge)

    assert _merged(look, 7) == ("MERGED", merge)


def test_a_number_in_the_history_that_the_request_was_begun_upon_is_another_repositorys(
    look: Look, history: History
) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    history.commit("A fork's own work", "2023-01-01", tip, ref="refs/pull/102/head")

    assert _merged(look, 102) == ("UNKNOWN", "")


def test_a_request_of_an_unrelated_history_is_not_merged(look: Look, history: History) -> None:
    history.commit("Alone", "2025-05-01", ref="refs/pull/106/head")

    assert _merged(look, 106) == ("UNKNOWN", "")


def test_a_request_for_another_branch_is_not_called_merged(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/release-0.2")
    head = history.commit("Backport", "2025-05-01", tip, ref="refs/pull/7/head")
    history.commit("Merge pull request #7 from a/b", "2025-05-02", tip, head, ref="refs/heads/release-0.2")

    assert _merged(look, 7) == ("UNKNOWN", "")


def test_a_request_that_is_merged_after_it_was_seen_open_is_told_so(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    head = history.commit("Work", "2025-05-01", tip, ref="refs/pull/7/head")
    assert _merged(look, 7) == ("UNKNOWN", "")
    look.commits = (("head of #7", head),)

    merge = history.commit("Merge pull request #7 from a/b", "2025-05-02", tip, head)
    history.tag("v0.4.0", merge)

    held = {one.of: one for one in look.sightings(Containment, pull_requests="7")}
    assert _merged(look, 7) == ("MERGED", merge)
    assert (held["#7"].commit, held["#7"].tags) == (merge, ("v0.4.0",))


def test_what_the_upstream_says_of_a_merge_counts_more_than_a_subject(look: Look, history: History) -> None:
    said = history.git("rev-parse", "v0.3.1^{commit}")
    look.commits = (("#101", said),)

    (held,) = look.sightings(Containment, pull_requests="101")

    assert (held.of, held.commit, held.tags) == ("#101", said, ("v0.3.1",))
