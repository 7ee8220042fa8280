"""Feed readers: what they find, what they recognise, and what they are told of where it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.render import Snapshot, build
from tracker.render.knowledge import Knowledge
from tracker.render.machine import atom, feeds

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = "https://site.example/tracker/"


def read(snapshot: Snapshot) -> Mapping[str, Any]:
    written = {feed.name: atom.write(feed, snapshot.address) for feed in feeds.feeds(Knowledge(snapshot))}
    return {name: feedparser.parse(content) for name, content in written.items()}


@pytest.fixture(scope="module")
def parsed(snapshot: Snapshot) -> Mapping[str, Any]:
    return read(replace(snapshot, address=URL))


def test_every_feed_is_well_formed_atom_with_everything_that_the_standard_demands(parsed: Mapping[str, Any]) -> None:
    assert {"changes.xml", "news.xml", "components/containerd.xml"} <= set(parsed)
    for name, feed in parsed.items():
        assert not feed.bozo
        assert feed.version == "atom10"
        assert feed.feed.id.startswith("urn:uuid:")
        assert feed.feed.title
        assert feed.feed.updated.endswith("Z")
        assert feed.feed.author
        assert {link.rel: link.href for link in feed.feed.links}["self"] == f"{URL}{name}"
        for entry in feed.entries:
            assert entry.id.startswith("urn:uuid:")
            assert entry.title
            assert entry.updated.endswith("Z")
            assert entry.link.startswith(URL)


def test_no_two_entries_and_no_two_feeds_have_the_same_identifier(parsed: Mapping[str, Any]) -> None:
    for feed in parsed.values():
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert len({feed.feed.id for feed in parsed.values()}) == len(parsed)


def test_the_history_that_first_looks_found_is_no_news(parsed: Mapping[str, Any]) -> None:
    titles = [entry.title for entry in parsed["changes.xml"].entries]

    assert [title for title in titles if "2.1.9+ds1-5 released" in title] == ["containerd: 2.1.9+ds1-5 released"]
    assert not any("1.6.20" in title and "released" in title for title in titles)


def test_what_broke_and_what_was_mended_stands_in_a_feed_of_its_own(parsed: Mapping[str, Any]) -> None:
    terms = {tag.term for entry in parsed["news.xml"].entries for tag in entry.tags}

    assert terms
    assert terms <= {"newly broken", "newly fixed"}
    assert {entry.id for entry in parsed["news.xml"].entries} <= {entry.id for entry in parsed["changes.xml"].entries}


def test_the_feed_of_a_component_is_about_that_component(parsed: Mapping[str, Any]) -> None:
    for name, feed in parsed.items():
        if name.startswith("components/"):
            component = name.removeprefix("components/").removesuffix(".xml")
            assert all(component in entry.title for entry in feed.entries)


def test_entries_lead_to_pages_that_are_there(parsed: Mapping[str, Any], snapshot: Snapshot) -> None:
    pages = {f"{page.path}.html" for page in build.pages(snapshot)}

    for feed in parsed.values():
        for link in (feed.feed.link, *(entry.link for entry in feed.entries)):
            assert link.removeprefix(URL).partition("#")[0] in pages


def test_without_an_address_of_the_site_links_count_from_the_feeds_own_place(snapshot: Snapshot) -> None:
    for name, feed in read(snapshot).items():
        assert not feed.bozo
        assert "self" not in {link.rel for link in feed.feed.links}
        for entry in feed.entries:
            assert urljoin(f"https://anywhere.example/x/{name}", entry.link).startswith("https://anywhere.example/x/")


def test_the_identifier_of_an_entry_stays_when_more_is_known(snapshot: Snapshot) -> None:
    before = {entry.id for entry in read(snapshot)["changes.xml"].entries}
    first = snapshot.changes[0]
    later = replace(first, version="9.9", observed_at=first.observed_at + timedelta(days=1))

    after = read(replace(snapshot, changes=(later, *snapshot.changes)))["changes.xml"]

    assert before < {entry.id for entry in after.entries}
    assert after.entries[0].title == "containerd: 9.9 released"
    assert after.feed.updated == after.entries[0].updated


def test_a_site_that_knows_no_change_has_feeds_without_entries_and_always_the_same_bytes(snapshot: Snapshot) -> None:
    empty = replace(snapshot, changes=(), verdicts={}, runs=())

    for feed in feeds.feeds(Knowledge(empty)):
        assert feed.entries == ()
        assert not feedparser.parse(atom.write(feed, "")).bozo
        assert atom.write(feed, "") == atom.write(feed, "")


@given(st.text())
def test_no_text_of_an_upstream_breaks_a_feed_or_becomes_markup(text: str) -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    entry = atom.Entry(about=(text,), title=f"<b>{text}</b>", summary=text, page="index.html", updated=when)
    feed = atom.Feed(name="x.xml", about=(text,), title=text or "x", author="a", page="p.html", entries=(entry,))

    read = feedparser.parse(atom.write(feed, ""))

    assert not read.bozo
    assert "&lt;b&gt;" in read.entries[0].title_detail.value or read.entries[0].title.startswith("<b>")
