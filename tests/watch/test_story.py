"""What became of a pull request, told from what several upstreams showed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tracker.model import (
    Asset,
    Basis,
    Containment,
    PullRequest,
    PullState,
    Release,
    Sighting,
    Stage,
    Story,
    StoryRequest,
    Succession,
    Tag,
)
from tracker.watch.story import Observations, tell_story

if TYPE_CHECKING:
    from tracker.protocols.ordering import Comparable

REPOSITORY = "microsoft/windows-container-networking"
COMPONENT = "windows-container-networking"
WINDOWS = "windows/amd64"
MERGE = "2137a67" + "0" * 33
PERSON = Succession(number=101, basis=Basis.PERSON, reason="It makes the same change.")
REQUEST = StoryRequest(
    component=COMPONENT,
    repository=REPOSITORY,
    number=96,
    wanted="CNI 1.0.0",
    replaces="the self-built nat.exe",
    succession=(PERSON,),
)


def _at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _order(version: str) -> Comparable:
    return tuple(int(part) for part in version.split("."))


def _pull(number: int, state: PullState, **said: object) -> PullRequest:
    return replace(
        PullRequest(component=COMPONENT, repository=REPOSITORY, number=number, state=state, head=f"{number:040}"),
        **said,  # type: ignore[arg-type]
    )


CLOSED = _pull(
    96, PullState.CLOSED, title="Add support for CNI 1.0.0 config", author="TBBle", opened_at=_at("2023-10-21")
)
MERGED = _pull(101, PullState.MERGED, merged_at=_at("2023-12-25"), merge_commit=MERGE)
TAGS = tuple(
    Tag(
        component=COMPONENT,
        repository=REPOSITORY,
        name=f"v{version}",
        commit=version,
        version=version,
        tagged_at=_at(day),
    )
    for version, day in (
        ("0.3.0", "2022-04-19"),
        ("0.2.1", "2023-03-02"),
        ("0.3.1", "2024-07-05"),
        ("0.2.2", "2025-02-24"),
    )
)
HELD = Containment(component=COMPONENT, repository=REPOSITORY, of="#101", commit=MERGE, tags=("v0.3.1", "v0.2.2"))


def _release(version: str, day: str, *, platform: str = WINDOWS) -> Release:
    asset = Asset(name=f"cni-{version}.zip", url="https://example.test/cni.zip", platform=platform)
    return Release(
        component=COMPONENT,
        version=version,
        upstream_version=version,
        line=version[:3],
        channel=REPOSITORY,
        tag=f"v{version}",
        published_at=_at(day),
        assets=(asset,),
    )


RELEASES = (_release("0.3.0", "2022-04-20"), _release("0.3.1", "2024-08-16"))


def _tell(*sightings: Sighting, request: StoryRequest = REQUEST, releases: tuple[Release, ...] = RELEASES) -> Story:
    seen = Observations(sightings=sightings, releases=releases, order=_order, platform=WINDOWS)
    return tell_story(request, seen)


def _sentences(story: Story) -> list[str]:
    return [chapter.sentence for chapter in story.chapters]


def test_a_change_that_came_by_another_pull_request_is_followed_into_tags_and_the_first_release() -> None:
    story = _tell(CLOSED, MERGED, HELD, *TAGS)

    assert _sentences(story) == [
        '#96 "Add support for CNI 1.0.0 config" by TBBle was opened on 2023-10-21.',
        "#96 was closed unmerged.",
        "#101 took the place of #96, declared by a person: It makes the same change.",
        "#101 was merged on 2023-12-25 as commit 2137a67.",
        "Contained in v0.3.1 (2024-07-05), v0.2.2 (2025-02-24). First by date: v0.3.1; first by version: v0.2.2.",
        "Not contained in v0.3.0, although numbered higher than v0.2.2, which has it.",
        f"First release with a file for windows/amd64 that contains it: {COMPONENT} 0.3.1, published on 2024-08-16.",
        "No run has passed with it yet.",
        "That release takes the place of the self-built nat.exe.",
    ]
    assert story.stage is Stage.RELEASED


def test_what_upstream_itself_declares_outweighs_what_a_person_found() -> None:
    declared = Succession(number=120, basis=Basis.UPSTREAM, reason='"Superseded by #120"')

    story = _tell(replace(CLOSED, succession=(declared,)), MERGED, HELD, *TAGS)

    assert "#120 took the place of #96, declared by upstream" in story.summary
    assert _sentences(story)[-1] == "Nothing was seen of #120 yet."
    assert story.stage is not Stage.MERGED


def test_a_guess_is_called_a_guess() -> None:
    guess = Succession(number=101, basis=Basis.GUESS, reason="the titles are alike")
    request = replace(REQUEST, succession=(guess,))

    story = _tell(CLOSED, MERGED, request=request)

    (chapter,) = [one for one in story.chapters if one.stage is Stage.SUPERSEDED]
    assert chapter.sentence == "#101 took the place of #96, guessed: the titles are alike."
    assert chapter.basis is Basis.GUESS


def test_a_closed_pull_request_without_successor_ends_there() -> None:
    story = _tell(CLOSED, HELD, *TAGS, request=replace(REQUEST, succession=()))

    assert story.stage is Stage.CLOSED
    assert not any(one.stage in {Stage.TAGGED, Stage.RELEASED, Stage.REPLACES} for one in story.chapters)


def test_a_release_without_a_file_for_the_platform_is_not_the_first_useful_one() -> None:
    story = _tell(CLOSED, MERGED, HELD, *TAGS, releases=(_release("0.3.1", "2024-08-16", platform="linux/amd64"),))

    assert "No release with a file for windows/amd64 contains it yet." in _sentences(story)
    assert story.stage is Stage.TAGGED
    assert not any(one.stage is Stage.REPLACES for one in story.chapters)


def test_two_pull_requests_that_name_each_other_do_not_lead_in_a_circle() -> None:
    there = Succession(number=101, basis=Basis.UPSTREAM, reason="see there")
    back = Succession(number=96, basis=Basis.UPSTREAM, reason="see here")

    story = _tell(replace(CLOSED, succession=(there,)), _pull(101, PullState.CLOSED, succession=(back,)))

    assert story.stage is Stage.CLOSED


@pytest.mark.parametrize("state", [PullState.OPEN, PullState.CLOSED, PullState.UNKNOWN])
def test_tags_that_hold_an_unmerged_head_make_no_pull_request_merged(state: PullState) -> None:
    head = Containment(
        component=COMPONENT, repository=REPOSITORY, of="head of #96", commit=CLOSED.head, tags=("v0.3.1",)
    )

    story = _tell(replace(CLOSED, state=state), head, *TAGS, request=replace(REQUEST, succession=()))

    assert not any(one.stage in {Stage.MERGED, Stage.TAGGED, Stage.RELEASED} for one in story.chapters)


def test_what_only_git_told_gives_way_to_what_the_forge_said() -> None:
    by_git = _pull(96, PullState.UNKNOWN)

    assert _tell(by_git, CLOSED, request=replace(REQUEST, succession=())).stage is Stage.CLOSED


def test_an_open_pull_request_tells_since_when_nothing_happened() -> None:
    waiting = _pull(107, PullState.OPEN, updated_at=_at("2024-09-02"), review="none", checks="success")
    request = StoryRequest(component=COMPONENT, repository=REPOSITORY, number=107, wanted="CNI 0.3.1")

    story = _tell(waiting, request=request)

    assert _sentences(story)[-1] == "#107 is open, with no activity since 2024-09-02 (checks: success)."


def test_nothing_seen_is_said_to_be_not_seen() -> None:
    story = _tell(request=replace(REQUEST, succession=()))

    assert _sentences(story) == ["Nothing was seen of #96 yet."]
    assert story.stage is Stage.UNSEEN
