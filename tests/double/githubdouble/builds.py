"""Small real archives and checksum files, made the same at every build so that their digests stay."""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_zip(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of files at its top."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def build_tar_gz(members: Mapping[str, bytes]) -> bytes:
    """Return a gzipped tar of files, all executable."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in sorted(members.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def checksum_lines(digests: Mapping[str, str]) -> bytes:
    """Return what ``sha256sum`` prints for files: name -> ``sha256:<hex>`` or ``sha512:<hex>``."""
    return "".join(f"{digest.partition(':')[2]}  {name}\n" for name, digest in digests.items()).encode()


@functools.cache
def build_file(name: str, version: str) -> bytes:
    """Return bytes for a file of that name: an archive of the programs that such a file holds, or a program."""
    programs = {program: f"{program} {version}, a stand-in without function\n".encode() for program in _programs(name)}
    if name.endswith(".zip"):
        return build_zip(programs)
    if name.endswith((".tar.gz", ".tgz")):
        return build_tar_gz(programs)
    return b"".join(programs.values())


def sha512_of(content: bytes) -> str:
    """Return ``sha512:<hex>`` of some bytes."""
    return "sha512:" + hashlib.sha512(content).hexdigest()


def _programs(name: str) -> tuple[str, ...]:
    if name.startswith("windows-container-networking"):
        return ("nat.exe", "sdnbridge.exe", "sdnoverlay.exe")
    is_windows, suffix = "windows" in name, ".exe" if "windows" in name else ""
    if name.startswith("cni-plugins"):
        return ("host-local.exe", "win-bridge.exe", "win-overlay.exe") if is_windows else ("bridge", "host-local")
    if name.startswith("nerdctl"):
        return (f"nerdctl{suffix}",)
    if "containerd-" in name:
        shim = "containerd-shim-runhcs-v1.exe" if is_windows else "containerd-shim-runc-v2"
        return (f"bin/containerd{suffix}", f"bin/ctr{suffix}", f"bin/{shim}")
    return (name,)
