"""Every JSON answer of the double is one that GitHub's published description allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.github_double.openapi import complaints, read_subset

if TYPE_CHECKING:
    from githubdouble import GitHubDouble

    from tests.github_double.conftest import Ask

SUBSET = read_subset()
OWN = "/repos/microsoft/windows-container-networking"


def _addresses(github: GitHubDouble) -> dict[str, str]:
    """Return an address for each described path, in a world that has one of everything."""
    repository = github.world["microsoft/windows-container-networking"]
    release = repository.release("v0.3.1")
    annotated = next(tag for tag in repository.tags.values() if tag.object_sha)
    values = {
        "{subject_digest}": "sha256:" + "0" * 64,
        "{branch}": "master",
        "{ref}": repository.pulls[107].head,
        "{basehead}": "v0.3.0...v0.3.1",
        "{tag_sha}": str(annotated.object_sha),
        "{issue_number}": "101",
        "{pull_number}": "101",
        "{asset_id}": str(release.assets[0].id),
        "{tag}": "v0.3.1",
        "{release_id}": str(release.id),
    }
    found = {}
    for path in SUBSET["paths"]:
        address = path.replace("/repos/{owner}/{repo}", OWN).replace("/git/ref/{ref}", "/git/ref/tags/v0.3.1")
        for name, value in values.items():
            address = address.replace(name, value)
        found[path] = address
    return found


@pytest.mark.parametrize("path", sorted(SUBSET["paths"]))
def test_an_answer_is_one_that_the_published_description_allows(path: str, rich: GitHubDouble, ask: Ask) -> None:
    answer = ask(rich, _addresses(rich)[path] + ("?state=all" if path.endswith("/pulls") else ""))

    assert answer.status_code == 200
    assert answer.json()
    assert complaints(SUBSET, path, answer.json()) == []


@pytest.mark.parametrize("name", ["containerd/containerd", "containerd/nerdctl", "opencontainers/runc"])
def test_all_seeded_releases_and_tags_are_allowed(name: str, rich: GitHubDouble, ask: Ask) -> None:
    for part in ("releases", "tags"):
        url, count = f"/repos/{name}/{part}?per_page=100", 0
        while url:
            answer = ask(rich, url)
            assert complaints(SUBSET, "/repos/{owner}/{repo}/" + part, answer.json()) == []
            count += len(answer.json())
            url = answer.links.get("next", {}).get("url", "")
        assert count == len(getattr(rich.world[name], part))


def test_the_description_would_notice_an_answer_without_a_digest(rich: GitHubDouble, ask: Ask) -> None:
    answer = ask(rich, f"{OWN}/releases/tags/v0.3.1").json()
    del answer["assets"][0]["digest"]

    assert complaints(SUBSET, "/repos/{owner}/{repo}/releases/tags/{tag}", answer) == [
        "assets/0: 'digest' is a required property"
    ]


def test_the_newer_version_tells_no_merge_commit(rich: GitHubDouble, ask: Ask) -> None:
    older = ask(rich, f"{OWN}/pulls/101")
    newer = ask(rich, f"{OWN}/pulls/101", {"x-github-api-version": "2026-03-10"})

    assert older.json()["merge_commit_sha"].startswith("2137a67")
    assert "merge_commit_sha" not in newer.json()
    assert newer.json()["merged_at"] == "2023-12-25T07:02:39Z"
