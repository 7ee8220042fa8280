from __future__ import annotations

from itertools import permutations

import pytest

from tests.watch.ledger import REPOSITORY, Watched, at, pull, ref, told
from tracker.model import Basis, Containment, PullRequest, PullState, Succession, Tag
from tracker.store import LookResult

CLOSED, MERGED, OPEN = PullState.CLOSED, PullState.MERGED, PullState.OPEN
BY_101 = Succession(number=101, basis=Basis.UPSTREAM, reason="Replaced by #101.", url="https://upstream.example/c1")


def _held(*tags: str, of: str = "#101") -> Containment:
    return Containment(component="wcn", repository=REPOSITORY, of=of, commit="merge one", tags=tags)


def test_what_was_there_at_the_first_look_is_history_in_order_of_the_events() -> None:
    github = Watched()
    older = pull(90, MERGED, opened_at=at(-950), closed_at=at(-850), merged_at=at(-850))

    found = github.look(0, pull(96, CLOSED, succession=(BY_101,)), older)

    assert found.result is LookResult.NO_NEWS
    assert told(found) == [
        "(pull request opened #90)",
        "(pull request opened #96)",
        "(pull request merged #90)",
        "(pull request closed unmerged #96)",
        "(pull request superseded #96)",
    ]
    assert found.changes[-1].after == "#101, declared by upstream: Replaced by #101."
    assert found.changes[-1].url == "https://upstream.example/c1"
    assert [one.happened_at for one in found.changes] == [at(-950), at(-900), at(-850), at(-800), None]


def test_a_pull_request_is_pushed_reviewed_checked_and_merged() -> None:
    github = Watched()
    github.look(0, pull(is_draft=True))

    ready = github.look(1, pull(review="approved", checks="pending"))
    pushed = github.look(2, pull(head="head two", review="approved", checks="failure"))
    merged = github.look(3, pull(96, MERGED, head="head two", closed_at=at(2.5), merged_at=at(2.5), checks="success"))

    assert told(ready) == ["pull request ready for review #96", "pull request reviewed #96"]
    assert told(pushed) == ["pull request pushed #96", "pull request checked #96"]
    assert [(one.before, one.after) for one in pushed.changes] == [("head one", "head two"), ("pending", "failure")]
    assert told(merged) == ["pull request reviewed #96", "pull request checked #96", "pull request merged #96"]
    last = merged.changes[-1]
    assert (last.after, last.happened_at, last.channel, last.url) == (
        "merge one",
        at(2.5),
        REPOSITORY,
        "https://upstream.example/96",
    )


def test_a_pull_request_that_goes_back_to_draft_and_is_closed_and_reopened_says_so() -> None:
    github = Watched()
    github.look(0, pull())

    assert told(github.look(1, pull(is_draft=True))) == ["pull request turned to draft #96"]
    assert told(github.look(2, pull(96, CLOSED, is_draft=True, closed_at=at(1.5)))) == [
        "pull request closed unmerged #96"
    ]
    assert told(github.look(3, pull(is_draft=True))) == ["pull request reopened #96"]


def test_one_that_was_reopened_and_closed_again_between_two_looks_tells_both() -> None:
    github = Watched()
    github.look(0, pull(96, CLOSED))

    found = github.look(1, pull(96, CLOSED, closed_at=at(0.5)))

    assert told(found) == ["pull request reopened #96", "pull request closed unmerged #96"]


def test_each_pull_request_that_takes_the_place_is_told_once() -> None:
    github = Watched()
    github.look(0, pull(96, CLOSED))

    found = github.look(1, pull(96, CLOSED, succession=(BY_101,)))
    second = Succession(number=107, basis=Basis.GUESS, reason="The same head.")
    later = github.look(2, pull(96, CLOSED, succession=(second, BY_101)))

    assert told(found) == ["pull request superseded #96"]
    assert [one.after for one in later.changes] == ["#107, guessed: The same head."]


def test_a_pull_request_that_is_watched_from_now_on_is_history_unless_it_is_younger_than_the_last_look() -> None:
    github = Watched()
    github.look(0, pull())

    found = github.look(2, pull(), pull(107), pull(110, opened_at=at(1)))

    assert told(found) == ["(pull request opened #107)", "pull request opened #110"]


def test_marks_that_are_learned_are_no_events_and_marks_that_are_unknown_again_are_kept() -> None:
    github = Watched()
    github.look(0, pull(review="", checks=""))

    assert told(github.look(1, pull(review="approved", checks="success"))) == []
    assert told(github.look(2, pull(review="", checks="", title="", author=""))) == []
    assert github.sightings == (pull(review="approved", checks="success"),)


def test_a_merge_that_is_taken_back_is_believed_at_the_second_look() -> None:
    github = Watched()
    github.look(0, pull(96, MERGED))

    waiting = github.look(1, pull())
    assert waiting.result is LookResult.AWAITING_CONFIRMATION
    assert waiting.message.startswith("owner/wcn: pull request #96 is open, although it was merged: nothing is changed")
    assert github.sightings == (pull(96, MERGED),)
    assert (github.look(2, pull(96, MERGED)).changes, github.state.pending) == ((), "")

    github.look(3, pull())
    assert told(github.look(4, pull())) == ["pull request reopened #96"]
    assert github.sightings == (pull(),)


