"""Writes Atom feeds (RFC 4287); it knows nothing of what stands in them.

The times are those of the evidence, and identifiers are made of what an entry is about: the same knowledge gives the
same bytes, and a reader that has an entry already recognises it.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.render import escape

NAMESPACE = "http://www.w3.org/2005/Atom"
_OWN = uuid.uuid5(uuid.NAMESPACE_URL, "tracker/feeds")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry.

    Attributes:
        about: what the identifier is made of: the same for the same fact, whatever else is known.
        title: plain text.
        summary: plain text; may be empty.
        page: relative path of the page about it, which may end in a fragment.
        updated: aware UTC.
        terms: categories.
    """

    about: tuple[str, ...]
    title: str
    summary: str
    page: str
    updated: datetime
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed.

    Attributes:
        name: its file, relative to the site's root.
        about: what the identifier is made of.
        title: plain text.
        author: plain text.
        page: relative path of the page that shows the same.
        entries: newest first.
    """

    name: str
    about: tuple[str, ...]
    title: str
    author: str
    page: str
    entries: tuple[Entry, ...]


def write(feed: Feed, site_url: str) -> bytes:
    """Return the feed's file.

    Args:
        feed: what it says.
        site_url: address of the site, ends in ``/``. When it is empty, links are relative to the feed's own place,
            and the feed does not say where it is itself.
    """
    base = site_url or "../" * feed.name.count("/")
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en"})
    _text(root, "id", _identifier("feed", *feed.about))
    _text(root, "title", feed.title)
    _text(root, "updated", _time(max((entry.updated for entry in feed.entries), default=_NEVER)))
    _text(ET.SubElement(root, "author"), "name", feed.author)
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}{feed.page}"})
    if site_url:
        ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{site_url}{feed.name}"})
    for entry in feed.entries:
        _entry(root, entry, base, feed.about)
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(root: ET.Element, entry: Entry, base: str, of: tuple[str, ...]) -> None:
    element = ET.SubElement(root, "entry")
    _text(element, "id", _identifier("entry", of[0], *entry.about))
    _text(element, "title", entry.title)
    _text(element, "updated", _time(entry.updated))
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}{entry.page}"})
    for term in entry.terms:
        ET.SubElement(element, "category", {"term": escape.for_xml(term)})
    if entry.summary:
        _text(element, "summary", entry.summary)


def _identifier(*about: str) -> str:
    return uuid.uuid5(_OWN, "\n".join(map(escape.for_xml, about))).urn


def _text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, name).text = escape.for_xml(words)


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
