"""The drawn timeline of a component."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Condition, Declaration, DeclarationKind, Expectation
from tracker.render import places, timeline
from tracker.render.knowledge import Knowledge
from tracker.render.pages import components, timelines
from tracker.render.timeline import Lane, Mark

if TYPE_CHECKING:
    from tracker.render import Snapshot

SVG = "{http://www.w3.org/2000/svg}"
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MARKS = st.builds(Mark, TIMES, st.sampled_from(["works", "broken", "open", "misfit", "end"]), st.text())
LANES = st.lists(st.builds(Lane, st.text(), st.lists(MARKS, min_size=1, max_size=12)), min_size=1, max_size=4)


@given(title=st.text(), lanes=LANES)
def test_whatever_upstreams_write_the_picture_is_well_formed_and_everything_lies_inside(
    title: str, lanes: list[Lane]
) -> None:
    drawn = timeline.draw(title, lanes)

    root = ET.fromstring(drawn)  # noqa: S314 - we drew it
    width = float(root.attrib["width"])
    assert {one.tag for one in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "style", "line", "text", "g", "circle", "path")
    }
    assert all(0 <= float(one.attrib["cx"]) <= width for one in root.iter(f"{SVG}circle"))
    assert timeline.draw(title, lanes) == drawn


def test_a_component_shows_its_lines_with_what_works_and_since_when_something_breaks(snapshot: Snapshot) -> None:
    drawn = timelines.drawings(Knowledge(snapshot))

    assert places.timeline("containerd") in drawn
    root = ET.fromstring(drawn[places.timeline("crun")])  # noqa: S314 - we drew it
    told = [one.text for one in root.iter(f"{SVG}title")]
    assert "1.28, 2026-11-23" in told
    assert b'class="broken"' in drawn[places.timeline("crun")]
    assert b'class="works"' in drawn[places.timeline("containerd")]


def test_the_page_shows_the_picture_and_says_what_it_shows(snapshot: Snapshot) -> None:
    page = next(one for one in components.pages(Knowledge(snapshot)) if one.path == places.component("containerd"))

    assert "![Timeline of containerd: 3 releases in 3 lines](containerd.svg)" in page.body


def test_the_end_of_a_line_is_told_where_upstream_declares_it(snapshot: Snapshot) -> None:
    ends = Declaration(
        id="x",
        kind=DeclarationKind.SUPPORT,
        expectation=Expectation.NOTHING,
        conditions=(Condition(name="containerd", lines=("trixie",)),),
        sentence="supported",
        provenance="RELEASES.md",
        until=date(2027, 3, 10),
    )
    known = Knowledge(replace(snapshot, declarations=(ends,)))
    page = next(one for one in components.pages(known) if one.path == places.component("containerd"))

    assert "| trixie | 2027-03-10 | RELEASES.md |" in page.body
    assert b"end of life" in timelines.drawings(known)[places.timeline("containerd")]