def test_a_pull_request_that_is_gone_is_kept_until_the_second_look() -> None:
    github = Watched()
    github.look(0, pull(), pull(101))

    waiting = github.look(1, pull())

    assert waiting.message.startswith("owner/wcn: pull request #101 is gone")
    assert [*github.sightings] == [pull(), pull(101)]
    assert github.look(2, pull()).changes == ()
    assert [*github.sightings] == [pull()]


def test_git_alone_says_nothing_of_a_state_that_it_does_not_know() -> None:
    git = Watched()

    assert told(git.look(0, ref())) == []
    assert told(git.look(1, ref(head="head two"))) == ["pull request pushed #96"]
    merged = ref(96, MERGED, head="head two", merged_at=at(-1))
    assert told(git.look(2, merged)) == ["pull request merged #96"]
    assert told(git.look(3, ref(head="head two"))) == []
    assert [*git.sightings] == [merged]


def test_an_answer_that_does_not_know_the_state_moves_the_head_alone() -> None:
    github = Watched()
    github.look(0, pull(96, CLOSED, succession=(BY_101,)))

    found = github.look(1, ref(head="head two"), unknown=["state of pull requests"], reason="Only git answered.")

    assert found.result is LookResult.LOOKED_IN_PART
    assert found.message == "could not see state of pull requests: Only git answered"
    assert told(found) == ["pull request pushed #96"]
    assert github.sightings == (pull(96, CLOSED, succession=(BY_101,), head="head two"),)


def _both_looks(
    order: tuple[str, ...], told_by: dict[str, PullRequest], watched: dict[str, Watched], day: float
) -> list[str]:
    return [entry for name in order for entry in told(watched[name].look(day, told_by[name]))]


@pytest.mark.parametrize("order", list(permutations(["github", "git"])))
def test_two_that_tell_the_same_double_no_entry(order: tuple[str, ...]) -> None:
    watched = {"github": Watched(), "git": Watched()}
    watched["github"].beside(watched["git"])

    first = _both_looks(order, {"github": pull(), "git": ref()}, watched, 0)
    pushed = _both_looks(order, {"github": pull(head="two"), "git": ref(head="two")}, watched, 1)
    merged = _both_looks(
        order,
        {
            "github": pull(96, MERGED, head="two", closed_at=at(1.5), merged_at=at(1.5)),
            "git": ref(96, MERGED, head="two"),
        },
        watched,
        2,
    )

    assert first == ["(pull request opened #96)"]
    assert pushed == ["pull request pushed #96"]
    assert merged == ["pull request merged #96"]


def test_what_the_forge_says_for_the_first_time_is_news_only_when_it_happened_since_the_last_look() -> None:
    git, github = Watched(), Watched()
    git.beside(github)
    git.look(0, ref(), ref(101))
    github.look(0, ref(), ref(101))

    found = github.look(2, pull(96, CLOSED), pull(101, CLOSED, closed_at=at(1)))

    assert told(found) == [
        "(pull request opened #96)",
        "(pull request opened #101)",
        "(pull request closed unmerged #96)",
        "pull request closed unmerged #101",
    ]


def test_what_the_forge_tells_first_after_git_had_to_speak_alone_is_no_second_news() -> None:
    github, git = Watched(), Watched()
    github.beside(git)
    git.look(0, ref(96, MERGED))

    found = github.look(1, pull(96, MERGED))

    assert told(found) == ["(pull request opened #96)"]


def test_tags_that_come_to_contain_a_merge_are_told_by_ancestry_and_dated() -> None:
    github, git = Watched(), Watched()
    git.beside(github)
    github.look(0, pull(101))
    git.look(0, _held(of="head of #101"))
    github.look(1, pull(101, MERGED, closed_at=at(0.5), merged_at=at(0.5)))
    tag = Tag(component="wcn", repository=REPOSITORY, name="v0.2.2", commit="c", version="0.2.2", tagged_at=at(0.7))

    found = git.look(1, _held("v0.2.2"), tag)
    later = git.look(2, _held("v0.2.2", "v0.3.1"), tag)

    assert told(found) == ["tagged v0.2.2", "contained in tags #101"]
    assert (found.changes[1].after, found.changes[1].happened_at) == ("v0.2.2", at(0.7))
    assert [(one.subject, one.after) for one in later.changes] == [("#101", "v0.3.1")]


def test_what_tags_contained_before_anybody_watched_is_history() -> None:
    git = Watched()

    assert told(git.look(0, _held("v0.2.2", "v0.3.1"))) == ["(contained in tags #101)"]
    assert told(git.look(1, _held("v0.2.2", "v0.3.1"), _held("v0.1.0", of="#90"))) == ["(contained in tags #90)"]


def test_a_history_that_cannot_be_read_takes_nothing_back() -> None:
    git = Watched()
    git.look(0, _held("v0.2.2"))
    lost = Containment(component="wcn", repository=REPOSITORY, of="#101", commit="", missing="the commit is not there")

    assert told(git.look(1, lost)) == []
    assert told(git.look(2, _held("v0.2.2"))) == []
    assert git.sightings == (_held("v0.2.2"),)
