"""Watches what lies at an address: the content of a file, or the versions that a page lists."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from tracker.api import (
    AssetRole,
    ConfigError,
    NoNews,
    Observed,
    RefusedError,
    Release,
    SourceError,
    Target,
    WatchedFile,
    hookimpl,
    mark_assets,
    read_tags,
)

from .listing import read_listing, written_out
from .options import FileOptions, ListingOptions, read_options
from .text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.api import Component, Fetched, PollRequest, ReadTag, SetAside, Source

    from .listing import Listed
    from .options import Address

_GONE = frozenset({404, 410})
_EXAMPLES = 3


class Url:
    """Reads files and listings at addresses.

    One target for each component and address. The cursor is a digest of the content and of what was asked of it.
    """

    name = "url"
    option_names: frozenset[str] = frozenset()

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:  # noqa: ARG002 - the source has no options
        """Return one target for each component."""
        found: dict[str, Target] = {}
        for component in components:
            asked = read_options(component)
            what = f" ({asked.name})" if isinstance(asked, FileOptions) else ""
            name = f"{component.name} {asked.address.name}{what}"
            if name in found:
                message = f"component {component.name}: {asked.address.shown} is watched twice"
                raise ConfigError(message, hint="Name each file with the option name, or watch it once.")
            found[name] = Target(
                name=name,
                title=asked.address.shown,
                components=(component,),
                details={"asked": asked},
                addresses=(asked.address.shown,),
            )
        return tuple(found.values())

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at one address."""
        asked = cast("FileOptions | ListingOptions", request.target.details["asked"])
        (component,) = request.target.components
        fetched = _fetch(request, asked.address)
        cursor = _cursor(component, request.platforms, fetched)
        if cursor == request.cursor:
            return NoNews(cursor=cursor)
        text = read_text(fetched.body, fetched.headers.get("content-type", ""))
        if isinstance(asked, FileOptions):
            return replace(_watched(component, asked, fetched, text), cursor=cursor)
        return replace(_listed(component, asked, request.platforms, fetched, text), cursor=cursor)


def _fetch(request: PollRequest, address: Address) -> Fetched:
    try:
        return request.http.get(address.url, max_bytes=address.max_bytes, revalidate=True)
    except RefusedError as error:
        if error.status not in _GONE:
            raise
        message = f"{address.shown}: is not there any more, or never was ({error.status})"
        raise SourceError(message, hint="Look where it lies now, and change the component's option url.") from error


def _cursor(component: Component, platforms: Sequence[str], fetched: Fetched) -> str:
    asked = sorted(component.options.items())
    rules = [repr(component.tags), repr(component.assets), list(platforms)]
    told = [component.name, asked, rules, fetched.url, hashlib.sha256(fetched.body).hexdigest()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _watched(component: Component, asked: FileOptions, fetched: Fetched, text: str) -> Observed:
    named, remarks = [], []
    for what, expression in asked.named:
        match = expression.search(text)
        version = (match["version"] or "").strip() if match else ""
        if version:
            named.append((what, version))
        else:
            remarks.append(f"{asked.name} does not say which {what} it means: {expression.pattern} no longer fits it.")
    seen = WatchedFile(
        component=component.name,
        name=asked.name,
        url=asked.address.shown,
        digest=f"sha256:{hashlib.sha256(fetched.body).hexdigest()}",
        named=tuple(named),
        text=text if asked.keeps_text else "",
    )
    return Observed(releases=(), cursor="", sightings=(seen,), remarks=tuple(remarks))


def _listed(
    component: Component, asked: ListingOptions, platforms: Sequence[str], fetched: Fetched, text: str
) -> Observed:
    # The client's address lacks what may be secret in a query; a relative address counts from the path alone.
    listed = {each.text: each for each in read_listing(text, asked, fetched.url)}
    told = read_tags(component, listed)
    releases = tuple(
        _release(component, asked, platforms, read, listed[read.tag], base=fetched.url) for read in told.read
    )
    remarks = [remark for read in told.read for remark in listed[read.tag].remarks]
    by_reason: dict[str, list[SetAside]] = {}
    for aside in told.aside:
        by_reason.setdefault(aside.reason, []).append(aside)
    remarks += [_set_aside(reason, tags) for reason, tags in by_reason.items()]
    return Observed(releases=releases, cursor="", keeps_old=asked.keeps_old, remarks=tuple(remarks))


def _release(
    component: Component,
    asked: ListingOptions,
    platforms: Sequence[str],
    read: ReadTag,
    listed: Listed,
    *,
    base: str,
) -> Release:
    files = [*listed.assets, *written_out(asked.assets, listed, version=read.version, base=base)]
    unique = {each.name: each for each in reversed(files)}
    marked = mark_assets(component, read, tuple(reversed(unique.values())), platforms)
    assets = marked.assets
    if not component.assets:
        # Without a rule for each platform, every file that proves no other one is the release itself.
        assets = tuple(replace(each, role=AssetRole.MAIN) if each.role is AssetRole.OTHER else each for each in assets)
        assets = tuple(sorted(assets, key=lambda each: (each.role is not AssetRole.MAIN, each.name)))
    return Release(
        component=component.name,
        version=read.version,
        upstream_version=read.version,
        line=read.line,
        channel=_channel(asked.address),
        assets=assets,
        published_at=listed.published_at,
        is_prerelease=read.is_prerelease,
        url=asked.address.shown if urlsplit(base).scheme != "file" else "",
        awaits=marked.awaits,
    )


def _channel(address: Address) -> str:
    parts = urlsplit(address.shown)
    return f"{parts.netloc}{parts.path}"


def _set_aside(reason: str, tags: Sequence[SetAside]) -> str:
    if len(tags) == 1:
        return tags[0].sentence
    examples = ", ".join(each.tag for each in tags[:_EXAMPLES])
    more = f" and {len(tags) - _EXAMPLES} more" if len(tags) > _EXAMPLES else ""
    return f"Set aside: {examples}{more}. Each {reason}."


@hookimpl
def tracker_sources() -> Iterable[Source]:
    """Register the source of files and listings at addresses."""
    return (Url(),)
