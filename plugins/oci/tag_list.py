"""All tags of an image.

Registries page, or do not; sort, or do not: Debian's docker-registry 2.8.2 ignores ``n`` and ``last`` and sends all
tags in no order (tried 2026-11-23). So no order is believed, and paging ends when a page says nothing new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import msgspec

from tracker.api import SourceError, next_page, origin_of

from .reference import is_tag

if TYPE_CHECKING:
    from tracker.api import Fetched

    from .registry import Registry

_PAGE = 1000
_MOST_PAGES = 100
_LARGEST_PAGE = 16 << 20


class _Page(msgspec.Struct):
    tags: list[str] | None = None


def list_tags(registry: Registry) -> tuple[str, ...]:
    """Return every tag once, in the order in which the registry names them; blocks.

    Raises:
        SourceError: the list could not be read to its end.
    """
    first = f"{registry.api_url}/tags/list?n={_PAGE}"
    found: dict[str, None] = {}
    url: str | None = first
    for _ in range(_MOST_PAGES):
        fetched = registry.get(cast("str", url), accept="application/json", max_bytes=_LARGEST_PAGE)
        tags = _read_page(fetched.body, fetched.url)
        known = len(found)
        found.update(dict.fromkeys(tags))
        if len(found) == known:
            return tuple(found)
        url = _next(registry, fetched)
        if url is None and len(tags) == _PAGE:
            # Some registries page without saying so; a full page is the only sign of it.
            url = f"{first}&last={quote(tags[-1], safe='')}"
        if url is None:
            return tuple(found)
    message = f"{registry.image}: the list of tags does not end after {_MOST_PAGES} pages and {len(found)} tags"
    raise SourceError(message, hint='Name the tags yourself, with the component\'s option "tags".')


def _next(registry: Registry, fetched: Fetched) -> str | None:
    try:
        url = next_page(fetched.headers.get("link", ""), fetched.url)
        # A registry may redirect its lists to where they lie; from there a relative link leads on.
        is_known = url is None or origin_of(url) in {origin_of(registry.api_url), origin_of(fetched.url)}
    except ValueError as error:
        message = f"{registry.image}: the list of tags goes on at an address that cannot be read: {error}"
        raise SourceError(message) from error
    if not is_known:
        message = f"{registry.image}: the list of tags goes on at another host, which is not asked"
        raise SourceError(message)
    return url


def _read_page(body: bytes, address: str) -> list[str]:
    try:
        tags = msgspec.json.decode(body, type=_Page).tags or []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"{address}: is no list of tags: {error}"
        raise SourceError(message) from error
    # Nothing else can be asked for, and so nothing else is a tag.
    return [tag for tag in tags if is_tag(tag)]
