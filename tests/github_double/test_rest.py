"""REST of the double: who may ask, pages, validators, names that changed, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from githubdouble import GOOD_TOKEN

if TYPE_CHECKING:
    from githubdouble import GitHubDouble

    from tests.github_double.conftest import Ask


def test_a_long_list_comes_in_pages_whose_links_go_by_the_repositorys_number(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    for number in range(35):
        repository.publish(f"v1.{number}.0")

    first = ask(github, "/repos/o/r/releases")
    second = ask(github, first.links["next"]["url"])

    assert first.links["next"]["url"] == f"{github.api_url}/repositories/{repository.id}/releases?page=2"
    assert first.links["last"]["url"] == first.links["next"]["url"]
    assert len(first.json()) == 30
    assert len(second.json()) == 5
    assert "next" not in second.links
    assert second.links["prev"]["url"].endswith("page=1")
    assert len({release["id"] for release in first.json() + second.json()}) == 35


def test_no_page_is_longer_than_a_hundred(github: GitHubDouble, ask: Ask) -> None:
    for number in range(101):
        github.world["o/r"].tag(f"v{number}")

    assert len(ask(github, "/repos/o/r/tags?per_page=500").json()) == 100


def test_an_unchanged_answer_is_304_and_free_for_who_has_a_token(github: GitHubDouble, ask: Ask) -> None:
    first = ask(github, "/repos/o/r/releases")
    again = ask(github, "/repos/o/r/releases", {"if-none-match": first.headers["etag"]})
    github.world["o/r"].publish("v1")
    changed = ask(github, "/repos/o/r/releases", {"if-none-match": first.headers["etag"]})

    assert first.headers["etag"].startswith('W/"')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    assert changed.status_code == 200


def test_an_unchanged_answer_costs_who_has_no_token(github: GitHubDouble, ask: Ask) -> None:
    first = ask(github, "/repos/o/r", token=None)
    again = ask(github, "/repos/o/r", {"if-none-match": first.headers["etag"]}, token=None)

    assert again.status_code == 304
    assert (first.headers["x-ratelimit-remaining"], again.headers["x-ratelimit-remaining"]) == ("59", "58")


def test_a_validator_holds_for_one_token_only(github: GitHubDouble, ask: Ask) -> None:
    github.tokens.add("ghp_second")
    first = ask(github, "/repos/o/r")

    assert ask(github, "/repos/o/r", {"if-none-match": first.headers["etag"]}, token="ghp_second").status_code == 200  # noqa: S106 - known to the double only


def test_a_date_alone_overlooks_added_files(github: GitHubDouble, ask: Ask) -> None:
    release = github.world["o/r"].publish("v1")
    address = f"/repos/o/r/releases/{release.id}"
    first = ask(github, address)
    github.world["o/r"].add_asset("v1", "a.zip", b"x")

    by_date = ask(github, address, {"if-modified-since": first.headers["last-modified"]})
    by_tag = ask(
        github,
        address,
        {"if-modified-since": first.headers["last-modified"], "if-none-match": first.headers["etag"]},
    )

    assert (by_date.status_code, by_tag.status_code) == (304, 200)


def test_a_renamed_repository_redirects_to_its_number_and_keeps_path_and_query(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world.rename_repository("o/r", "other/name")

    answer = ask(github, "/repos/o/r/releases?per_page=5")
    there = ask(github, answer.headers["location"])

    assert answer.status_code == 301
    assert answer.headers["location"] == f"{github.api_url}/repositories/{repository.id}/releases?per_page=5"
    assert there.status_code == 200
    assert ask(github, f"/repositories/{repository.id}").json()["full_name"] == "other/name"


def test_another_repository_may_take_the_name_that_was_given_up(github: GitHubDouble, ask: Ask) -> None:
    github.world.rename_repository("o/r", "o/old")
    taken = github.world.add_repository("o/r")

    assert ask(github, "/repos/o/r").json()["id"] == taken.id


def test_a_deleted_or_private_repository_is_404_like_one_that_never_was(github: GitHubDouble, ask: Ask) -> None:
    github.world.add_repository("o/gone")
    github.world.delete_repository("o/gone")
    github.world["o/r"].private = True

    assert ask(github, "/repos/o/gone").status_code == 404
    assert ask(github, "/repos/o/never").status_code == 404
    assert ask(github, "/repos/o/r", token=None).status_code == 404
    assert ask(github, "/repos/o/r").status_code == 200


def test_an_unknown_token_is_401(github: GitHubDouble, ask: Ask) -> None:
    answer = ask(github, "/repos/o/r", token="ghp_wrong")  # noqa: S106 - unknown to all

    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_who_does_not_say_its_name_is_403(github: GitHubDouble) -> None:
    with httpx.Client(trust_env=False) as client:
        request = client.build_request("GET", github.api_url + "/repos/o/r")
        del request.headers["user-agent"]

        assert client.send(request).status_code == 403


@pytest.mark.parametrize(
    ("version", "status"),
    [("2022-11-28", 200), ("2026-03-10", 200), ("2030-01-01", 400), ("2021-01-01", 410)],
)
def test_a_version_is_known_unknown_or_retired(version: str, status: int, github: GitHubDouble, ask: Ask) -> None:
    answer = ask(github, "/repos/o/r", {"x-github-api-version": version})

    assert answer.status_code == status
    assert answer.headers["x-github-api-version-selected"] == version


def test_a_trailing_slash_is_404(github: GitHubDouble, ask: Ask) -> None:
    assert ask(github, "/repos/o/r/").status_code == 404


def test_a_tag_with_a_slash_must_be_encoded(github: GitHubDouble, ask: Ask) -> None:
    github.world["o/r"].publish("api/v1.0.0")

    assert ask(github, "/repos/o/r/releases/tags/api%2Fv1.0.0").json()["tag_name"] == "api/v1.0.0"
    assert ask(github, "/repos/o/r/releases/tags/api/v1.0.0").status_code == 404


def test_only_writers_see_a_draft(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    repository.draft("v1")

    assert ask(github, "/repos/o/r/releases").json() == []
    repository.writers.add(GOOD_TOKEN)
    assert [release["draft"] for release in ask(github, "/repos/o/r/releases").json()] == [True]


def test_latest_is_the_newest_commit_and_no_prerelease(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    old = repository.head
    repository.push()
    repository.publish("v2.0.0")
    repository.tag("v1.0.1", old)
    repository.publish("v1.0.1")
    repository.push()
    repository.publish("v3.0.0-rc.1", prerelease=True)

    assert ask(github, "/repos/o/r/releases/latest").json()["tag_name"] == "v2.0.0"
    repository.promote("v3.0.0-rc.1")
    assert ask(github, "/repos/o/r/releases/latest").json()["tag_name"] == "v3.0.0-rc.1"


def test_a_renamed_branch_redirects(github: GitHubDouble, ask: Ask) -> None:
    github.world["o/r"].rename_branch("main", "trunk")

    answer = ask(github, "/repos/o/r/branches/main")

    assert answer.status_code == 301
    assert ask(github, answer.headers["location"]).json()["name"] == "trunk"


def test_two_lines_of_history_diverge(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    repository.push("side")
    repository.push()
    repository.push()

    found = ask(github, "/repos/o/r/compare/main...side").json()

    assert (found["status"], found["ahead_by"], found["behind_by"]) == ("diverged", 1, 2)
    assert ask(github, "/repos/o/r/compare/main...main").json()["status"] == "identical"


def test_an_enterprise_servers_prefix_is_answered_and_kept(github: GitHubDouble, ask: Ask) -> None:
    for number in range(3):
        github.world["o/r"].tag(f"v{number}")

    answer = ask(github, "/api/v3/repos/o/r/tags?per_page=2")

    assert answer.links["next"]["url"].startswith(github.api_url + "/api/v3/repositories/")
    assert len(ask(github, answer.links["next"]["url"]).json()) == 1


def test_what_arrives_is_recorded_with_its_headers(github: GitHubDouble, ask: Ask) -> None:
    ask(github, "/repos/o/r/releases?page=1", {"accept": "application/vnd.github+json"})

    seen = github.requests[-1]
    assert (seen.origin, seen.method, seen.path, seen.query, seen.status) == (
        "api",
        "GET",
        "/repos/o/r/releases",
        {"page": "1"},
        200,
    )
    assert seen.headers["accept"] == "application/vnd.github+json"
    assert seen.credential == GOOD_TOKEN
