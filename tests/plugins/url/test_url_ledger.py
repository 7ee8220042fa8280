"""What the ledger says of a watched file and of a listing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.plugins.url.conftest import NOW
from tracker.config import Config
from tracker.model import ChangeKind, Component, Factor, Profile, Watch
from tracker.registry import build_registry
from tracker.store import Store
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tests.plugins.url.conftest import Eye
    from tracker.model import Change

Looking = tuple[Store, "Callable[[], None]"]


@pytest.fixture
def looking(tmp_path: Path, eye: Eye, server: HTTPServer) -> Iterator[Looking]:
    """A box that reads versions from a page and watches a script besides."""
    script = {
        "kind": "file",
        "url": server.url_for("/get.ps1"),
        "named.tool": r'\$Version = "(?P<version>[^"]*)"',
    }
    component = Component(
        name="tool",
        title="tool",
        source="url",
        scheme="natural",
        installer="",
        options={"kind": "listing", "url": server.url_for("/dl"), "pattern": r"tool-(?P<version>\d\.\d)"},
        watches=(Watch(source="url", options=script),),
    )
    profile = Profile(
        name="test",
        title="test",
        factors=(Factor(name="tool", title="tool", components=("tool",)),),
        scenario="none",
        capabilities=(),
        required=(),
        host_key=(),
    )
    registry = replace(build_registry(), components={"tool": component}, profiles={"test": profile})
    config = Config(home=tmp_path, site_dir=tmp_path / "site")
    now = [NOW]
    with Store.open(config.store_path) as store:

        def look() -> None:
            now[0] += timedelta(hours=1)
            looks = poll_all(registry, profile, config, store, eye.http, now=lambda: now[0], on_event=lambda _: None)
            assert [one.message for one in looks] == ["", ""]

        yield store, look


def _serve(server: HTTPServer, listing: str, version: str) -> None:
    server.clear()
    server.expect_request("/dl").respond_with_data(listing)
    server.expect_request("/get.ps1").respond_with_data(f'$Version = "{version}"\n'.encode("utf-16"))


def _news(store: Store) -> list[Change]:
    return sorted(store.changes(include_baseline=False), key=lambda one: one.kind)


def test_a_new_version_and_a_changed_script_are_news_after_the_first_look(looking: Looking, server: HTTPServer) -> None:
    store, look = looking
    _serve(server, "tool-1.0", "1.0")
    look()
    look()
    assert _news(store) == []

    _serve(server, "tool-1.0 tool-1.1", "1.1")
    look()

    changed, released = _news(store)
    assert (changed.kind, changed.component, changed.subject) == (ChangeKind.CONTENT_CHANGED, "tool", "get.ps1")
    assert (released.kind, released.version) == (ChangeKind.RELEASED, "1.1")
