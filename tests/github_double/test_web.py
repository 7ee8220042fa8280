"""The pages' side of the double: feeds, and git over HTTP with a real git."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from githubdouble import GitHubDouble, World, build_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.github_double.conftest import Ask

NAME = "microsoft/windows-container-networking"
ATOM = "{http://www.w3.org/2005/Atom}"


def _git(*arguments: str, at: Path | None = None) -> str:
    done = subprocess.run(["git", *arguments], cwd=at, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[GitHubDouble]:
    """The seeded double with a real git repository behind windows-container-networking and its forks."""
    world = World.from_seed()
    build_history(world[NAME], tmp_path / "forge")
    with GitHubDouble(world) as running:
        yield running


def test_the_feed_of_releases_has_ten_entries_tags_among_them_and_no_mark(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    for number in range(12):
        repository.publish(f"v1.{number}.0", name=f"Release {number}", prerelease=True, files={"a.zip": b""})
    repository.push()
    repository.tag("only-a-tag")

    answer = ask(github, "/o/r/releases.atom", token=None)

    entries = ET.fromstring(answer.text).findall(f"{ATOM}entry")  # noqa: S314 - the double's own
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert len(titles) == 10
    assert titles[:2] == ["only-a-tag", "Release 11"]
    assert "prerelease" not in answer.text
    assert "a.zip" not in answer.text
    assert "x-ratelimit-remaining" not in answer.headers


def test_git_lists_the_same_refs_that_rest_tells(forge: GitHubDouble, ask: Ask) -> None:
    lines = _git("ls-remote", f"{forge.web_url}/{NAME}.git").splitlines()

    refs = {name: sha for sha, name in (line.split("\t") for line in lines)}
    tags = {tag["name"]: tag["commit"]["sha"] for tag in ask(forge, f"/repos/{NAME}/tags").json()}
    assert {name: refs.get(f"refs/tags/{name}^{{}}", refs[f"refs/tags/{name}"]) for name in tags} == tags
    assert refs["refs/heads/master"] == ask(forge, f"/repos/{NAME}/branches/master").json()["commit"]["sha"]
    assert refs["refs/pull/96/head"] == ask(forge, f"/repos/{NAME}/pulls/96").json()["head"]["sha"]
    assert refs["refs/tags/v0.2.2"] == ask(forge, f"/repos/{NAME}/git/ref/tags/v0.2.2").json()["object"]["sha"]


def test_a_clone_without_files_tells_which_releases_contain_a_change(forge: GitHubDouble, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    _git("clone", "--quiet", "--mirror", "--filter=tree:0", f"{forge.web_url}/{NAME}.git", str(copy))
    change = _git("log", "--all", "--format=%H", "--grep=(#101)", at=copy)

    assert _git("tag", "--contains", change, at=copy).split() == ["v0.2.2", "v0.3.1", "v0.3.3"]
    assert _git("log", "-1", "--format=%cI", change, at=copy) == "2023-12-25T07:02:39+00:00"
    assert _git("for-each-ref", "--format=%(taggerdate:short)", "refs/tags/v0.2.2", at=copy) == "2025-02-24"
    assert _git("tag", "--contains", "refs/pull/96/head", at=copy) == ""
    assert any(seen.headers.get("git-protocol") == "version=2" for seen in forge.requests)


def test_the_fork_has_the_branch_that_the_pull_request_comes_from(forge: GitHubDouble) -> None:
    line = _git("ls-remote", f"{forge.web_url}/TBBle/windows-container-networking", "refs/heads/cni_1.0.0-support")

    assert line.split()[0] == forge.world[NAME].pulls[96].head


def test_what_happens_in_the_world_happens_in_git(forge: GitHubDouble) -> None:
    repository = forge.world[NAME]
    before = repository.tags["v0.3.1"].sha
    repository.merge_pull(107)
    repository.retag("v0.3.1")
    forge.world["TBBle/windows-container-networking"].push("cni_1.0.0-support")

    lines = _git("ls-remote", f"{forge.web_url}/{NAME}").splitlines()

    refs = {name: sha for sha, name in (line.split("\t") for line in lines)}
    assert refs["refs/heads/master"] == repository.pulls[107].merge_commit
    assert refs["refs/tags/v0.3.1"] == repository.head != before


def test_a_pull_requests_head_follows_the_forks_branch(forge: GitHubDouble) -> None:
    repository, fork = forge.world[NAME], forge.world["TBBle/windows-container-networking"]
    repository.reopen_pull(96)

    pushed = fork.push("cni_1.0.0-support")

    assert repository.pulls[96].head == pushed.sha
    assert _git("ls-remote", f"{forge.web_url}/{NAME}", "refs/pull/96/head").split()[0] == pushed.sha


def test_a_fork_that_is_made_later_proposes_a_commit_on_top_of_its_parents(
    github: GitHubDouble, tmp_path: Path
) -> None:
    repository = github.world["o/r"]
    repository.publish("v1")
    fork = github.world.add_repository("p/r", fork_of="o/r")
    build_history(repository, tmp_path / "forge")
    proposed = fork.push("topic")
    pull = repository.open_pull("Better", head=proposed.sha, head_ref="topic", head_repository="p/r")

    repository.merge_pull(pull.number)
    repository.publish("v2")
    repository.rename_branch("main", "trunk")

    copy = tmp_path / "copy"
    _git("clone", "--quiet", f"{github.web_url}/o/r.git", str(copy))
    assert _git("rev-list", "--max-parents=0", "HEAD", at=copy) == repository.tags["v1"].sha
    assert _git("tag", "--contains", proposed.sha, at=copy) == "v2"
    assert _git("branch", "--show-current", at=copy) == "trunk"


def test_git_follows_a_renamed_repository(forge: GitHubDouble) -> None:
    forge.world.rename_repository(NAME, "microsoft/renamed")

    assert "refs/tags/v0.3.1" in _git("ls-remote", f"{forge.web_url}/{NAME}.git")


def test_a_repository_without_git_behind_it_is_not_there_for_git(github: GitHubDouble) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        _git("ls-remote", f"{github.web_url}/o/r.git")
