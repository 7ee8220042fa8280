"""Documents of images, made for tests: configurations, manifests and indexes, each with its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX = "application/vnd.oci.image.index.v1+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"


@dataclass(frozen=True)
class Document:
    """A document as a registry keeps it; ``platform`` is what an index says of it."""

    media_type: str
    body: bytes
    platform: dict[str, str] | None = None

    @property
    def digest(self) -> str:
        return f"sha256:{hashlib.sha256(self.body).hexdigest()}"

    def descriptor(self) -> dict[str, object]:
        told: dict[str, object] = {"mediaType": self.media_type, "digest": self.digest, "size": len(self.body)}
        return told | ({"platform": self.platform} if self.platform is not None else {})


@dataclass(frozen=True)
class Image:
    """A manifest with its configuration; it has no layers, which no look ever asks for."""

    manifest: Document
    config: Document


def image(
    os: str = "windows",
    architecture: str = "amd64",
    os_version: str = "",
    *,
    created: str = "2026-11-10T12:00:00.123456789Z",
    docker: bool = False,
    more: str = "",
) -> Image:
    platform = {"os": os, "architecture": architecture}
    if os_version:
        platform["os.version"] = os_version
    told = platform | {"created": created, "config": {"Labels": {"more": more}}, "rootfs": {"type": "layers"}}
    config = Document(DOCKER_CONFIG if docker else CONFIG, json.dumps(told).encode())
    return Image(manifest_of(config, docker=docker, platform=platform), config)


def manifest_of(config: Document, *, docker: bool = False, platform: dict[str, str] | None = None) -> Document:
    media_type = DOCKER_MANIFEST if docker else MANIFEST
    told = {"schemaVersion": 2, "mediaType": media_type, "config": config.descriptor(), "layers": []}
    return Document(media_type, json.dumps(told).encode(), platform)


def index(*children: Document | Mapping[str, object], docker: bool = False) -> Document:
    media_type = LIST if docker else INDEX
    manifests = [one.descriptor() if isinstance(one, Document) else one for one in children]
    told = {"schemaVersion": 2, "mediaType": media_type, "manifests": manifests}
    return Document(media_type, json.dumps(told).encode())
