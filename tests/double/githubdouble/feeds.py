"""The two Atom feeds of a repository: ten entries, no mark of pre-releases, no files, and tags mixed in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from .shapes import Links, stamp

if TYPE_CHECKING:
    from datetime import datetime

    from .repository import Repository

_ENTRIES = 10


def releases_feed(links: Links, repository: Repository) -> str:
    """Return releases.atom: published releases, and tags without one, newest first."""
    published = {release.tag: release for release in repository.releases if not release.draft}
    entries = [
        (release.published_at or release.created_at, release.tag, release.name or release.tag, release.body or "")
        for release in published.values()
    ]
    entries += [(when, tag, tag, "") for when, tag in _tags(repository) if tag not in published]
    return _feed(links, repository, "releases", "Release notes from", entries)


def tags_feed(links: Links, repository: Repository) -> str:
    """Return tags.atom: all tags, newest first."""
    entries = [(when, tag, tag, "") for when, tag in _tags(repository)]
    return _feed(links, repository, "tags", "Tags from", entries)


def _tags(repository: Repository) -> list[tuple[datetime, str]]:
    return [(tag.tagged_at or repository.commits[tag.sha].date, tag.name) for tag in repository.tags.values()]


def _feed(
    links: Links, repository: Repository, kind: str, title: str, entries: list[tuple[datetime, str, str, str]]
) -> str:
    page = links.page(repository)
    newest = sorted(entries, reverse=True)[:_ENTRIES]
    shown = "".join(_entry(page, repository.id, *entry) for entry in newest)
    updated = f"<updated>{stamp(newest[0][0])}</updated>" if newest else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en-US">'
        f"<id>tag:github.com,2008:{page}/{kind}</id>"
        f'<link type="text/html" rel="alternate" href="{page}/{kind}"/>'
        f'<link type="application/atom+xml" rel="self" href="{page}/{kind}.atom"/>'
        f"<title>{title} {escape(repository.name)}</title>{updated}{shown}</feed>\n"
    )


def _entry(page: str, repository_id: int, when: datetime, tag: str, title: str, body: str) -> str:
    return (
        f"<entry><id>tag:github.com,2008:Repository/{repository_id}/{escape(tag)}</id><updated>{stamp(when)}</updated>"
        f'<link rel="alternate" type="text/html" href="{page}/releases/tag/{quote(tag)}"/>'
        f'<title>{escape(title)}</title><content type="html">{escape(escape(body)) or "No content."}</content>'
        "<author><name>maintainer</name></author></entry>"
    )
