"""What one tag names: the images behind it, by platform, each with the digest that it is pulled by."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.api import RefusedError, SourceError, VerificationError

from .kept import Kept
from .manifest import ACCEPT, Platform, UnknownKindError, check_kind, digest_of, read_config, read_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.api import Fetched

    from .blobs import BlobCache
    from .kept import KeptManifests
    from .manifest import Descriptor, Document, ImageConfig
    from .registry import Registry

_LARGEST_MANIFEST = 4 << 20
_LARGEST_CONFIG = 8 << 20
_MOST_SILENT = 50
_NOT_MODIFIED = 304
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image behind a tag.

    Attributes:
        platform: what it runs on; all empty for a thing that is no image.
        digest: of its manifest, as it is pulled.
        size: of its manifest in bytes; ``None`` when that is not told.
    """

    platform: Platform
    digest: str
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """What a tag names now.

    Attributes:
        digest: of the document that the tag names: an index, or a manifest.
        images: all of them, in its order; attestations are left out.
        created_at: when the image was made; ``None`` when there are several, or it is not told.
        remarks: what was set aside, each in a sentence.
    """

    digest: str
    images: tuple[Image, ...]
    created_at: datetime | None = None
    remarks: tuple[str, ...] = ()


class ImageReader:
    """Reads tags of one image.

    Args:
        registry: asks.
        blobs: configurations that were read before.
        kept: manifests that were read before.
    """

    def __init__(self, registry: Registry, blobs: BlobCache, kept: KeptManifests) -> None:
        self._registry = registry
        self._blobs = blobs
        self._kept = kept

    def read_tag(self, tag: str) -> Tagged | None:
        """Return what ``tag`` names, or ``None`` when the registry has no manifest for it; blocks.

        Raises:
            VerificationError: what came is not what it was announced to be.
            SourceError: it could not be asked, or its answer means nothing.
        """
        try:
            digest, document, body = self._manifest(tag, told="")
        except RefusedError as error:
            if error.status == _NOT_FOUND:
                return None
            raise
        except UnknownKindError as error:
            return Tagged(digest="", images=(), remarks=(f"Tag {tag} is set aside: {error}.",))
        if document.config is not None:
            config = self._config(document.config, tag)
            image = Image(platform=config.platform if config else Platform(), digest=digest, size=len(body))
            return Tagged(digest=digest, images=(image,), created_at=config.created_at if config else None)
        children = document.manifests or []
        silent = [each for each in children if each.platform is None]
        if len(silent) > _MOST_SILENT:
            message = f"{self._registry.image}:{tag}: names {len(silent)} images without saying what they run on"
            raise SourceError(message, hint=f"At most {_MOST_SILENT} are asked themselves.")
        remarks: list[str] = []
        images = [self._child(each, tag, remarks.append) for each in children]
        return Tagged(digest=digest, images=tuple(each for each in images if each), remarks=tuple(remarks))

    def _child(self, child: Descriptor, tag: str, remark: Callable[[str], None]) -> Image | None:
        if child.is_list:
            remark(f"{tag}: {child.digest} is an index inside an index, which is not looked into.")
            return None
        platform = child.platform or self._own_platform(child, tag, remark)
        if platform is None or platform.is_unknown:
            return None
        return Image(platform=platform, digest=child.digest, size=child.size if child.size >= 0 else None)

    def _own_platform(self, child: Descriptor, tag: str, remark: Callable[[str], None]) -> Platform | None:
        """Return what an image says of itself: the specification lets an index be silent."""
        try:
            _, document, _ = self._manifest(child.digest, told=child.digest)
        except RefusedError as error:
            if error.status != _NOT_FOUND:
                raise
            remark(f"{tag}: {child.digest} is named and not there.")
            return None
        except UnknownKindError as error:
            remark(f"{tag}: {child.digest} is set aside: {error}.")
            return None
        config = self._config(document.config, tag) if document.config else None
        if config is None:
            remark(f"{tag}: {child.digest} tells no platform and is no image.")
            return None
        return config.platform

    def _manifest(self, reference: str, *, told: str) -> tuple[str, Document, bytes]:
        url = f"{self._registry.api_url}/manifests/{quote(reference, safe=':')}"
        where = f"{self._registry.image}:{reference}" if not told else f"{self._registry.image}@{reference}"
        body, content_type, announced = self._fetch(url, where)
        check_kind(content_type)
        digest = digest_of(body, told or announced, where)
        digest_of(body, announced, where)
        try:
            document = read_document(body, content_type)
        except UnknownKindError:
            raise
        except ValueError as error:
            message = f"{where}: {error}"
            raise VerificationError(message) from error
        return digest, document, body

    def _fetch(self, url: str, where: str) -> tuple[bytes, str, str]:
        """Return body, type and announced digest of a manifest, which is not sent again while it is the same."""
        known = self._kept.recall(url)
        validator = known[0].validator if known else ""
        fetched = self._registry.get(url, accept=ACCEPT, max_bytes=_LARGEST_MANIFEST, validator=validator)
        announced = fetched.headers.get("docker-content-digest", "").strip()
        if fetched.status != _NOT_MODIFIED:
            content_type = fetched.headers.get("content-type", "")
            self._keep(fetched, url, content_type)
            return fetched.body, content_type, announced
        if known is None:
            message = f"{where}: answered 304, and was not asked whether anything changed"
            raise SourceError(message)
        kept, body = known
        return body, kept.content_type, announced or kept.digest

    def _keep(self, fetched: Fetched, url: str, content_type: str) -> None:
        validator = fetched.headers.get("etag", "").strip()
        if validator:
            digest = digest_of(fetched.body, "", url)
            self._kept.keep(Kept(url=url, validator=validator, content_type=content_type, digest=digest), fetched.body)

    def _config(self, descriptor: Descriptor, tag: str) -> ImageConfig | None:
        """Return an image's configuration; ``None`` for a thing that is no image and has none."""
        if not descriptor.is_image_config:
            return None
        where = f"{self._registry.image}:{tag}"
        body = self._blobs.read(descriptor.digest)
        if body is None:
            url = f"{self._registry.api_url}/blobs/{descriptor.digest}"
            body = self._registry.get(url, accept="*/*", max_bytes=_LARGEST_CONFIG).body
            digest_of(body, descriptor.digest, f"{where}, its configuration")
            # A cache that cannot be written costs one more request at the next look.
            with suppress(OSError):
                self._blobs.write(descriptor.digest, body)
        try:
            return read_config(body)
        except ValueError as error:
            message = f"{where}: {error}"
            raise SourceError(message) from error
