"""What a look at a repository with git alone shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.git.history import History, Look
from tracker.errors import ConfigError, SourceError
from tracker.model import Branch, Containment, PullRequest, PullState, Tag
from tracker.protocols import NetworkSettings, NoNews

if TYPE_CHECKING:
    from pathlib import Path


def test_tags_are_told_with_the_commit_that_they_name_and_the_time_of_the_tag(look: Look) -> None:
    tags = {one.name: one for one in look.sightings(Tag)}

    assert set(tags) == {"v0.2.0", "v0.3.0", "v0.2.1", "v0.3.1", "v0.2.2", "CNI_V1Schema"}
    assert str(tags["v0.2.2"].tagged_at)[:10] == "2025-02-24"
    assert str(tags["v0.3.1"].tagged_at)[:10] == "2024-07-05"
    assert tags["v0.3.1"].version == "0.3.1"
    assert tags["CNI_V1Schema"].set_aside


def test_which_tags_contain_a_squashed_pull_request_is_told_by_ancestry_oldest_tag_first(look: Look) -> None:
    (held,) = look.sightings(Containment, pull_requests="101")

    assert held.of == "#101"
    assert held.tags == ("v0.3.1", "v0.2.2")
    assert held.branches == ("master",)


def test_a_pull_request_that_never_came_in_is_not_told_as_merged(look: Look) -> None:
    (pull,) = look.sightings(PullRequest, pull_requests="96")
    look.cursor = ""
    (held,) = look.sightings(Containment, pull_requests="96")

    assert pull.state is PullState.UNKNOWN
    assert pull.merge_commit == ""
    assert (held.of, held.tags, held.branches) == ("head of #96", (), ())


def test_a_squashed_pull_request_is_found_by_the_subject_of_its_author(look: Look, history: History) -> None:
    (pull,) = look.sightings(PullRequest, pull_requests="101")

    assert pull.state is PullState.MERGED
    assert history.git("show", "-s", "--format=%s", pull.merge_commit) == "Add CNI config 1.0.0 support. (#101)"


def test_a_revert_that_quotes_the_number_merges_nothing(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    history.commit("Support CNI 1.0.0 config", "2025-04-01", tip, ref="refs/pull/200/head")
    history.commit('Revert "Support CNI 1.0.0 config (#200)"', "2025-04-02", tip)

    (pull,) = look.sightings(PullRequest, pull_requests="200")

    assert pull.state is PullState.UNKNOWN


def test_a_merge_commit_makes_a_pull_request_merged_by_ancestry(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    head = history.commit("Work", "2025-05-01", tip, ref="refs/pull/201/head")
    merge = history.commit("Merge pull request #201 from someone/topic", "2025-05-02", tip, head)

    (pull,) = look.sightings(PullRequest, pull_requests="201")

    assert (pull.state, pull.merge_commit) == (PullState.MERGED, merge)


def test_commits_that_others_ask_about_are_looked_for(look: Look, history: History) -> None:
    asked = history.git("rev-parse", "v0.3.0^{commit}")
    look.commits = (("#66", asked), ("#999", "f" * 40))

    held = {one.of: one for one in look.sightings(Containment)}

    assert set(held["#66"].tags) == {"v0.3.0", "v0.3.1", "v0.2.2"}
    assert held["#999"].tags == ()
    assert held["#999"].missing


def test_an_unchanged_repository_is_no_news_and_a_new_tag_is(look: Look, history: History) -> None:
    look.see()
    assert isinstance(look.look(), NoNews)

    history.tag("v0.4.0", "refs/heads/master")
    assert "v0.4.0" in {one.name for one in look.sightings(Tag)}


def test_a_moved_and_a_deleted_tag_are_told_as_they_are_now(look: Look, history: History) -> None:
    look.see()
    moved = history.git("rev-parse", "refs/heads/master")
    history.tag("v0.3.1", moved)
    history.git("update-ref", "-d", "refs/tags/v0.2.1")

    tags = {one.name: one.commit for one in look.sightings(Tag)}

    assert tags["v0.3.1"] == moved
    assert "v0.2.1" not in tags


def test_a_branch_that_was_pushed_by_force_is_followed(look: Look, history: History) -> None:
    look.see(branches="release-0.2")
    other = history.commit("Another line", "2025-06-01", ref="refs/heads/release-0.2")

    (branch,) = look.sightings(Branch, branches="release-0.2")

    assert branch.head == other
    assert str(branch.committed_at)[:10] == "2025-06-01"


def test_a_damaged_copy_is_made_anew(look: Look, history: History) -> None:
    look.see()
    for packed in look.cache.rglob("*.pack"):
        packed.chmod(0o644)
        packed.write_bytes(b"damaged")
    history.tag("v0.4.0", "refs/heads/master")

    assert "v0.4.0" in {one.name for one in look.sightings(Tag)}


def test_a_server_that_knows_no_filters_is_read_all_the_same(look: Look, history: History) -> None:
    history.git("config", "uploadpack.allowFilter", "false")

    assert look.sightings(Tag)


def test_a_repository_that_is_not_there_is_an_error_with_its_address(served: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.git"):
        Look(f"{served}/none.git", tmp_path / "cache").look()


def test_a_dead_server_is_an_error_and_not_an_empty_repository(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        Look("git://127.0.0.1:9/none.git", tmp_path / "cache").look()


def test_offline_asks_no_server_but_reads_this_machine(look: Look, history: History, tmp_path: Path) -> None:
    look.network = NetworkSettings(offline=True)
    with pytest.raises(SourceError, match="offline"):
        look.look()

    local = Look(str(history.directory), tmp_path / "local", network=NetworkSettings(offline=True))
    assert local.sightings(Tag)


@pytest.mark.parametrize("address", ["--upload-pack=touch /tmp/x", "ext::sh -c id", "git://host/a\nb"])
def test_an_address_that_is_a_command_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises((ConfigError, SourceError)):
        Look(address, tmp_path / "cache").look()


def test_a_password_in_an_address_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        Look("http://name:secret@127.0.0.1:9/none.git", tmp_path / "cache").look()

    assert "secret" not in str(caught.value)


def test_without_a_rule_tags_are_told_and_none_is_a_version(look: Look) -> None:
    look.rule = None

    tags = look.sightings(Tag)

    assert len(tags) == 6
    assert {(one.version, one.set_aside) for one in tags} == {("", "")}


def test_another_rule_for_tags_is_news(look: Look) -> None:
    look.see()
    look.rule = None

    assert look.see().sightings


def test_a_bundle_on_this_machine_is_read_like_a_repository(history: History, tmp_path: Path) -> None:
    bundle = tmp_path / "carried.bundle"
    history.git("bundle", "create", "--quiet", str(bundle), "--all", "HEAD")
    look = Look(str(bundle), tmp_path / "cache", network=NetworkSettings(offline=True))

    (held,) = look.sightings(Containment, pull_requests="101")

    assert held.tags == ("v0.3.1", "v0.2.2")
    assert held.branches == ("master",)
    history.tag("v0.4.0", "refs/heads/master")
    history.git("bundle", "create", "--quiet", str(bundle), "--all", "HEAD")
    assert "v0.4.0" in {one.name for one in look.sightings(Tag)}
