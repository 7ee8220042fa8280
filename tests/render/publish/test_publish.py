"""Publication writes what changed, removes what is gone, and touches nothing else."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.render import Published, Snapshot, publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.conftest import World
    from tests.render.publish.conftest import Inspector


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, snapshot: Snapshot) -> Path:
    directory = tmp_path_factory.mktemp("published") / "site"
    publish(snapshot, directory)
    return directory


def test_all_links_lead_somewhere_in_html_and_in_markdown(inspect: Inspector, site: Path) -> None:
    assert inspect.broken_links(site) == []


def test_every_page_is_there_as_html_and_as_markdown_and_they_know_each_other(inspect: Inspector, site: Path) -> None:
    files = inspect.pages(site)
    html = {name.removesuffix(".html") for name in files if name.endswith(".html")}
    markdown = {name.removesuffix(".md") for name in files if name.endswith(".md")}

    assert html == markdown
    for name in html:
        twin = posixpath.basename(name)
        assert f'href="{twin}.md"' in files[f"{name}.html"].decode()
        assert f"[As HTML]({twin}.html)" in files[f"{name}.md"].decode()


def test_publishing_the_same_again_touches_no_file(inspect: Inspector, tmp_path: Path, snapshot: Snapshot) -> None:
    first = publish(snapshot, tmp_path)
    before, when = inspect.content(tmp_path), inspect.times(tmp_path)

    again = publish(snapshot, tmp_path)

    assert again == Published(written=0, unchanged=first.written, removed=0)
    assert inspect.content(tmp_path) == before
    assert inspect.times(tmp_path) == when


def test_two_sites_of_the_same_snapshot_have_the_same_bytes(
    inspect: Inspector, tmp_path: Path, site: Path, snapshot: Snapshot
) -> None:
    publish(snapshot, tmp_path)

    assert inspect.pages(tmp_path) == inspect.pages(site)


def test_a_look_that_found_nothing_new_touches_no_file(inspect: Inspector, tmp_path: Path, snapshot: Snapshot) -> None:
    publish(snapshot, tmp_path)
    when = inspect.times(tmp_path)
    later = tuple(replace(look, looked_at=look.looked_at.replace(minute=40)) for look in snapshot.looks)
    told = replace(later[0], result="no news")

    publish(replace(snapshot, looks=(told, *later[1:])), tmp_path)

    assert inspect.times(tmp_path) == when


def test_a_watcher_that_is_alive_renews_the_health_files_alone(
    inspect: Inspector, tmp_path: Path, snapshot: Snapshot
) -> None:
    publish(snapshot, tmp_path)
    before = inspect.pages(tmp_path)
    later = tuple(replace(look, looked_at=look.looked_at.replace(hour=23)) for look in snapshot.looks)

    published = publish(replace(snapshot, looks=later), tmp_path)

    assert published.written == 3
    after = inspect.pages(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"health.html", "health.json", "health.md"}


def test_a_new_run_writes_what_it_concerns_and_nothing_else(inspect: Inspector, tmp_path: Path, world: World) -> None:
    publish(world.snapshot(len(world.runs) - 1), tmp_path)
    before, when = inspect.pages(tmp_path), inspect.times(tmp_path)

    published = publish(world.snapshot(), tmp_path)

    after = inspect.pages(tmp_path)
    changed = {name for name in after if after[name] != before.get(name)}
    assert published.written == len(changed)
    assert published.unchanged > len(changed)
    assert all(
        inspect.times(tmp_path)[(tmp_path / name).as_posix()] == when[(tmp_path / name).as_posix()]
        for name in after
        if name not in changed
    )


def test_pages_that_vanish_from_the_snapshot_leave_notes_that_no_page_leads_to(
    inspect: Inspector, tmp_path: Path, small_world: World
) -> None:
    publish(small_world.snapshot(), tmp_path)

    publish(small_world.snapshot(0), tmp_path)

    left = list((tmp_path / "runs").glob("*.html"))
    assert len(left) == len(small_world.runs)
    assert all("This page is gone" in path.read_text(encoding="utf-8") for path in left)
    assert not any(b"runs/1.md" in octets for octets in inspect.pages(tmp_path).values())
    assert inspect.broken_links(tmp_path) == []


def test_files_that_are_not_ours_stay(tmp_path: Path, small_world: World) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "own.txt").write_text("mine", encoding="utf-8")
    publish(small_world.snapshot(), tmp_path)

    publish(small_world.snapshot(0), tmp_path)

    assert (tmp_path / "runs" / "own.txt").read_text(encoding="utf-8") == "mine"
