"""From the files of a package index to releases; no network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from tracker.api import Asset, AssetRole, Release, SetAside, TagRule, read_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packaging.version import Version

    from tracker.api import Component

    from .index_page import IndexFile

WHEEL = ".whl"
_USUAL = TagRule(version=r"(?P<version>.+)", line=r"(?:\d+!)?\d+(?:\.\d+)?", prerelease="")
"""A line is a minor version, where the component does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the files come to.

    Attributes:
        releases: by version, oldest first.
        remarks: what was set aside, each in a sentence.
    """

    releases: tuple[Release, ...]
    remarks: tuple[str, ...]


def releases_of(component: Component, project: str, files: Iterable[IndexFile], *, channel: str, url: str) -> Offered:
    """Return the releases that the files are of.

    A file that was yanked is none; a version of which nothing else is left is offered no more. Files for any platform
    and Python are kept: which of them fits is decided where a combination is installed. A source archive is listed and
    never installed, since that would run its build.

    Args:
        component: whose releases.
        project: the project's name, in its normal form.
        files: all files of the project.
        channel: where they are offered.
        url: page for people.
    """
    by_version: defaultdict[Version, list[IndexFile]] = defaultdict(list)
    odd = []
    yanked: dict[Version, str] = {}
    for file in files:
        version = version_of(file.name, project)
        if version is None:
            odd.append(file.name)
        elif file.yanked is not None:
            yanked[version] = file.yanked
        else:
            by_version[version].append(file)
    rule = component if component.tags else replace(component, tags=_USUAL)
    releases, remarks = [], []
    for version in sorted(by_version):
        read = read_tag(rule, str(version))
        if isinstance(read, SetAside):
            remarks.append(read.sentence)
            continue
        own = by_version[version]
        times = [file.uploaded_at for file in own if file.uploaded_at is not None]
        releases.append(
            Release(
                component=component.name,
                version=read.version,
                upstream_version=read.version,
                line=read.line,
                channel=channel,
                assets=_assets(own),
                published_at=min(times, default=None),
                is_prerelease=version.is_prerelease or read.is_prerelease,
                url=url,
            )
        )
    remarks += [
        f"{project} {version} was yanked{f': {reason}' if reason else ''}."
        for version, reason in sorted(yanked.items())
        if version not in by_version
    ]
    if odd:
        remarks.append(f"{len(odd)} files of {project} are no wheel and no source archive of it ({odd[0]}, say).")
    return Offered(releases=tuple(releases), remarks=tuple(remarks))


def version_of(name: str, project: str) -> Version | None:
    """Return the version that a file is of; ``None`` for what is no file of ``project`` that pip would install."""
    try:
        if name.endswith(WHEEL):
            found, version, _, _ = parse_wheel_filename(name)
        else:
            found, version = parse_sdist_filename(name)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    return version if found == canonicalize_name(project) else None


def _assets(files: Sequence[IndexFile]) -> tuple[Asset, ...]:
    unique = {file.name: file for file in reversed(files)}
    assets = [_asset(file) for file in unique.values()]
    return tuple(sorted(assets, key=lambda asset: (asset.role is not AssetRole.MAIN, asset.name)))


def _asset(file: IndexFile) -> Asset:
    short = [one for one in file.digests if one.startswith("sha256:")]
    return Asset(
        name=file.name,
        url=file.url,
        size=file.size,
        digest=short[0] if short else None,
        role=AssetRole.MAIN if file.name.endswith(WHEEL) else AssetRole.OTHER,
        further_digests=tuple(one for one in file.digests if one not in short),
    )
