"""How much of a log a run's page shows, and where the rest is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.bundle import site_dir
from tracker.model import Outcome
from tracker.render import Snapshot, logs, places, publish
from tracker.render.html import PageRenderer
from tracker.render.knowledge import Knowledge
from tracker.render.pages import runs

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model import Run
    from tracker.render.document import Page

LONG = "".join(f"line {number}\n" for number in range(1, 5001))


def failing(snapshot: Snapshot, log: str, cause: str = "it broke") -> Snapshot:
    """The snapshot with one run, whose second step failed and said ``log``."""
    run = snapshot.runs[0]
    first, second, *rest = run.steps
    steps = (
        replace(first, log="first step\n"),
        replace(second, outcome=Outcome.FAIL, cause=cause, log=log),
        *(replace(step, log="") for step in rest),
    )
    return replace(snapshot, runs=(replace(run, steps=steps, outcome=Outcome.FAIL),))


def page_of(snapshot: Snapshot) -> Page:
    (draft,) = runs.pages(Knowledge(snapshot))
    return draft.make()


def html_of(page: Page) -> str:
    return PageRenderer(site_dir(), site_title="t", navigation=()).html(page)


def name_of(run: Run) -> str:
    return places.log(run.id, "step", run.steps[1].name)


def test_the_log_of_the_step_that_decided_comes_first(small_world_snapshot: Snapshot) -> None:
    body = page_of(failing(small_world_snapshot, "why\n")).body

    logs_section = body[body.index("## Logs") :]
    assert logs_section.index("why") < logs_section.index("first step")
    assert body.index("it broke") < body.index("## Steps")


def test_a_short_log_is_whole_and_needs_no_file(small_world_snapshot: Snapshot) -> None:
    page = page_of(failing(small_world_snapshot, "one\ntwo\n"))

    assert page.files == {}
    assert "left out" not in page.body


def test_a_long_log_shows_its_ends_and_the_lines_around_the_cause(
    small_world_snapshot: Snapshot, tmp_path: Path
) -> None:
    snapshot = failing(small_world_snapshot, LONG.replace("line 2500\n", "\x1b[31mit broke\x1b[0m\n"))
    page = page_of(snapshot)

    shown = set(page.body.splitlines())
    assert {"line 1", "line 40", "line 2490", "it broke", "line 2510", "line 4881", "line 5000"} <= shown
    assert not {"line 41", "line 2489", "line 2511", "line 4880"} & shown
    assert [line for line in shown if "left out" in line] in (
        ["*2,449 lines left out here.*", "*2,370 lines left out here.*"],
        ["*2,370 lines left out here.*", "*2,449 lines left out here.*"],
    )
    assert "(5,000 lines, 47.7 KiB (48,892 B))" in page.body

    publish(snapshot, tmp_path)
    whole = (tmp_path / name_of(snapshot.runs[0])).read_text(encoding="utf-8")
    assert whole == LONG.replace("line 2500\n", "it broke\n")
    assert f'href="{name_of(snapshot.runs[0]).removeprefix("runs/")}"' in html_of(page)


def test_the_file_of_a_log_stays_untouched_until_the_log_changes_and_goes_with_it(
    small_world_snapshot: Snapshot, tmp_path: Path
) -> None:
    long = failing(small_world_snapshot, LONG)
    file = tmp_path / name_of(long.runs[0])
    publish(long, tmp_path)
    before = file.stat()

    assert publish(long, tmp_path).written == 0
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    publish(failing(small_world_snapshot, "short\n"), tmp_path)
    assert not file.exists()
    assert not file.parent.exists()


def test_a_line_that_never_ends_is_cut_and_that_is_said(small_world_snapshot: Snapshot) -> None:
    page = page_of(failing(small_world_snapshot, f"{'x' * 100_000}\nend\n"))

    assert max(map(len, page.body.splitlines())) == logs.LONGEST + 1
    assert "1 line above cut after 2,000 characters." in page.body
    (content,) = page.files.values()
    assert content == f"{'x' * 100_000}\nend\n"


def test_what_a_progress_bar_said_before_is_in_the_file(small_world_snapshot: Snapshot) -> None:
    page = page_of(failing(small_world_snapshot, "10 %\r100 %\n"))

    assert "10 %" not in page.body.replace("100 %", "")
    assert list(page.files.values()) == ["10 %\n100 %\n"]


def test_a_coloured_log_is_plain_in_markdown_and_coloured_in_html(small_world_snapshot: Snapshot) -> None:
    page = page_of(failing(small_world_snapshot, "\x1b[1;31mError:\x1b[0m <b>no</b>\n"))

    assert "```log\nError: <b>no</b>\n```" in page.body
    assert '<pre class="block block-log"' in html_of(page)
    assert '<code><span class="ansi-red ansi-bold">Error:</span> &lt;b&gt;no&lt;/b&gt;</code>' in html_of(page)
    assert "style=" not in html_of(page)


def test_a_log_that_is_told_apart_by_its_colours_alone_makes_another_page(small_world_snapshot: Snapshot) -> None:
    renderer = PageRenderer(site_dir(), site_title="t", navigation=())
    red, green = (page_of(failing(small_world_snapshot, f"\x1b[{code}mx\x1b[0m\n")) for code in (31, 32))

    assert red.body == green.body
    assert renderer.key(red) != renderer.key(green)


@given(
    st.lists(st.sampled_from(["a", "cause here", "", "\x1b[1mb", "c\rd"]), max_size=700).map("\n".join),
    st.sampled_from(["", "cause", "not there"]),
)
def test_an_excerpt_accounts_for_every_line(log: str, cause: str) -> None:
    excerpt = logs.excerpt(log, cause)

    shown = sum(part.text.count("\n") + 1 for part in excerpt.parts)
    assert shown + sum(part.skipped for part in excerpt.parts) == log.strip("\n").count("\n") + 1
    assert all(part.skipped for part in excerpt.parts[1:])
    assert not excerpt.parts[0].skipped
    assert shown <= logs.MOST
    assert not cause or cause not in log or any(cause in part.text for part in excerpt.parts)


@pytest.fixture
def small_world_snapshot(small_world: object) -> Snapshot:
    found: Snapshot = small_world.snapshot()  # type: ignore[attr-defined]
    return found
