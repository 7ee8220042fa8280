"""Installs an image as an OCI image layout: manifest, configuration and layers, each verified by its digest.

The layout is that of the OCI image specification 1.1, "Image Layout" (read 2026-11-24). What is fetched once serves
every run, and a machine without network can be given a prefix from another one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from tracker.api import RefusedError, SmokeError, hookimpl

from .manifest import DOCKER_MANIFEST, OCI_MANIFEST, digest_of
from .reference import read_image_name
from .registry import Registry
from .select import image_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.api import Asset, Installer, InstallRequest, Release

_LARGEST_MANIFEST = 4 << 20
_MOST_LAYERS = 500
_LARGEST_IMAGE = 20 << 30


class _Blob(msgspec.Struct, frozen=True):
    digest: str
    size: int
    media_type: str = msgspec.field(name="mediaType", default="")
    urls: tuple[str, ...] = ()


class _Manifest(msgspec.Struct, frozen=True):
    config: _Blob
    layers: tuple[_Blob, ...]
    media_type: str = msgspec.field(name="mediaType", default=OCI_MANIFEST)


class LayoutInstaller:
    """Fetches the image of one platform into a layout; the host hands it one asset, the image itself."""

    name = "oci-layout"
    fetches = True

    def select(self, release: Release, facts: Mapping[str, str]) -> Release:
        """Return the release with the one image that a host with ``facts`` runs; without assets where none fits."""
        return image_for(release, facts)

    def install(self, request: InstallRequest) -> None:
        """Fill ``request.staging``.

        Raises:
            SmokeError: the image is none, or too large.
            SourceError: the registry could not be asked, or a blob has another digest.
        """
        descriptors = [_Fetching(request, asset).fetch() for asset in request.release.assets]
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": descriptors}
        (request.staging / "index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
        (request.staging / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}', encoding="utf-8")


class _Fetching:
    def __init__(self, request: InstallRequest, asset: Asset) -> None:
        reference, _, self._digest = asset.url.removeprefix("docker://").partition("@")
        self._image = read_image_name(reference)
        self._where = f"{self._image}@{self._digest}"
        self._asset = asset
        self._http = request.http
        self._registry = Registry(request.http, self._image, self._image.api_url(()))
        self._blobs = request.staging / "blobs"

    def fetch(self) -> dict[str, object]:
        """Fetch manifest, configuration and layers, and return the manifest's descriptor."""
        body = self._registry.get(
            f"{self._registry.api_url}/manifests/{self._digest}",
            accept=f"{OCI_MANIFEST}, {DOCKER_MANIFEST}",
            max_bytes=_LARGEST_MANIFEST,
        ).body
        digest_of(body, self._digest, self._where)
        manifest = self._read(body)
        target = self._path(self._digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        for blob in dict.fromkeys((manifest.config, *manifest.layers)):
            self._fetch_blob(blob)
        system, _, architecture = self._asset.platform.partition("/")
        platform = {"os": system, "architecture": architecture, "os.version": self._asset.os_version}
        return {
            "mediaType": manifest.media_type,
            "digest": self._digest,
            "size": len(body),
            "platform": {name: value for name, value in platform.items() if value},
        }

    def _read(self, body: bytes) -> _Manifest:
        try:
            manifest = msgspec.json.decode(body, type=_Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            message = f"{self._where}: is no manifest of an image: {error}"
            raise SmokeError(message) from error
        size = sum(max(one.size, 0) for one in (manifest.config, *manifest.layers))
        if len(manifest.layers) > _MOST_LAYERS or size > _LARGEST_IMAGE:
            message = f"{self._where}: has {len(manifest.layers)} layers and {size} bytes, which is too much"
            raise SmokeError(message, hint=f"At most {_MOST_LAYERS} layers and {_LARGEST_IMAGE >> 30} GiB are fetched.")
        return manifest

    def _fetch_blob(self, blob: _Blob) -> None:
        target = self._path(blob.digest)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._registry.download(f"{self._registry.api_url}/blobs/{blob.digest}", target, blob.size, blob.digest)
        except RefusedError:
            # Layers that may not be passed on lie where the manifest says (base images of Windows up to 2023).
            elsewhere = next((url for url in blob.urls if url.startswith(("https://", "http://"))), None)
            if elsewhere is None:
                raise
            self._http.download(elsewhere, target, size=blob.size, digest=blob.digest)

    def _path(self, digest: str) -> Path:
        algorithm, _, name = digest.partition(":")
        if algorithm not in {"sha256", "sha512"} or not name.isalnum():
            message = f"{self._where}: names the digest {digest[:100]!r}, which cannot be checked"
            raise SmokeError(message)
        return self._blobs / algorithm / name


@hookimpl
def tracker_installers() -> tuple[Installer, ...]:
    """Return the installer ``oci-layout``."""
    return (LayoutInstaller(),)
