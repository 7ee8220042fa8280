"""Watches images in OCI registries: each wanted tag is a release, each platform's image an asset of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, cast

from tracker.api import (
    Asset,
    NoNews,
    Observed,
    ReadTag,
    RefusedError,
    Release,
    SourceError,
    Target,
    UnreachableError,
    VerificationError,
    hookimpl,
    read_tags,
)

from .blobs import BlobCache, prune
from .images import ImageReader
from .kept import KeptManifests
from .options import NAMES, OPTIONS, Wanted, insecure_hosts, read_wanted
from .registry import Registry
from .tag_list import list_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.api import Component, PollRequest, SetAside, Source

    from .images import Image, Tagged
    from .reference import ImageName

_MOST_TAGS = 500
_EXAMPLES = 3
_NOT_FOUND = 404
# Enough of a digest for people to tell two images of one platform apart.
_SHORT = slice(7, 19)


class Oci:
    """Reads tags of images.

    One target for each image, whoever wants it. The cursor is a digest of what was asked and of what every tag names,
    so that a look at unchanged tags is no news; each tag costs one conditional request.
    """

    name = "oci"
    option_names = NAMES
    options = OPTIONS

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        """Return one target for each image that a component names."""
        without_tls = insecure_hosts(options)
        by_image: dict[ImageName, list[Wanted]] = {}
        for component in components:
            wanted = read_wanted(component)
            by_image.setdefault(wanted.image, []).append(wanted)
        return tuple(
            Target(
                name=str(image),
                title=str(image),
                components=tuple(each.component for each in wanted),
                details={"image": image, "wanted": tuple(wanted), "api_url": image.api_url(without_tls)},
                addresses=(image.api_url(without_tls),),
            )
            for image, wanted in by_image.items()
        )

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at all wanted tags of one image."""
        details = request.target.details
        image, wanted = cast("ImageName", details["image"]), cast("tuple[Wanted, ...]", details["wanted"])
        registry = Registry(request.http, image, cast("str", details["api_url"]))
        blobs_dir, manifests_dir = request.cache_dir / "blobs", request.cache_dir / "manifests"
        blobs = BlobCache(blobs_dir)
        reader = ImageReader(registry, blobs, KeptManifests(manifests_dir, blobs))
        observed = _Look(registry, reader).observe(wanted)
        for directory in (blobs_dir, manifests_dir):
            prune(directory, request.now.timestamp())
        is_news = observed.unknown or observed.cursor != request.cursor
        return observed if is_news else NoNews(cursor=observed.cursor)


