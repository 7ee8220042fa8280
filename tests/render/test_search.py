"""Search without a server: what the index is made of, when it is made, and the site without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.render import build, publish
from tracker.render.knowledge import Knowledge
from tracker.render.search.records import records

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.conftest import World
    from tracker.render import Snapshot

CSP = "script-src 'self' 'wasm-unsafe-eval'"


def found(snapshot: Snapshot) -> dict[str, str]:
    pages = {page.path: page for page in build.pages(snapshot, can_search=True)}
    return {one.page: f"{one.title} {one.content}" for one in records(Knowledge(snapshot), pages)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, small_world: World) -> Path:
    directory = tmp_path_factory.mktemp("searched") / "site"
    publish(small_world.snapshot(), directory, can_search=True)
    return directory


def test_components_releases_and_combinations_are_found_by_name(snapshot: Snapshot) -> None:
    known = found(snapshot)

    assert "the part called runc" in known["components/runc"]
    assert "2.1.9+ds1-5" in known["releases/containerd@2.1.9+ds1-5"]
    assert [path for path in known if path.startswith("combinations/")]


def test_release_notes_are_found_and_hidden_letters_in_them_are_none(snapshot: Snapshot) -> None:
    first, *rest = snapshot.releases
    noted = replace(first, release=replace(first.release, notes="Fixes <b>hcsshim</b>\x1b\u202e"))

    known = found(replace(snapshot, releases=(noted, *rest)))

    name = f"releases/{first.release.component}@{first.release.version}"
    assert "Fixes <b>hcsshim</b>␛\N{REPLACEMENT CHARACTER}" in known[name]


def test_one_more_run_of_a_known_combination_leaves_the_index_as_it_is(world: World) -> None:
    snapshot = world.snapshot()

    assert found(replace(snapshot, runs=(replace(snapshot.runs[0], id=9999), *snapshot.runs))) == found(snapshot)


def test_the_index_has_what_a_browser_loads_and_no_other_program(site: Path) -> None:
    names = {path.name for path in (site / "pagefind").iterdir()}

    assert {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "fragment", "index"} <= names
    assert not any("ui" in name for name in names)


def test_the_search_page_and_those_of_two_factors_alone_may_run_scripts(site: Path) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    search = pages.pop(site / "search.html")

    assert CSP in search
    assert '<script defer src="search.js">' in search
    pairs = {path for path, text in pages.items() if "script-src" in text or "<script" in text}
    assert pairs == set((site / "matrix").glob("*.html"))
    for path in pairs:
        assert "script-src 'self'; base-uri" in pages[path]
        assert "connect-src" not in pages[path]
        assert pages[path].count("<script") == pages[path].count("<script defer src=") == 2
    assert 'href="search.html"' in pages[site / "index.html"]


def test_publishing_again_makes_no_index_and_touches_no_file(site: Path, small_world: World) -> None:
    again = publish(small_world.snapshot(), site, can_search=True)

    assert (again.written, again.removed) == (0, 0)


def test_two_indexes_of_the_same_knowledge_have_the_same_bytes(site: Path, tmp_path: Path, small_world: World) -> None:
    publish(small_world.snapshot(), tmp_path, can_search=True)

    for path in (site / "pagefind").rglob("*.*"):
        assert (tmp_path / path.relative_to(site)).read_bytes() == path.read_bytes()


def test_without_pagefind_there_is_no_search_and_everything_stands_on_one_page(
    tmp_path: Path, small_world: World
) -> None:
    publish(small_world.snapshot(), tmp_path, can_search=True)
    publish(small_world.snapshot(), tmp_path)

    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="search.html"' not in index
    assert 'href="contents.html"' in index
    assert not (tmp_path / "pagefind").exists()
    assert not (tmp_path / "search.js").exists()


def test_the_page_of_names_leads_to_every_component_release_and_run_combination(snapshot: Snapshot) -> None:
    body = next(page.body for page in build.pages(snapshot) if page.path == "contents")

    for name in snapshot.components:
        assert f"](components/{name}.md)" in body
    for one in snapshot.releases:
        assert f"`{one.release.component} {one.release.version}`" in body
    for run in snapshot.runs:
        assert f"](combinations/{run.combination.slug}.md)" in body
