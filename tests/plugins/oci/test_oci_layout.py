"""An image is fetched once into a layout, every part of it verified, and the host takes the one that it can run."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.oci.layout import LayoutInstaller
from tracker.plugins.oci.select import image_for

from tests.plugins.oci.images import CONFIG, MANIFEST, Document
from tracker.errors import SourceError, TrackerError
from tracker.http import Client
from tracker.model import Asset, Component, Release
from tracker.protocols import InstallRequest, NetworkSettings
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tests.plugins.oci.real import RealRegistry

LAYER = Document("application/vnd.oci.image.layer.v1.tar+gzip", gzip.compress(b"bytes of a layer", mtime=0))
CONFIGURATION = Document(CONFIG, b'{"os":"windows","architecture":"amd64"}')
COMPONENT = Component(name="nanoserver", title="", source="oci", scheme="natural", installer="oci-layout")


def _manifest(*layers: dict[str, object]) -> Document:
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": CONFIGURATION.descriptor(),
        "layers": list(layers),
    }
    return Document(MANIFEST, json.dumps(document).encode())


def _release(image: str, *manifests: Document) -> Release:
    assets = tuple(
        Asset(
            name=f"ltsc2022 {one.digest}",
            url=f"docker://{image}@{one.digest}",
            digest=one.digest,
            platform="windows/amd64",
            os_version="10.0.20348.2849",
        )
        for one in manifests
    )
    return Release(
        component="nanoserver", version="ltsc2022", upstream_version="ltsc2022", line="", channel="", assets=assets
    )


def _install(directory: Path, release: Release) -> Path:
    staging = directory / "staging"
    staging.mkdir()
    with Client(NetworkSettings(timeout_seconds=5)) as http:
        LayoutInstaller().install(
            InstallRequest(
                component=COMPONENT,
                release=release,
                files={},
                staging=staging,
                prefix=directory / "prefix",
                unpacker=PrefixUnpacker(staging),
                http=http,
            )
        )
    return staging


def test_manifest_configuration_and_layers_lie_under_their_digests(real: RealRegistry, tmp_path: Path) -> None:
    manifest = _manifest(LAYER.descriptor())
    for blob in (CONFIGURATION, LAYER):
        real._blob(blob)  # noqa: SLF001 - a layer is pushed as a configuration is
    real.push("ltsc2022", manifest)

    layout = _install(tmp_path, _release(real.image, manifest))

    (entry,) = json.loads((layout / "index.json").read_text(encoding="utf-8"))["manifests"]
    assert entry["digest"] == manifest.digest
    assert entry["platform"]["os.version"] == "10.0.20348.2849"
    for one in (manifest, CONFIGURATION, LAYER):
        assert (layout / "blobs" / "sha256" / one.digest.removeprefix("sha256:")).read_bytes() == one.body


def test_a_layer_with_other_bytes_than_announced_is_refused(real: RealRegistry, tmp_path: Path) -> None:
    wrong = LAYER.descriptor() | {"size": len(LAYER.body) + 1}
    manifest = _manifest(wrong)
    for blob in (CONFIGURATION, LAYER):
        real._blob(blob)  # noqa: SLF001 - likewise
    real.push("ltsc2022", manifest)

    with pytest.raises(TrackerError, match=r"size|bytes"):
        _install(tmp_path, _release(real.image, manifest))


def _serve(httpserver: HTTPServer, manifest: Document) -> str:
    """Let a server tell the manifest and its configuration, and nothing else; return the image's name."""
    base = "/v2/windows/nanoserver"
    httpserver.expect_request(f"{base}/manifests/{manifest.digest}").respond_with_data(
        manifest.body, content_type=MANIFEST
    )
    httpserver.expect_request(f"{base}/blobs/{CONFIGURATION.digest}").respond_with_data(CONFIGURATION.body)
    httpserver.expect_request(f"{base}/blobs/{LAYER.digest}").respond_with_data(status=404)
    return f"127.0.0.1:{httpserver.port}/windows/nanoserver"


def test_a_layer_that_is_not_there_is_named(httpserver: HTTPServer, tmp_path: Path) -> None:
    manifest = _manifest(LAYER.descriptor())
    image = _serve(httpserver, manifest)

    with pytest.raises(SourceError, match=LAYER.digest.removeprefix("sha256:")):
        _install(tmp_path, _release(image, manifest))


def test_a_layer_that_may_not_be_passed_on_is_fetched_from_where_the_manifest_says(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/elsewhere").respond_with_data(LAYER.body)
    manifest = _manifest(LAYER.descriptor() | {"urls": [httpserver.url_for("/elsewhere")]})
    image = _serve(httpserver, manifest)

    layout = _install(tmp_path, _release(image, manifest))

    name = hashlib.sha256(LAYER.body).hexdigest()
    assert (layout / "blobs" / "sha256" / name).read_bytes() == LAYER.body


def test_a_manifest_cannot_name_a_file_of_this_machine(httpserver: HTTPServer, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(LAYER.body)
    manifest = _manifest(LAYER.descriptor() | {"urls": [mine.as_uri()]})
    image = _serve(httpserver, manifest)

    with pytest.raises(SourceError, match="404"):
        _install(tmp_path, _release(image, manifest))


def _offers(*builds: str) -> Release:
    assets = tuple(
        Asset(name=f"ltsc {build}", url="", platform="windows/amd64", os_version=build, digest="sha256:" + "0" * 64)
        for build in builds
    )
    return Release(component="nanoserver", version="1", upstream_version="1", line="", channel="", assets=assets)


@pytest.mark.parametrize(
    ("build", "isolation", "taken"),
    [
        ("10.0.20348", "process", "10.0.20348.2849"),
        ("10.0.17763", "process", "10.0.17763.6532"),
        ("10.0.26100", "process+hyperv", "10.0.20348.2849"),
        ("10.0.14393", "process", None),
        ("wine-10.0", "none", "10.0.20348.2849"),
    ],
)
def test_the_host_takes_the_image_that_it_can_run(build: str, isolation: str, taken: str | None) -> None:
    facts = {"windows.build": build, "windows.revision": "9999", "windows.isolation": isolation}

    chosen = image_for(_offers("10.0.17763.6532", "10.0.20348.2849"), facts)

    assert [asset.os_version for asset in chosen.assets] == ([taken] if taken else [])