class _Look:
    """One look at one image.

    Args:
        registry: asks for the list of tags.
        reader: asks for what a tag names.
    """

    def __init__(self, registry: Registry, reader: ImageReader) -> None:
        self._registry = registry
        self._reader = reader
        self._listed: tuple[str, ...] | None = None
        self._read: dict[str, Tagged | None] = {}
        self._failed: dict[str, UnreachableError] = {}
        self._remarks: dict[str, None] = {}

    def observe(self, wanted: Sequence[Wanted]) -> Observed:
        releases: dict[tuple[str, str], Release] = {}
        for one in wanted:
            for read in self._tags(one):
                release = self._release(one, read)
                if release is not None:
                    releases.setdefault((release.component, release.version), release)
        if self._failed and not any(self._read.values()):
            raise next(iter(self._failed.values()))
        if not any(self._read.values()):
            message = f"{self._registry.image}: the registry has none of the tags that are watched"
            raise SourceError(message, hint="Is the image's name right, and are the tags?")
        return Observed(
            releases=tuple(releases.values()),
            cursor=self._cursor(wanted),
            keeps_old=True,
            unknown=tuple(f"tag {tag}" for tag in self._failed),
            reason=next((error.message for error in self._failed.values()), ""),
            remarks=tuple(self._remarks),
        )

    def _tags(self, wanted: Wanted) -> tuple[ReadTag, ...]:
        component = wanted.component
        if component.tags is None:
            # Each of them is watched for its own sake, hence a line of its own: all of them are live.
            return tuple(ReadTag(tag=tag, version=tag, line=tag, is_prerelease=False) for tag in wanted.tags)
        told = read_tags(component, wanted.tags or self._all_tags())
        if len(told.read) > _MOST_TAGS:
            message = f"{self._registry.image}: {len(told.read)} tags are watched for component {component.name}"
            raise SourceError(message, hint=f"Name fewer: at most {_MOST_TAGS} are asked for, one by one.")
        for remark in _remarks_on(told.aside):
            self._remark(remark)
        return told.read

    def _all_tags(self) -> tuple[str, ...]:
        if self._listed is None:
            try:
                self._listed = list_tags(self._registry)
            except RefusedError as error:
                if error.status != _NOT_FOUND:
                    raise
                message = f"{self._registry.image}: the registry has no such image"
                raise SourceError(message, hint=error.message) from error
        return self._listed

    def _release(self, wanted: Wanted, read: ReadTag) -> Release | None:
        tagged = self._tagged(read.tag)
        if tagged is None:
            return None
        images = [each for each in tagged.images if wanted.platform_os in {"", each.platform.os}]
        if not images:
            if tagged.images or not tagged.remarks:
                self._remark(f"Tag {read.tag} has no image for {wanted.platform_os or 'any platform'}.")
            return None
        image = self._registry.image
        return Release(
            component=wanted.component.name,
            version=read.version,
            upstream_version=read.version,
            line=read.line,
            channel=str(image),
            assets=_assets(image, read.tag, tagged, images),
            published_at=tagged.created_at,
            is_prerelease=read.is_prerelease,
            url=image.tagged(read.tag),
        )

    def _tagged(self, tag: str) -> Tagged | None:
        if tag in self._read or tag in self._failed:
            return self._read.get(tag)
        try:
            tagged = self._reader.read_tag(tag)
        except (RefusedError, VerificationError):
            raise
        except UnreachableError as error:
            # The other tags are told nevertheless; nothing is taken for gone.
            self._failed[tag] = error
            return None
        self._read[tag] = tagged
        if tagged is None and self._listed is not None:
            self._remark(f"Tag {tag} is listed and has no manifest.")
        elif tagged is None:
            self._remark(f"Tag {tag} is not there.")
        for remark in tagged.remarks if tagged else ():
            self._remark(remark)
        return tagged

    def _remark(self, sentence: str) -> None:
        self._remarks.setdefault(sentence)

    def _cursor(self, wanted: Sequence[Wanted]) -> str:
        asked = [(each.component.name, each.tags, each.platform_os, str(each.component.tags)) for each in wanted]
        seen = [(tag, tagged.digest if tagged else "") for tag, tagged in self._read.items()]
        told = [sorted(asked), sorted(seen), sorted(self._failed), sorted(self._remarks)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _remarks_on(aside: Iterable[SetAside]) -> Iterator[str]:
    """Yield a sentence for each reason for which tags were set aside."""
    by_reason: dict[str, list[SetAside]] = {}
    for each in aside:
        by_reason.setdefault(each.reason, []).append(each)
    for reason, tags in by_reason.items():
        if len(tags) == 1:
            yield tags[0].sentence
            continue
        examples = ", ".join(each.tag for each in tags[:_EXAMPLES])
        more = f" and {len(tags) - _EXAMPLES} more" if len(tags) > _EXAMPLES else ""
        yield f"Set aside: {examples}{more}. Each {reason}."


def _assets(image: ImageName, tag: str, tagged: Tagged, images: Sequence[Image]) -> tuple[Asset, ...]:
    names = [_name(tag, each) for each in images]
    count = Counter(names)
    assets = {}
    for name, each in zip(names, images, strict=True):
        unique = name if count[name] == 1 else f"{name} {each.digest[_SHORT]}"
        is_sha256 = each.digest.startswith("sha256:")
        assets[unique] = Asset(
            name=unique,
            url=image.pinned(each.digest),
            size=each.size,
            digest=each.digest if is_sha256 else None,
            further_digests=() if is_sha256 else (each.digest,),
            platform=each.platform.name,
            os_version=each.platform.os_version,
            revision=tagged.digest,
        )
    return tuple(assets[name] for name in sorted(assets))


def _name(tag: str, image: Image) -> str:
    return " ".join(part for part in (tag, image.platform.name, image.platform.os_version) if part)


@hookimpl
def tracker_sources() -> Iterable[Source]:
    """Register the source of images in registries."""
    return (Oci(),)
