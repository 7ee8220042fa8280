"""What a badge says, whom it blames, and that it is a picture for everybody."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.render.misfit_world import fault, misfit_world
from tracker.render import Snapshot, build
from tracker.render.knowledge import Knowledge
from tracker.render.machine import badge
from tracker.render.machine.badges import badges

if TYPE_CHECKING:
    from tests.render.conftest import World

SVG = "{http://www.w3.org/2000/svg}"


def said(snapshot: Snapshot) -> dict[str, str]:
    return {one.name: one.sentence for one in badges(Knowledge(snapshot))}


def test_a_badge_names_the_recommended_version(snapshot: Snapshot) -> None:
    assert said(snapshot)["badges/recommended-containerd.svg"] == "recommended containerd 2.1.9+ds1-5"


def test_without_a_working_combination_the_badge_stays_and_says_so(snapshot: Snapshot) -> None:
    found = said(replace(snapshot, newest_working={}))

    assert found["badges/recommended-containerd.svg"] == "recommended no containerd known to work"


def test_a_badge_says_that_two_versions_work_together_and_where(snapshot: Snapshot) -> None:
    found = said(snapshot)

    name = "badges/containerd@2.1.9+ds1-5_cni-plugins@1.9.1+ds1-1.svg"
    assert found[name] == "containerd 2.1.9+ds1-5 works with cni-plugins 1.9.1+ds1-1 on " + snapshot.host_title


def test_two_versions_that_were_only_seen_to_fail_are_not_blamed_for_it(snapshot: Snapshot) -> None:
    assert snapshot.culprits == ()
    for name, sentence in said(snapshot).items():
        assert "does not work with" not in sentence
        if "crun@" in name and "recommended" not in name:
            assert "was not seen to work with" in sentence


def test_two_versions_that_do_not_fit_are_both_named_and_the_proof_is_one_click_away() -> None:
    found = said(misfit_world(fault("runtime=a", "engine=1")))

    assert found["badges/engine@1_runtime@a.svg"] == "engine 1 does not work with runtime a on a host"
    assert found["badges/engine@1_runtime@b.svg"] == "engine 1 works with runtime b on a host"


def test_a_version_that_works_with_nothing_is_blamed_alone() -> None:
    found = said(misfit_world(fault("runtime=a")))

    for engine in "123":
        assert (
            found[f"badges/engine@{engine}_runtime@a.svg"] == "runtime a does not work on a host, whatever the engine"
        )


def test_the_address_of_a_badge_stays_when_its_answer_changes(world: World) -> None:
    early, late = said(world.snapshot(30)), said(world.snapshot())

    assert set(early) <= set(late)


def test_a_profile_that_runs_nothing_has_no_badges(snapshot: Snapshot) -> None:
    watching = replace(snapshot, profile=replace(snapshot.profile, scenario="", capabilities=(), required=()))

    assert badges(_Watching(watching)) == ()


class _Watching(Knowledge):
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot


def test_the_page_of_badges_names_every_badge_and_what_to_copy(snapshot: Snapshot) -> None:
    known = replace(snapshot, address="https://site.example/")
    body = next(page.body for page in build.pages(known) if page.path == "badges")

    assert "(https://site.example/badges/recommended-containerd.svg)" in body
    for name in said(known):
        assert f"]({name})" in body


@given(st.text(), st.text(), st.text())
def test_whatever_it_shows_a_badge_is_one_picture_with_a_title_and_no_more(one: str, other: str, title: str) -> None:
    root = ET.fromstring(badge.svg(one, other, badge.GOOD, title))  # noqa: S314 - written a line ago

    assert root.attrib["role"] == "img"
    assert [child.tag for child in root] == [f"{SVG}title", f"{SVG}rect", f"{SVG}rect", f"{SVG}g"]
    assert [text.tag for text in root[3]] == [f"{SVG}text"] * 2
    left, right = root[3]
    assert int(left.attrib["x"]) + int(left.attrib["textLength"]) <= int(root[1].attrib["width"])
    assert int(right.attrib["x"]) + int(right.attrib["textLength"]) <= int(root.attrib["width"])


def test_the_colours_can_be_read_by_people_with_weak_sight() -> None:
    for paint in (badge.GOOD, badge.BAD, badge.OLD, badge.UNKNOWN):
        assert (1.05) / (_luminance(paint.ground) + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
