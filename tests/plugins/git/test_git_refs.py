"""What repositories call things: every name, every kind of tag, and what is the default branch."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.git.advertised import parse_refs

from tests.plugins.git.history import History, Look
from tracker.model import Branch, Containment, PullRequest, PullState, Tag, TagRule

if TYPE_CHECKING:
    from pathlib import Path

_ONE, _TWO, _THREE = "1" * 40, "2" * 40, "3" * 40


@pytest.mark.parametrize(
    "name",
    [
        '<script>alert("1")</script>',
        "$(id>owned)",
        "`id`;&|",
        "-f",
        "--upload-pack=x",
        "v1.0.0'\"",
        "e\u0301\u202egnp.exe",
        "CON",
        "aux.txt",
        "a{}b,c",
        "percent%00x",
    ],
)
def test_a_tag_may_have_any_name_that_git_allows(look: Look, history: History, name: str) -> None:
    history.git("update-ref", f"refs/tags/{name}", "refs/heads/master")

    (tag,) = [one for one in look.sightings(Tag) if one.name == name]

    assert tag.commit == history.git("rev-parse", "refs/heads/master")


def test_names_that_are_no_utf_8_stay_apart(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    with (history.directory / "packed-refs").open("ab") as packed:
        packed.write(f"{tip} refs/tags/v\xfe\n{tip} refs/tags/v\xff\n".encode("latin-1"))

    names = {one.name for one in look.sightings(Tag)}

    assert {r"v\xfe", r"v\xff"} <= names


def test_tags_that_differ_in_case_alone_stay_apart_on_every_file_system(look: Look, history: History) -> None:
    other = history.git("rev-parse", "v0.3.0^{commit}")
    history.git("update-ref", "refs/tags/V0.3.1", other)

    tags = {one.name: one.commit for one in look.sightings(Tag)}

    assert tags["V0.3.1"] == other != tags["v0.3.1"]
    kept = [path.name for path in look.cache.rglob("refs/tracker/*")]
    assert all(set(name) <= set("0123456789abcdef") for name in kept)


def test_a_tag_gives_way_to_tags_below_its_name(look: Look, history: History) -> None:
    history.git("update-ref", "refs/tags/next", "refs/heads/master")
    look.see()
    history.git("update-ref", "-d", "refs/tags/next")
    history.git("update-ref", "refs/tags/next/1", "refs/heads/master")

    names = {one.name for one in look.sightings(Tag)}

    assert "next/1" in names
    assert "next" not in names


def test_a_tag_of_a_tag_names_the_commit_at_the_end(look: Look, history: History) -> None:
    history.tag("v1.0.0", "refs/heads/master", "2025-07-01", message="one")
    history.tag("v1.0.1", "refs/tags/v1.0.0", "2025-07-02", message="two")
    history.tag("v1.0.2", "refs/tags/v1.0.1", "2025-07-03", message="three")

    found = look.see(contains=history.git("rev-parse", "refs/heads/master")).sightings

    tags = {one.name: one for one in found if isinstance(one, Tag)}
    assert tags["v1.0.2"].commit == history.git("rev-parse", "refs/heads/master")
    assert str(tags["v1.0.2"].tagged_at)[:10] == "2025-07-03"
    (held,) = [one for one in found if isinstance(one, Containment)]
    assert held.tags == ("v1.0.0", "v1.0.1", "v1.0.2")


@pytest.mark.parametrize("filters", ["true", "false"])
def test_a_tag_of_a_file_or_a_folder_is_left_out_and_said(look: Look, history: History, filters: str) -> None:
    history.git("config", "uploadpack.allowFilter", filters)
    blob = history.git("hash-object", "-w", "--stdin", content="a public key")
    history.git("update-ref", "refs/tags/key", blob)
    history.tag("key-2", blob, "2025-07-01", message="annotated")
    history.git("update-ref", "refs/tags/folder", history.tree)
    history.tag("folder-2", history.git("mktree", content=f"100644 blob {blob}\tf"), "2025-07-01", message="annotated")

    observed = look.see()

    assert len([one for one in observed.sightings if isinstance(one, Tag)]) == 6
    assert len(observed.remarks) == 4
    assert all("names no commit" in remark for remark in observed.remarks)


def test_a_tag_without_a_tagger_has_the_time_of_its_commit(look: Look, history: History) -> None:
    commit = history.git("rev-parse", "v0.3.0^{commit}")
    bare = history.git(
        "hash-object", "-t", "tag", "-w", "--stdin", content=f"object {commit}\ntype commit\ntag old\n\nold\n"
    )
    history.git("update-ref", "refs/tags/old", bare)

    (tag,) = [one for one in look.sightings(Tag) if one.name == "old"]

    assert str(tag.tagged_at)[:10] == "2022-04-19"


@pytest.mark.parametrize("seconds", ["99999999999999", "18446744073709551614", "-1"])
def test_a_time_that_no_calendar_has_is_not_known(look: Look, history: History, seconds: str) -> None:
    commit = history.git("rev-parse", "v0.3.0^{commit}")
    content = f"object {commit}\ntype commit\ntag odd\ntagger A <a@example.com> {seconds} +0000\n\nold\n"
    made = history.git("hash-object", "-t", "tag", "-w", "--literally", "--stdin", content=content)
    history.git("update-ref", "refs/tags/odd", made)

    found = look.see(contains=commit).sightings

    (tag,) = [one for one in found if isinstance(one, Tag) and one.name == "odd"]
    (held,) = [one for one in found if isinstance(one, Containment)]
    assert tag.commit == commit
    assert tag.tagged_at is None or tag.tagged_at.year == 2022  # its commit's
    assert "odd" in held.tags


def test_of_two_tags_for_one_version_the_older_one_is_the_version(look: Look, history: History) -> None:
    history.tag("0.3.1", "refs/heads/master")
    look.rule = TagRule(version=r"v?(?P<version>\d+\.\d+\.\d+)", line=r"\d+")

    tags = {one.name: one for one in look.sightings(Tag)}

    assert (tags["v0.3.1"].version, tags["v0.3.1"].set_aside) == ("0.3.1", "")
    assert tags["0.3.1"].version == ""
    assert "second tag" in tags["0.3.1"].set_aside


def test_a_rule_that_fits_no_tag_is_said_and_the_tags_are_told(look: Look, history: History) -> None:
    for old in history.git("tag").splitlines():
        history.git("update-ref", "-d", f"refs/tags/{old}")
    history.git("update-ref", "refs/tags/nightly", "refs/heads/master")

    observed = look.see()

    (tag,) = [one for one in observed.sightings if isinstance(one, Tag)]
    assert (tag.name, tag.version) == ("nightly", "")
    assert tag.set_aside
    assert "nightly" in observed.remarks[0]


def test_an_empty_repository_shows_nothing(served: str, tmp_path: Path) -> None:
    History(tmp_path / "served" / "empty.git")

    observed = Look(f"{served}/empty.git", tmp_path / "cache").see(pull_requests="1", branches="main")

    assert not [one for one in observed.sightings if not isinstance(one, Containment)]


def test_a_repository_of_the_longer_kind_of_ids_is_read(served: str, tmp_path: Path) -> None:
    directory = tmp_path / "served" / "long.git"
    words = ["git", "init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", str(directory)]
    subprocess.run(words, check=True, env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull})
    stream = "commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 1\nx\n"
    subprocess.run(["git", "-C", str(directory), "fast-import", "--quiet"], input=stream.encode(), check=True)
    subprocess.run(["git", "-C", str(directory), "tag", "v1.0.0", "main"], check=True)

    (tag,) = Look(f"{served}/long.git", tmp_path / "cache").sightings(Tag)

    assert len(tag.commit) == 64


def test_a_repository_that_changes_to_the_longer_kind_is_copied_anew(served: str, tmp_path: Path) -> None:
    (tmp_path / "served").mkdir(exist_ok=True)
    look = Look(f"{served}/it.git", tmp_path / "cache")
    first = History(tmp_path / "served" / "it.git")
    first.tag("v1.0.0", first.commit("Begin", "2020-01-01"))
    look.see()
    first.directory.rename(tmp_path / "old.git")
    test_a_repository_of_the_longer_kind_of_ids_is_read(served, tmp_path)
    (tmp_path / "served" / "long.git").rename(first.directory)

    (tag,) = look.sightings(Tag)

    assert len(tag.commit) == 64


def test_a_default_branch_of_another_name_is_told(look: Look, history: History) -> None:
    history.git("update-ref", "refs/heads/trunk", "refs/heads/master")
    history.git("symbolic-ref", "HEAD", "refs/heads/trunk")

    (held,) = look.sightings(Containment, pull_requests="101")

    assert held.branches == ("trunk",)


def test_without_a_default_branch_nothing_is_taken_for_merged(look: Look, history: History) -> None:
    history.git("symbolic-ref", "HEAD", "refs/heads/nothing")

    observed = look.see(pull_requests="101")

    (pull,) = [one for one in observed.sightings if isinstance(one, PullRequest)]
    assert pull.state is PullState.UNKNOWN
    assert observed.unknown == ("default branch",)
    assert observed.reason


def test_a_branch_that_is_not_there_is_not_told(look: Look) -> None:
    assert not look.sightings(Branch, branches="nothing")


def test_a_pull_request_without_a_head_says_so_where_its_tags_are_asked(look: Look) -> None:
    (held,) = look.sightings(Containment, pull_requests="4711")

    assert (held.of, held.commit, held.tags) == ("#4711", "", ())
    assert "refs/pull/4711/head" in held.missing


def _line(value: str, name: str) -> str:
    return f"{value}\t{name}\n"


def test_a_server_that_tells_only_the_commit_of_head_means_the_branch_that_is_there() -> None:
    answer = _line(_ONE, "HEAD") + _line(_ONE, "refs/heads/work") + _line(_TWO, "refs/heads/main")

    said = parse_refs(answer.encode(), branches=(), pulls=())

    assert (said.default, said.default_id) == ("work", _ONE)


def test_of_several_branches_at_head_the_usual_name_is_taken_and_no_other_guessed() -> None:
    heads = [_line(_ONE, "HEAD"), _line(_ONE, "refs/heads/a"), _line(_ONE, "refs/heads/b")]
    unsure = parse_refs("".join(heads).encode(), branches=(), pulls=())
    usual = parse_refs("".join([*heads, _line(_ONE, "refs/heads/main")]).encode(), branches=(), pulls=())

    assert (unsure.default, unsure.default_id) == ("", "")
    assert usual.default == "main"


def test_only_what_is_asked_for_is_taken_besides_tags() -> None:
    answer = (
        "ref: refs/heads/main\tHEAD\n"
        + _line(_ONE, "refs/heads/main")
        + _line(_TWO, "refs/pull/7/head")
        + _line(_THREE, "refs/pull/7/merge")
        + _line(_TWO, "refs/tags/a")
        + _line(_ONE, "refs/tags/a^{}")
    )

    said = parse_refs(answer.encode(), branches=("main", "other"), pulls=(7, 8))

    assert said.branches == {"main": _ONE}
    assert said.pulls == {7: _TWO}
    assert said.tags == {"a": _TWO}


@given(st.binary(max_size=400))
def test_any_answer_at_all_is_read_without_a_fault(answer: bytes) -> None:
    said = parse_refs(answer, branches=("main",), pulls=(1,))

    assert set(said.branches) <= {"main"}
