"""What a look at a repository on GitHub shows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from githubdouble import GOOD_TOKEN, GitHubDouble, World, build_history

from tests.plugins.github.watcher import Watcher
from tracker.errors import RateLimitedError, RefusedError, SourceError
from tracker.model import PullRequest, PullState, Repository, Tag
from tracker.protocols import NoNews

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

WCN = "microsoft/windows-container-networking"
ZIP = b"not really a zip"


def _publish(github: GitHubDouble, tag: str, content: bytes = ZIP) -> None:
    name = f"thing-{tag.removeprefix('v')}.zip"
    digest = hashlib.sha256(content).hexdigest()
    github.world["o/r"].publish(tag, files={name: content, f"{name}.sha256": f"{digest}  {name}\n".encode()})


def test_a_release_is_seen_with_its_file_for_the_platform_its_digest_and_its_commit(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.2.0")

    release = watcher.releases()["1.2.0"]

    asset = release.asset_for("windows/amd64")
    assert asset is not None
    assert asset.digest == f"sha256:{hashlib.sha256(ZIP).hexdigest()}"
    assert asset.size == len(ZIP)
    assert (release.tag, release.line, release.channel, release.awaits) == ("v1.2.0", "1.2", "o/r", ())
    assert len(release.commit) == 40


def test_drafts_are_not_seen_before_they_are_published(watcher: Watcher) -> None:
    draft = watcher.github.world["o/r"].draft("v1.0.0")
    assert watcher.releases() == {}

    watcher.github.world["o/r"].publish(draft)
    assert list(watcher.releases()) == ["1.0.0"]


def test_a_release_whose_file_is_still_on_its_way_awaits_it(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    _publish(watcher.github, "v1.0.0")
    repository.publish("v1.1.0")
    repository.add_asset("v1.1.0", "thing-1.1.0.zip", ZIP, state="open")

    assert watcher.releases()["1.1.0"].awaits == ("windows/amd64",)
    repository.finish_upload("v1.1.0", "thing-1.1.0.zip")
    repository.edit_notes("v1.1.0", "complete")
    assert watcher.releases()["1.1.0"].asset_for("windows/amd64") is not None


def test_a_replaced_file_has_another_digest_and_another_revision(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    before = watcher.releases()["1.0.0"].asset_for("windows/amd64")
    watcher.github.world["o/r"].replace_asset("v1.0.0", "thing-1.0.0.zip", b"other bytes")

    after = watcher.releases()["1.0.0"].asset_for("windows/amd64")

    assert before is not None
    assert after is not None
    assert after.has_other_bytes_than(before)
    assert after.revision != before.revision


def test_a_file_that_is_not_what_its_checksum_file_says_is_distrusted(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.github.world["o/r"].replace_asset("v1.0.0", "thing-1.0.0.zip", b"other bytes")

    asset = watcher.releases()["1.0.0"].asset_for("windows/amd64")

    assert asset is not None
    assert "thing-1.0.0.zip.sha256" in asset.distrust


def test_a_checksum_file_that_cannot_be_read_accuses_nobody(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.github.faults.status(r"\.sha256", 404, times=9)

    seen = watcher.see()

    (release,) = seen.releases
    assert release.assets[0].distrust == ""
    assert any("thing-1.0.0.zip.sha256" in remark for remark in seen.remarks)


def test_an_error_page_in_place_of_a_checksum_file_accuses_nobody(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.github.faults.add(r"\.sha256", "html", times=2)

    (release,) = watcher.see().releases

    assert release.assets[0].distrust == ""


def test_tags_that_are_no_versions_are_set_aside_with_the_reason(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.github.world["o/r"].tag("CNI_V1Schema")

    tags = {one.name: one for one in watcher.see().sightings if isinstance(one, Tag)}

    assert tags["v1.0.0"].version == "1.0.0"
    assert tags["CNI_V1Schema"].version == ""
    assert "does not fit" in tags["CNI_V1Schema"].set_aside


def test_all_pages_are_followed(watcher: Watcher) -> None:
    for minor in range(230):
        watcher.github.world["o/r"].publish(f"v1.{minor}.0")

    assert len(watcher.releases()) == 230


@pytest.mark.parametrize("kind", ["page_2_fails", "truncated", "html"])
def test_a_page_that_fails_makes_the_whole_look_fail(watcher: Watcher, kind: str) -> None:
    for minor in range(120):
        watcher.github.world["o/r"].publish(f"v1.{minor}.0")
    watcher.github.faults.add("/releases", kind, times=9)

    with pytest.raises(SourceError):
        watcher.look()


def test_a_release_that_two_pages_show_is_one_release(watcher: Watcher) -> None:
    for minor in range(120):
        watcher.github.world["o/r"].publish(f"v1.{minor}.0")
    watcher.github.faults.add("/releases", "duplicate", times=2)

    assert len(watcher.see().releases) == 120


def test_with_a_token_an_unchanged_repository_costs_no_rest_request(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.see()
    watcher.github.forget()

    assert isinstance(watcher.look(), NoNews)
    assert watcher.github.paths() == ["/graphql"]


def test_with_a_token_unchanged_pull_requests_and_branches_cost_no_rest_request_either(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    number = watcher.github.world["o/r"].open_pull("Add it").number
    watcher.wanting(pull_requests=str(number), branches="main").see()
    watcher.github.forget()

    assert isinstance(watcher.look(), NoNews)
    assert watcher.github.paths() == ["/graphql"]


def test_with_a_token_a_moved_tag_is_seen_at_the_next_look(watcher: Watcher) -> None:
    repository = watcher.github.world["o/r"]
    _publish(watcher.github, "v1.0.0")
    watcher.wanting(pull_requests=str(repository.open_pull("Add it").number)).see()
    moved = repository.push()
    repository.retag("v1.0.0", moved.sha)

    assert watcher.releases()["1.0.0"].commit == moved.sha


def test_with_a_token_what_changed_is_asked_in_detail(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.see()
    _publish(watcher.github, "v1.1.0")

    assert set(watcher.releases()) == {"1.0.0", "1.1.0"}


def test_without_a_token_an_unchanged_repository_costs_one_conditional_request(anonymous: Watcher) -> None:
    _publish(anonymous.github, "v1.0.0")
    anonymous.see()
    anonymous.github.forget()

    assert isinstance(anonymous.look(), NoNews)
    assert len(anonymous.github.requests) == 1


def test_a_whole_look_is_made_again_after_a_day_even_when_nothing_seems_to_change(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.see()
    watcher.now += timedelta(hours=25)

    assert watcher.see().releases


def test_a_broken_survey_is_no_reason_not_to_look(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.look()
    watcher.github.faults.add("/graphql", "html", times=9)

    assert isinstance(watcher.look(), NoNews)
    _publish(watcher.github, "v1.1.0")
    assert set(watcher.releases()) == {"1.0.0", "1.1.0"}


def test_a_renamed_repository_is_followed_by_its_number(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.see()
    watcher.github.world.rename_repository("o/r", "elsewhere/new")
    watcher.github.world["elsewhere/new"].publish("v1.1.0")

    seen = watcher.see()

    (repository,) = [one for one in seen.sightings if isinstance(one, Repository)]
    assert (repository.asked, repository.name) == ("o/r", "elsewhere/new")
    assert {one.version for one in seen.releases} == {"1.0.0", "1.1.0"}


def test_a_repository_that_does_not_exist_says_so_and_what_it_may_mean(watcher: Watcher) -> None:
    with pytest.raises(RefusedError, match=r"o/none does not exist, or is private"):
        watcher.wanting(repository="o/none").look()


def test_a_refused_token_is_told_from_a_missing_repository(watcher: Watcher) -> None:
    watcher.github.tokens.clear()

    with pytest.raises(RefusedError, match="token was refused"):
        replace(watcher, token=GOOD_TOKEN).wanting().look()


def test_a_token_is_sent_to_the_api_alone(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.see()

    stored = [asked for asked in watcher.github.requests if asked.origin == "storage"]
    assert stored
    assert not [asked for asked in stored if "authorization" in asked.headers]


def test_when_the_limit_is_reached_git_tells_tags_and_says_what_it_does_not_know(tmp_path: Path) -> None:
    world = World.from_seed()
    build_history(world[WCN], tmp_path / "git")
    with GitHubDouble(world) as github:
        watcher = Watcher(github, tmp_path, token="").wanting(repository=WCN, pull_requests="96 101")
        # The web is another host than the API there, so that a parked API does not park it.
        watcher.options["web_url"] = github.web_url.replace("127.0.0.1", "localhost")
        known = watcher.see()
        github.limits.primary(remaining=0)
        watcher.cursor = ""

        seen = watcher.see()

    assert seen.releases == ()
    assert "releases and their files" in seen.unknown
    assert "limit" in seen.reason
    tags = {one.name: one.commit for one in known.sightings if isinstance(one, Tag)}
    assert {one.name: one.commit for one in seen.sightings if isinstance(one, Tag)} == tags
    heads = {one.number: one.head for one in known.sightings if isinstance(one, PullRequest)}
    pulls = [one for one in seen.sightings if isinstance(one, PullRequest)]
    assert {one.number: one.head for one in pulls} == heads
    assert {one.state for one in pulls} == {PullState.UNKNOWN}


def test_a_limit_with_nothing_else_to_ask_is_not_no_news(anonymous: Watcher) -> None:
    anonymous.github.limits.primary(remaining=0)
    anonymous.github.faults.status(r"\.git/", 404, times=9)

    with pytest.raises(RateLimitedError):
        anonymous.look()


def test_pages_on_another_host_are_not_followed(watcher: Watcher, httpserver: HTTPServer) -> None:
    elsewhere = watcher.github
    httpserver.expect_request("/repos/o/r").respond_with_json({"id": 1, "full_name": "o/r"})
    httpserver.expect_request("/repositories/1/tags").respond_with_json(
        [], headers={"link": f'<{elsewhere.api_url}/repos/o/r/tags?page=2>; rel="next"'}
    )
    watcher.options["api_url"] = httpserver.url_for("").rstrip("/")

    with pytest.raises(SourceError, match="next page is said to lie on another host"):
        watcher.look()
    assert elsewhere.paths() == []


def test_a_checksum_file_that_was_an_error_page_once_is_asked_for_again(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    repository = watcher.github.world["o/r"]
    repository.release("v1.0.0").asset("thing-1.0.0.zip.sha256").digest = None
    repository.replace_asset("v1.0.0", "thing-1.0.0.zip", b"other bytes")
    watcher.github.faults.add(r"\.sha256", "html", times=2)
    assert watcher.releases()["1.0.0"].assets[0].distrust == ""
    watcher.cursor = ""

    (asset,) = [one for one in watcher.releases()["1.0.0"].assets if one.platform]

    assert "thing-1.0.0.zip.sha256" in asset.distrust


def test_the_look_around_goes_to_the_present_name_of_a_renamed_repository(tmp_path: Path) -> None:
    world = World.from_seed()
    build_history(world[WCN], tmp_path / "git")
    with GitHubDouble(world) as github:
        watcher = Watcher(github, tmp_path, token="").wanting(repository=WCN)
        watcher.options["web_url"] = github.web_url.replace("127.0.0.1", "localhost")
        world.rename_repository(WCN, "elsewhere/networking")
        watcher.see()
        world.add_repository(WCN).publish("v9.9.9")
        github.limits.primary(remaining=0)
        watcher.now += timedelta(hours=25)

        seen = watcher.see()

    assert "v0.3.1" in {one.name for one in seen.sightings if isinstance(one, Tag)}
    assert "v9.9.9" not in {one.name for one in seen.sightings if isinstance(one, Tag)}


def test_files_are_held_against_signed_statements_where_that_is_wanted(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.options["attestations"] = True

    (release,) = watcher.see().releases

    assert release.assets[0].distrust == ""
    assert any("/attestations/sha256" in path for path in watcher.github.paths())


def test_what_stands_in_for_github_may_know_repositories_by_name_alone(watcher: Watcher) -> None:
    _publish(watcher.github, "v1.0.0")
    watcher.github.faults.add(r"^/repositories/\d+", "status", times=99, status=404)

    assert list(watcher.releases()) == ["1.0.0"]

    _publish(watcher.github, "v1.1.0")
    assert list(watcher.releases()) == ["1.1.0", "1.0.0"]
