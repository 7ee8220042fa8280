"""Manifests and what they say of platforms; reading only, no network.

Formats as in the OCI image specification 1.1 and Docker's image manifest version 2, schema 2, read 2026-11-23.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from tracker.api import VerificationError

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
# All in one header: without the list types a registry converts to linux/amd64, or says that there is nothing (tried).
ACCEPT = f"{OCI_INDEX}, {DOCKER_LIST}, {OCI_MANIFEST}, {DOCKER_MANIFEST}"
_KNOWN = frozenset({OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST})
_LISTS = frozenset({OCI_INDEX, DOCKER_LIST})
_CONFIGS = frozenset({"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"})
_HEX = {"sha256": 64, "sha512": 128}
_DIGEST = re.compile(r"(sha256|sha512):([0-9a-f]+)")
# Builders that want the same bytes again write the first day that their format knows.
_FIRST_BELIEVABLE_YEAR = 2000


class UnknownKindError(ValueError):
    """A document that is neither an index nor a manifest of the kinds that are read here."""


class Platform(msgspec.Struct, frozen=True):
    """What an image runs on; what is not told is empty."""

    os: str = ""
    architecture: str = ""
    variant: str = ""
    os_version: str = msgspec.field(name="os.version", default="")

    @property
    def name(self) -> str:
        """``"windows/amd64"`` or ``"linux/arm/v7"``; empty when no system is told."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part) if self.os else ""

    @property
    def is_unknown(self) -> bool:
        """Whether it is no image at all: builders file attestations under this platform."""
        return self.os == "unknown" and self.architecture == "unknown"


class Descriptor(msgspec.Struct, frozen=True):
    """What a manifest says of another document."""

    digest: str
    size: int = -1
    media_type: str = msgspec.field(name="mediaType", default="")
    platform: Platform | None = None

    @property
    def is_list(self) -> bool:
        """Whether it is an index inside an index."""
        return self.media_type in _LISTS

    @property
    def is_image_config(self) -> bool:
        """Whether it is the configuration of an image, and not of some other thing that registries keep."""
        return self.media_type in _CONFIGS


class Document(msgspec.Struct, frozen=True):
    """An index, which has ``manifests``, or a manifest, which has ``config``."""

    media_type: str = msgspec.field(name="mediaType", default="")
    manifests: list[Descriptor] | None = None
    config: Descriptor | None = None
    layers: list[msgspec.Raw] | None = None


class _Config(Platform, frozen=True):
    created: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfig:
    """What the configuration of an image tells.

    Attributes:
        platform: what it runs on.
        created_at: aware UTC; ``None`` when it is not told or not believable.
    """

    platform: Platform
    created_at: datetime | None


def digest_of(body: bytes, told: str, where: str) -> str:
    """Return the digest of ``body`` in the algorithm of ``told``, which must be it.

    Args:
        body: what came.
        told: the digest that it must have; empty when nothing is told: then it is the ``sha256:`` one.
        where: address, for the error.

    Raises:
        VerificationError: it is another one, or in no algorithm that is known.
    """
    if not told:
        return f"sha256:{hashlib.sha256(body).hexdigest()}"
    if not is_digest(told):
        message = f"{where}: the registry tells the digest {told[:100]!r}, which cannot be checked"
        raise VerificationError(message)
    algorithm = told.partition(":")[0]
    found = f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"
    if found != told:
        message = f"{where}: digest is {found}, not {told}"
        raise VerificationError(message)
    return found


def is_digest(text: str) -> bool:
    """Return whether ``text`` is a digest in an algorithm that can be checked."""
    found = _DIGEST.fullmatch(text)
    return found is not None and len(found[2]) == _HEX[found[1]]


def read_document(body: bytes, content_type: str) -> Document:
    """Return an index or a manifest.

    Args:
        body: as it came.
        content_type: what the answer's header says; may be empty.

    Raises:
        UnknownKindError: it is neither.
        ValueError: it cannot be read, or could be read as both; the message says what.
    """
    header = media_type_of(content_type)
    try:
        document = msgspec.json.decode(body, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"it is no manifest: {error}"
        raise ValueError(message) from error
    if header in _KNOWN and document.media_type and document.media_type != header:
        message = f"it is announced as {header} and calls itself {document.media_type}"
        raise ValueError(message)
    # A document that is both means one thing to this reader and another to the next (CVE-2021-41190).
    if document.manifests is not None and (document.config is not None or document.layers is not None):
        message = "it is an index and a manifest at once"
        raise ValueError(message)
    if document.manifests is None and document.config is None and (document.media_type or header) not in _LISTS:
        message = f"it is of an unknown kind: {document.media_type or header or 'none told'}"
        raise UnknownKindError(message)
    for each in (*(document.manifests or ()), *((document.config,) if document.config else ())):
        if not is_digest(each.digest):
            message = f"it names {each.digest[:100]!r}, which is no digest that can be checked"
            raise ValueError(message)
    return document


def check_kind(content_type: str) -> None:
    """Return unless the answer's header announces a signed manifest of Docker's first kind.

    The digest of such a one is not that of its bytes, so that it cannot be checked like the others.

    Raises:
        UnknownKindError: it does.
    """
    if media_type_of(content_type).startswith("application/vnd.docker.distribution.manifest.v1+"):
        message = "it is a manifest of Docker's first kind, which is not read"
        raise UnknownKindError(message)


def media_type_of(content_type: str) -> str:
    """Return a Content-Type header without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def read_config(body: bytes) -> ImageConfig:
    """Return what an image's configuration tells.

    Raises:
        ValueError: it is none.
    """
    try:
        config = msgspec.json.decode(body, type=_Config)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"its configuration cannot be read: {error}"
        raise ValueError(message) from error
    platform = Platform(
        os=config.os, architecture=config.architecture, variant=config.variant, os_version=config.os_version
    )
    return ImageConfig(platform=platform, created_at=_time(config.created or ""))


def _time(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    told = told.replace(tzinfo=UTC) if told.tzinfo is None else told
    try:
        told = told.astimezone(UTC)
    except OverflowError:
        return None
    return told if told.year >= _FIRST_BELIEVABLE_YEAR else None
