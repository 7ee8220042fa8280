"""Archives and files for the tests of the smoke."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tracker.config import NetworkConfig
from tracker.http import Client
from tracker.model import Asset, AssetRole
from tracker.smoke.unpack import Bounds, PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a tar that a test makes."""

    name: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644


def make_tar(members: Sequence[Member], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for member in members:
            info = tarfile.TarInfo(member.name)
            info.type, info.linkname, info.mode, info.size = (
                member.kind,
                member.target,
                member.mode,
                len(member.content),
            )
            archive.addfile(info, io.BytesIO(member.content))
    return out.getvalue()


@pytest.fixture
def tar() -> Callable[..., bytes]:
    """Return what makes the bytes of a tar from keyword descriptions of its members."""

    def make(*members: dict[str, object], mode: str = "w") -> bytes:
        return make_tar([Member(**member) for member in members], mode)  # type: ignore[arg-type]

    return make


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[..., Path]:
    """Return what unpacks bytes below a fresh directory and returns that directory."""
    root = tmp_path / "outside" / "prefix"
    root.mkdir(parents=True)

    def run(data: bytes, *, compression: str = "", bounds: Bounds | None = None) -> Path:
        PrefixUnpacker(root, bounds).tar(io.BytesIO(data), compression=compression)
        return root

    return run


@pytest.fixture
def http() -> Iterator[Client]:
    """Return the product's own client; the tests' assets are files of this machine."""
    client = Client(NetworkConfig(timeout_seconds=5))
    yield client
    client.close()


@pytest.fixture
def asset_of() -> Callable[..., Asset]:
    """Return what describes a file as an asset with its true digest."""

    def describe(path: Path, *, role: AssetRole = AssetRole.MAIN) -> Asset:
        data = path.read_bytes()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return Asset(name=path.name, url=path.as_uri(), size=len(data), digest=digest, role=role)

    return describe


@pytest.fixture
def needs() -> Callable[[str], None]:
    """Return what skips a test where a program of the machine is missing."""

    def check(program: str) -> None:
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")

    return check
