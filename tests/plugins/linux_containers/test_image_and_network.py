"""What the smoke hands to containerd: an image and a network configuration."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.linux_containers.cni import GATEWAY, conflist
from tracker.plugins.linux_containers.image import REFERENCE, architecture, build_image


def _files(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = {}
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            found[member.name] = content.read() if content else member.linkname.encode()
        return found


@given(st.binary(max_size=3000))
def test_the_same_busybox_gives_the_same_image(busybox: bytes) -> None:
    assert build_image(busybox) == build_image(busybox)


@given(st.binary(max_size=3000))
def test_every_digest_and_size_in_the_image_holds(busybox: bytes) -> None:
    files = _files(build_image(busybox, "aarch64"))
    index = json.loads(files["index.json"])
    manifest = json.loads(_blob(files, index["manifests"][0]))
    config = json.loads(_blob(files, manifest["config"]))
    layer = _blob(files, manifest["layers"][0])

    assert _files(layer) == {"bin": b"", "bin/busybox": busybox, "bin/sh": b"busybox"}
    assert config["rootfs"]["diff_ids"] == [manifest["layers"][0]["digest"]]
    assert config["architecture"] == "arm64"
    assert index["manifests"][0]["annotations"]["io.containerd.image.name"] == REFERENCE


def _blob(files: dict[str, bytes], descriptor: dict[str, object]) -> bytes:
    content = files[f"blobs/{str(descriptor['digest']).replace(':', '/')}"]
    assert len(content) == descriptor["size"]
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == descriptor["digest"]
    return content


@pytest.mark.parametrize(("machine", "name"), [("x86_64", "amd64"), ("aarch64", "arm64"), ("riscv64", "riscv64")])
def test_architectures_have_the_names_that_images_use(machine: str, name: str) -> None:
    assert architecture(machine) == name


@pytest.mark.parametrize("spec", ["0.4.0", "1.1.0", '1.0"x'])
def test_the_network_configuration_says_the_version_that_is_tried(spec: str) -> None:
    written = json.loads(conflist(spec))

    assert written["cniVersion"] == spec
    assert written["plugins"][0]["ipam"]["ranges"][0][0]["gateway"] == GATEWAY
