"""From GitHub's releases and tags to ours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.api import Asset, Release, SetAside, Tag, mark_assets, read_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Component, ReadTag

    from . import answers

UPLOADED = "uploaded"
_DIGEST = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReleases:
    """Releases of one component, and what was set aside, each in a sentence."""

    releases: tuple[Release, ...]
    remarks: tuple[str, ...]


def merge_pages(found: Sequence[answers.Release]) -> tuple[answers.Release, ...]:
    """Return each release once, drafts left out: a list that moves while it is read shows an item on two pages."""
    by_id: dict[int, answers.Release] = {}
    for one in found:
        before = by_id.get(one.id)
        if before is None or (one.updated_at or one.created_at) >= (before.updated_at or before.created_at):
            by_id[one.id] = one
    return tuple(one for one in by_id.values() if not one.draft)


def read_releases(
    component: Component,
    repository: str,
    found: Sequence[answers.Release],
    commits: Mapping[str, str],
    platforms: Sequence[str],
) -> ReadReleases:
    """Return the releases of ``component``.

    Args:
        component: its rules read tags and file names.
        repository: stands as channel.
        found: published releases, each once.
        commits: full commit ids by tag, where they are known.
        platforms: whose files are wanted.

    Raises:
        SourceError: there are releases and the component's rule fits no tag of them.
    """
    newest_first = sorted(found, key=lambda one: (one.published_at or one.created_at, one.id), reverse=True)
    read = read_tags(component, [one.tag_name for one in newest_first])
    by_tag = {one.tag: one for one in read.read}
    releases: dict[str, Release] = {}
    for one in newest_first:
        if one.tag_name in by_tag and one.tag_name not in releases:
            releases[one.tag_name] = _release(component, repository, one, by_tag[one.tag_name], commits, platforms)
    return ReadReleases(releases=tuple(releases.values()), remarks=tuple(aside.sentence for aside in read.aside))


def read_tag_sightings(component: Component, repository: str, commits: Mapping[str, str]) -> tuple[Tag, ...]:
    """Return all tags, in their order; those that are no version say why.

    Raises:
        SourceError: there are tags, and the component's rule fits none of them.
    """
    read = read_tags(component, commits)
    told: dict[str, ReadTag | SetAside] = {one.tag: one for one in read.read}
    told |= {one.tag: one for one in read.aside}
    return tuple(_tag(component, repository, name, commit, told[name]) for name, commit in commits.items())


def _tag(component: Component, repository: str, name: str, commit: str, told: ReadTag | SetAside) -> Tag:
    return Tag(
        component=component.name,
        repository=repository,
        name=name,
        commit=commit,
        version="" if isinstance(told, SetAside) else told.version,
        set_aside=told.reason if isinstance(told, SetAside) else "",
    )


def _release(
    component: Component,
    repository: str,
    one: answers.Release,
    read: ReadTag,
    commits: Mapping[str, str],
    platforms: Sequence[str],
) -> Release:
    marked = mark_assets(component, read, [_asset(file) for file in one.assets if file.state == UPLOADED], platforms)
    return Release(
        component=component.name,
        version=read.version,
        upstream_version=read.version,
        line=read.line,
        channel=repository,
        assets=marked.assets,
        published_at=one.published_at,
        is_prerelease=one.prerelease or read.is_prerelease,
        notes=one.body or "",
        url=one.html_url,
        tag=one.tag_name,
        commit=commits.get(one.tag_name, ""),
        awaits=marked.awaits,
    )


def _asset(file: answers.Asset) -> Asset:
    digest = file.digest if file.digest and file.digest.startswith(_DIGEST) else None
    return Asset(
        name=file.name,
        url=file.browser_download_url,
        size=file.size,
        digest=digest.lower() if digest else None,
        revision=f"{file.id}@{file.updated_at.isoformat()}",
    )
