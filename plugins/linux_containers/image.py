"""The smoke image: one layer with busybox, as an OCI image layout in a tar; the same bytes for the same busybox.

Format: OCI image specification 1.0, https://github.com/opencontainers/image-spec (read 2026-11-23).
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import tarfile
from dataclasses import dataclass

REFERENCE = "localhost/smoke:1"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
OCI_MEDIA_TYPE = "application/vnd.oci.image"


@dataclass(frozen=True, slots=True)
class _Blob:
    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def descriptor(self) -> dict[str, object]:
        return {
            "mediaType": f"{OCI_MEDIA_TYPE}.{self.kind}",
            "digest": f"sha256:{self.digest}",
            "size": len(self.content),
        }


def build_image(busybox: bytes, machine: str = "") -> bytes:
    """Return the image as a tar for ``ctr image import``.

    Args:
        busybox: the statically linked program.
        machine: architecture as ``uname -m`` tells it; empty for this machine's.
    """
    kind = architecture(machine or platform.machine())
    layer = _Blob("layer.v1.tar", _tar([("bin/", b"", ""), ("bin/busybox", busybox, ""), ("bin/sh", b"", "busybox")]))
    config = _Blob(
        "config.v1+json",
        _json(
            {
                "architecture": kind,
                "os": "linux",
                "config": {"Cmd": ["/bin/sh"], "Env": ["PATH=/bin"]},
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.digest}"]},
            }
        ),
    )
    manifest = _Blob(
        "manifest.v1+json",
        _json(
            {
                "schemaVersion": 2,
                "mediaType": f"{OCI_MEDIA_TYPE}.manifest.v1+json",
                "config": config.descriptor,
                "layers": [layer.descriptor],
            }
        ),
    )
    named = {
        **manifest.descriptor,
        "platform": {"architecture": kind, "os": "linux"},
        "annotations": {"io.containerd.image.name": REFERENCE, "org.opencontainers.image.ref.name": "1"},
    }
    files = [
        ("oci-layout", _json({"imageLayoutVersion": "1.0.0"}), ""),
        ("index.json", _json({"schemaVersion": 2, "manifests": [named]}), ""),
        *((f"blobs/sha256/{blob.digest}", blob.content, "") for blob in (layer, config, manifest)),
    ]
    return _tar(files)


def architecture(machine: str) -> str:
    """Return the name that images use for an architecture as ``uname -m`` tells it."""
    return _ARCHITECTURES.get(machine, machine)


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _tar(files: list[tuple[str, bytes, str]]) -> bytes:
    """Return a tar of (name, content, link target); a name that ends in a slash is a directory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content, target in files:
            member = tarfile.TarInfo(name.rstrip("/"))
            member.mode = 0o755
            member.size = len(content)
            if target:
                member.type, member.linkname = tarfile.SYMTYPE, target
            elif name.endswith("/"):
                member.type = tarfile.DIRTYPE
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()
