"""What can be seen while the API may not be asked: refs over git's own protocol, and times from the feed.

Neither costs any of the API's quota, and neither knows releases: a tag may have none, and no feed marks pre-releases
or lists files. So it tells tags and branches, and says what it does not know.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from tracker.api import Branch, Observed, PullRequest, PullState, SourceError

from .options import read_endpoints
from .refs import read_refs
from .releases import read_tag_sightings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.api import HttpClient, PollRequest, RateLimitedError, Sighting, Tag

    from .options import Ask

_ATOM = "{http://www.w3.org/2005/Atom}"
_MOST_FEED_BYTES = 4 << 20
_UNKNOWN = ("releases and their files", "pre-release marks", "state of pull requests")


def look_around(request: PollRequest, ask: Ask, name: str, limit: RateLimitedError) -> Observed:
    """Return what is to be seen without the API.

    Args:
        request: of the look.
        ask: what is wanted.
        name: under which the repository is known now: another one may have taken the name that was asked for.
        limit: why the API is not asked; it stands in the answer.

    Raises:
        SourceError: that failed as well.
    """
    page = f"{read_endpoints(request.options).web}/{name}"
    url = f"{page}.git/info/refs?service=git-upload-pack"
    refs = read_refs(request.http.get(url).body, url)
    tags = {name.removeprefix("refs/tags/"): commit for name, commit in refs.items() if name.startswith("refs/tags/")}
    times = _feed_times(request.http, f"{page}/tags.atom") if ask.wants_tags or ask.wants_releases else {}
    return Observed(
        releases=(),
        cursor=request.cursor,
        sightings=tuple(_sightings(page, ask, refs, tags, times)),
        keeps_old=True,
        unknown=_UNKNOWN,
        reason=f"seen by git and feed alone: {limit.message}",
    )


def read_feed(body: bytes) -> dict[str, datetime]:
    """Return the time of each tag that a feed of releases or tags names; empty for what is no feed. Pure."""
    try:
        text = body.decode()
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            return {}
        root = ET.fromstring(text)  # noqa: S314 - a document with declarations of its own was refused above
    except (UnicodeDecodeError, ValueError, ET.ParseError):
        return {}
    times = {}
    for entry in root.iter(f"{_ATOM}entry"):
        link = entry.find(f"{_ATOM}link")
        updated = entry.findtext(f"{_ATOM}updated", "")
        address = link.get("href", "") if link is not None else ""
        _, found, tag = address.partition("/releases/tag/")
        if found:
            try:
                when = datetime.fromisoformat(updated)
            except ValueError:
                continue
            if when.tzinfo is not None:
                times[unquote(tag)] = when
    return times


def _feed_times(http: HttpClient, url: str) -> dict[str, datetime]:
    try:
        return read_feed(http.get(url, revalidate=True, max_bytes=_MOST_FEED_BYTES).body)
    except SourceError:
        # The feed only adds times to what git told.
        return {}


def _sightings(
    page: str,
    ask: Ask,
    refs: Mapping[str, str],
    tags: Mapping[str, str],
    times: Mapping[str, datetime],
) -> Iterator[Sighting]:
    for wish in ask.wishes:
        component = wish.component.name
        if wish.tags and tags:
            yield from (_dated(one, times) for one in read_tag_sightings(wish.component, ask.repository, tags))
        for number in wish.pulls:
            head = refs.get(f"refs/pull/{number}/head")
            if head:
                yield PullRequest(
                    component=component,
                    repository=ask.repository,
                    number=number,
                    state=PullState.UNKNOWN,
                    head=head,
                    url=f"{page}/pull/{number}",
                )
        for name in wish.branches:
            head = refs.get(f"refs/heads/{name}")
            if head:
                yield Branch(component=component, repository=ask.repository, name=name, head=head)


def _dated(tag: Tag, times: Mapping[str, datetime]) -> Tag:
    return replace(tag, tagged_at=times[tag.name]) if tag.name in times else tag
