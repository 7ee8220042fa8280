"""What a look at a repository tells of its pull requests and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Basis, Branch, PullState

if TYPE_CHECKING:
    from tests.plugins.github.watcher import Watcher

WCN = "microsoft/windows-container-networking"


def test_a_branch_is_watched(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    commit = repository.push()

    (branch,) = [
        one for one in watcher.wanting(branches="main", tells="branches").see().sightings if isinstance(one, Branch)
    ]

    assert branch.head == commit.sha


def test_a_pull_request_is_merged_only_when_github_says_so(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    number = repository.open_pull("Add it").number
    watcher.wanting(pull_requests=str(number))
    opened = watcher.pull(number)
    repository.merge_pull(number, method="squash")

    merged = watcher.pull(number)

    assert (opened.state, opened.merge_commit) == (PullState.OPEN, "")
    assert merged.state is PullState.MERGED
    assert len(merged.merge_commit) == 40


def test_reviews_and_checks_of_a_pull_request_are_told(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    pull = repository.open_pull("Add it")
    repository.review(pull.number, "CHANGES_REQUESTED", user="one")
    repository.review(pull.number, "APPROVED", user="one")
    repository.check_run(pull.head, "build")

    seen = watcher.wanting(pull_requests=str(pull.number)).pull(pull.number)

    assert (seen.review, seen.checks) == ("approved", "success")


def test_a_failure_among_more_checks_than_a_page_holds_is_a_failure(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    pull = repository.open_pull("Add it")
    repository.check_run(pull.head, "oldest", "failure")
    for number in range(150):
        repository.check_run(pull.head, f"build {number}")
    repository.check_run(pull.head, "newest", "failure")

    assert watcher.wanting(pull_requests=str(pull.number)).pull(pull.number).checks == "failure"


def test_upstreams_own_words_name_the_successor(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    first, second = repository.open_pull("Old way").number, repository.open_pull("New way").number
    repository.close_pull(first, comment=f"Superseded by #{second}")

    (succession,) = watcher.wanting(pull_requests=str(first)).pull(first).succession

    assert (succession.number, succession.basis) == (second, Basis.UPSTREAM)


def test_what_a_stranger_says_of_a_successor_is_a_guess(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    first, second = repository.open_pull("Old way").number, repository.open_pull("New way").number
    repository.comment(first, f"Superseded by #{second}", user="passer-by")
    repository.close_pull(first)

    (succession,) = watcher.wanting(pull_requests=str(first)).pull(first).succession

    assert (succession.number, succession.basis) == (second, Basis.GUESS)


def test_a_pull_request_that_is_not_there_hides_no_release(watcher: Watcher) -> None:
    watcher.github.world["o/r"].publish("v1.0.0", files={"thing-1.0.0.zip": b"bytes"})

    seen = watcher.wanting(pull_requests="4711").see()

    assert [one.version for one in seen.releases] == ["1.0.0"]
    assert seen.unknown == ("pull request #4711",)
    assert "404" in seen.reason
