"""A page that is gone leaves a note where it was; the note goes in its turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.render import Snapshot, notes, publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.conftest import World
    from tests.render.publish.conftest import Inspector


def without_first_release(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, releases=snapshot.releases[1:])


def test_who_follows_an_old_link_is_told_since_when_the_page_is_gone_and_where_to_look(
    tmp_path: Path, small_world: World, inspect: Inspector
) -> None:
    publish(small_world.snapshot(), tmp_path)
    first = small_world.snapshot().releases[0].release
    page = tmp_path / "releases" / f"{first.component}@{first.version}.md"
    assert "sha256:" in page.read_text(encoding="utf-8")

    publish(without_first_release(small_world.snapshot()), tmp_path)

    told = page.read_text(encoding="utf-8")
    assert "It was here until 2026-11-23" in told
    assert f"[The component {first.component}](../components/{first.component}.md)" in told
    assert f">The component {first.component}</a>" in page.with_name(f"{page.stem}.html").read_text(encoding="utf-8")
    assert inspect.broken_links(tmp_path) == []


def test_a_note_stays_as_it_is_and_goes_when_the_page_comes_back(tmp_path: Path, small_world: World) -> None:
    whole = small_world.snapshot()
    publish(whole, tmp_path)
    publish(without_first_release(whole), tmp_path)

    again = publish(without_first_release(whole), tmp_path)
    publish(whole, tmp_path)
    publish(whole, tmp_path / "fresh")

    assert (again.written, again.removed) == (0, 0)
    first = whole.releases[0].release
    name = f"releases/{first.component}@{first.version}.html"
    assert (tmp_path / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_after_a_year_of_news_the_note_goes(tmp_path: Path, small_world: World) -> None:
    whole = small_world.snapshot()
    publish(whole, tmp_path)
    publish(without_first_release(whole), tmp_path)
    first = whole.releases[0].release
    news = replace(whole.changes[0], observed_at=datetime(2027, 12, 1, tzinfo=UTC))

    publish(replace(without_first_release(whole), changes=(news, *whole.changes)), tmp_path)

    assert not (tmp_path / "releases" / f"{first.component}@{first.version}.html").exists()


def test_notes_are_bounded_and_the_newest_stay() -> None:
    known = {f"runs/{number}": (date(2026, 1, 1) + timedelta(days=number % 300)).isoformat() for number in range(3000)}

    left = notes.gone((), known, (), today=date(2026, 12, 1))

    assert len(left) == 1000
    assert min(left.values()) > "2026-07-01"


def test_where_nothing_is_known_nothing_is_gone() -> None:
    assert notes.gone(["index.html", "runs/1.html"], {}, ["index"], today=None) == {}
