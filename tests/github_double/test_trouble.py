"""What goes wrong on purpose: limits, refusals, and answers that are not what they should be."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx
    from githubdouble import GitHubDouble

    from tests.github_double.conftest import Ask


@pytest.mark.parametrize("status", [403, 429])
def test_a_spent_budget_refuses_and_says_when_it_is_filled(status: int, github: GitHubDouble, ask: Ask) -> None:
    reset = int(time.time()) + 600
    github.limits.primary(remaining=1, reset=reset, status=status)

    assert ask(github, "/repos/o/r").headers["x-ratelimit-remaining"] == "0"
    refused = ask(github, "/repos/o/r")
    assert refused.status_code == status
    assert refused.headers["x-ratelimit-reset"] == str(reset)
    assert "API rate limit exceeded" in refused.json()["message"]
    assert ask(github, "/rate_limit").json()["resources"]["core"]["remaining"] == 0


def test_a_budget_is_full_again_after_its_time(github: GitHubDouble, ask: Ask) -> None:
    github.limits.primary(remaining=0, reset=time.time() - 1)
    assert ask(github, "/repos/o/r").status_code == 403

    assert ask(github, "/repos/o/r").headers["x-ratelimit-remaining"] == "4999"


def test_the_secondary_limit_says_how_long_to_wait_in_seconds_as_a_date_or_not_at_all(
    github: GitHubDouble, ask: Ask
) -> None:
    told = []
    for retry_after in (30, datetime(2026, 11, 23, 12, 0, tzinfo=UTC), None):
        github.limits.secondary(retry_after=retry_after, status=429)
        answer = ask(github, "/repos/o/r")
        assert answer.status_code == 429
        assert "secondary rate limit" in answer.json()["message"]
        assert int(answer.headers["x-ratelimit-remaining"]) > 0
        told.append(answer.headers.get("retry-after"))

    assert told == ["30", "Mon, 23 Nov 2026 12:00:00 GMT", None]
    assert ask(github, "/repos/o/r").status_code == 200


def test_a_refusal_for_a_missing_permission_looks_like_no_limit(github: GitHubDouble, ask: Ask) -> None:
    github.faults.status("/releases", 403, "Resource not accessible by personal access token")

    answer = ask(github, "/repos/o/r/releases")

    assert answer.status_code == 403
    assert "rate limit" not in answer.text
    assert answer.headers["x-ratelimit-remaining"] == "4999"


def test_a_blocked_repository_says_why(github: GitHubDouble, ask: Ask) -> None:
    github.faults.blocked("/repos/o/r")

    answer = ask(github, "/repos/o/r")

    assert (answer.status_code, answer.json()["block"]["reason"]) == (451, "dmca")


@pytest.mark.parametrize("status", [404, 410, 500, 502, 504])
def test_any_status_comes_as_often_as_scripted(status: int, github: GitHubDouble, ask: Ask) -> None:
    github.faults.status("^/repos/o/r", status, times=2)

    assert [ask(github, "/repos/o/r").status_code for _ in range(3)] == [status, status, 200]


def test_a_list_is_cut_short_empty_or_a_page_of_html(github: GitHubDouble, ask: Ask) -> None:
    github.world["o/r"].publish("v1")
    answers = {}
    for kind in ("truncated", "html", "empty"):
        github.faults.add("/releases", kind)
        answers[kind] = ask(github, "/repos/o/r/releases")

    with pytest.raises(ValueError, match="column"):
        answers["truncated"].json()
    assert answers["html"].headers["content-type"].startswith("text/html")
    assert answers["empty"].json() == []
    assert {answer.status_code for answer in answers.values()} == {200}


def test_the_second_page_fails_alone(github: GitHubDouble, ask: Ask) -> None:
    for number in range(4):
        github.world["o/r"].tag(f"v{number}")
    github.faults.add("/tags", "page_2_fails")

    first = ask(github, "/repos/o/r/tags?per_page=2")

    assert first.status_code == 200
    assert ask(github, first.links["next"]["url"]).status_code == 502


def test_the_newest_release_is_missing_from_the_list(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    for tag in ("v1", "v2"):
        repository.push()
        repository.publish(tag)
    github.faults.add("/releases", "newest_missing")

    assert [release["tag_name"] for release in ask(github, "/repos/o/r/releases").json()] == ["v1"]
    assert [release["tag_name"] for release in ask(github, "/repos/o/r/releases").json()] == ["v2", "v1"]


def test_an_entry_is_on_two_pages(github: GitHubDouble, ask: Ask) -> None:
    for number in range(4):
        github.world["o/r"].tag(f"v{number}")
    github.faults.add("/tags", "duplicate")

    pages = [ask(github, f"/repos/o/r/tags?per_page=2&page={page}").json() for page in (1, 2)]

    assert [[tag["name"] for tag in page] for page in pages] == [["v3", "v2", "v1"], ["v1", "v0"]]


def test_a_slow_answer_waits_until_it_is_let_go(github: GitHubDouble, ask: Ask) -> None:
    fault = github.faults.add("/repos/o/r", "slow", seconds=30)
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: answers.append(ask(github, "/repos/o/r")))
    asking.start()
    assert fault.arrived.wait(30)

    assert answers == []
    github.faults.release()
    asking.join(30)
    assert answers[0].status_code == 200


def test_a_fault_that_does_not_exist_is_no_silent_nothing(github: GitHubDouble) -> None:
    with pytest.raises(ValueError, match="no fault 'slwo'"):
        github.faults.add("/", "slwo")
