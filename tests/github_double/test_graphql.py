"""GraphQL of the double: what it answers, what it refuses in GitHub's way, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from githubdouble import GOOD_TOKEN, World

if TYPE_CHECKING:
    from githubdouble import GitHubDouble

RELEASES = """
query($first: Int!, $after: String) {
  repository(owner: "o", name: "r") {
    nameWithOwner
    releases(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { tagName isPrerelease releaseAssets(first: 10) { nodes { name size } } }
    }
  }
  rateLimit { cost remaining resetAt }
}
"""


def _query(github: GitHubDouble, query: str, token: str | None = GOOD_TOKEN, **variables: object) -> httpx.Response:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    body = {"query": query, "variables": variables}
    return httpx.post(github.graphql_url, json=body, headers=headers, trust_env=False)


def test_releases_are_walked_page_by_page(github: GitHubDouble) -> None:
    repository = github.world["o/r"]
    for number in range(3):
        repository.publish(f"v1.{number}.0", files={"a.zip": b"12345"})
        repository.push()

    first: dict[str, Any] = _query(github, RELEASES, first=2).json()["data"]["repository"]["releases"]
    second = _query(github, RELEASES, first=2, after=first["pageInfo"]["endCursor"]).json()["data"]["repository"][
        "releases"
    ]

    assert [node["tagName"] for node in first["nodes"]] == ["v1.2.0", "v1.1.0"]
    assert first["pageInfo"]["hasNextPage"]
    assert [node["tagName"] for node in second["nodes"]] == ["v1.0.0"]
    assert second["nodes"][0]["releaseAssets"]["nodes"] == [{"name": "a.zip", "size": 5}]
    assert not second["pageInfo"]["hasNextPage"]


def test_a_query_costs_a_hundredth_of_its_connections_and_one_point_at_least(github: GitHubDouble) -> None:
    cheap = _query(github, RELEASES, first=1).json()["data"]["rateLimit"]
    # One connection, and one more under each of up to 100 releases under each of three aliases.
    part = "releases(first: 100) { nodes { releaseAssets(first: 10) { nodes { name } } } }"
    many = "".join(f'r{number}: repository(owner: "o", name: "r") {{ {part} }}' for number in range(3))
    dear = _query(github, "{" + many + "rateLimit { cost remaining } }").json()["data"]["rateLimit"]

    assert cheap["cost"] == 1
    assert dear == {"cost": 3, "remaining": 5000 - 1 - 3}


def test_a_field_that_the_schema_does_not_have_is_refused_with_status_200(github: GitHubDouble) -> None:
    files = "releaseAssets(first: 1) { nodes { digest } }"
    query = '{ repository(owner: "o", name: "r") { releases(first: 1) { nodes { ' + files + " } } } }"

    answer = _query(github, query)

    assert answer.status_code == 200
    assert "data" not in answer.json()
    assert answer.json()["errors"][0]["message"] == "Field 'digest' doesn't exist on type 'ReleaseAsset'"


def test_a_repository_that_is_not_there_is_null_beside_an_error(github: GitHubDouble) -> None:
    answer = _query(
        github, '{ here: repository(owner: "o", name: "r") { name } gone: repository(owner: "o", name: "x") { name } }'
    )

    assert answer.status_code == 200
    assert answer.json()["data"] == {"here": {"name": "r"}, "gone": None}
    assert [(error["type"], error["path"]) for error in answer.json()["errors"]] == [("NOT_FOUND", ["gone"])]


def test_a_connection_without_a_bound_is_refused(github: GitHubDouble) -> None:
    answer = _query(github, '{ repository(owner: "o", name: "r") { releases { totalCount } } }')

    assert answer.json()["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"


def test_nobody_asks_without_a_token(github: GitHubDouble) -> None:
    assert _query(github, "{ rateLimit { cost } }", token=None).status_code == 401
    assert _query(github, "{ rateLimit { cost } }", token="ghp_other").status_code == 401  # noqa: S106 - unknown to all


def test_a_spent_budget_is_told_with_status_200(github: GitHubDouble) -> None:
    github.limits.primary(remaining=0, resource="graphql")

    answer = _query(github, "{ rateLimit { cost } }")

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["type"] == "RATE_LIMITED"
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-ratelimit-resource"] == "graphql"


def test_a_pull_request_tells_its_fate_reviews_and_checks(rich: GitHubDouble) -> None:
    query = """
    query($number: Int!) { repository(owner: "microsoft", name: "windows-container-networking") {
      pullRequest(number: $number) {
        state merged mergeCommit { oid } headRefName reviewDecision
        comments(last: 1) { nodes { body } }
        statusCheckRollup { state contexts(first: 10) { nodes { __typename ... on CheckRun { name conclusion } } } }
      } } }"""
    fates: list[dict[str, Any]] = [
        _query(rich, query, number=number).json()["data"]["repository"]["pullRequest"] for number in (96, 101, 107)
    ]

    assert [fate["state"] for fate in fates] == ["CLOSED", "MERGED", "OPEN"]
    assert fates[0]["mergeCommit"] is None
    assert fates[1]["mergeCommit"]["oid"].startswith("2137a67")
    assert fates[1]["reviewDecision"] == "APPROVED"
    assert fates[2]["statusCheckRollup"]["state"] == "PENDING"
    assert [node["__typename"] for node in fates[2]["statusCheckRollup"]["contexts"]["nodes"]] == [
        "CheckRun",
        "CheckRun",
        "StatusContext",
    ]


def test_tags_come_by_the_date_of_their_commit_and_peel(github: GitHubDouble) -> None:
    repository = github.world["o/r"]
    for name, annotated in (("v2", False), ("v1", True)):
        repository.push()
        repository.tag(name, annotated=annotated)
    query = """{ repository(owner: "o", name: "r") { refs(refPrefix: "refs/tags/", first: 10,
      orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) { nodes { name target { __typename oid
      ... on Tag { tagger { date } target { oid } } } } } } }"""

    nodes = _query(github, query).json()["data"]["repository"]["refs"]["nodes"]

    assert [node["name"] for node in nodes] == ["v1", "v2"]
    assert [node["target"]["__typename"] for node in nodes] == ["Tag", "Commit"]
    assert nodes[0]["target"]["target"]["oid"] == repository.tags["v1"].sha


def test_a_renamed_repository_is_found_and_tells_its_new_name(github: GitHubDouble) -> None:
    github.world.rename_repository("o/r", "o/renamed")

    assert _query(github, RELEASES, first=1).json()["data"]["repository"]["nameWithOwner"] == "o/renamed"


def test_the_seeded_world_answers_like_any_other() -> None:
    world = World.from_seed()

    assert world["containerd/nerdctl"].release("v2.3.5").body is not None
