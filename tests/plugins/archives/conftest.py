"""Programs for Windows, archives of them as upstreams lay them out, and the real way into a prefix."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tracker.http import Client
from tracker.model import Asset, AssetRole, Component, Release
from tracker.protocols import NetworkSettings
from tracker.registry import build_registry
from tracker.smoke.artifacts import ArtifactCache
from tracker.smoke.prefixes import Prefixes, PrefixPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_COMPILER = "x86_64-w64-mingw32-gcc"
_SOURCE = '#include <stdio.h>\nint main(void) { puts("%s"); return 0; }\n'


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Return what makes the bytes of a program: a genuine one for Windows where a compiler is there."""
    directory = tmp_path_factory.mktemp("programs")
    made: dict[str, bytes] = {}

    def make(name: str) -> bytes:
        if name not in made:
            source, built = directory / "main.c", directory / name
            source.write_text(_SOURCE % name, encoding="utf-8")
            if shutil.which(_COMPILER):
                subprocess.run([_COMPILER, "-s", "-o", built, source], check=True)
                made[name] = built.read_bytes()
            else:
                made[name] = b"MZ" + hashlib.sha256(name.encode()).digest() * 999
        return made[name]

    return make


@pytest.fixture
def tree(tmp_path: Path, program: Callable[[str], bytes]) -> Callable[..., Path]:
    """Return what lays out a directory of programs (``*.exe``) and texts by their paths."""

    def lay_out(*paths: str) -> Path:
        root = tmp_path / "layout"
        root.mkdir()
        for path in paths:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            name = file.name
            file.write_bytes(program(name) if name.endswith(".exe") else f"This is {name}.\n".encode())
            file.chmod(0o755 if name.endswith(".exe") else 0o644)
        return root

    return lay_out


def packed_tar(tree: Path, archive: Path, option: str, *names: str) -> Path:
    """Pack ``names`` below ``tree`` by the machine's own tar."""
    subprocess.run(["tar", option, "-cf", archive, "--owner=0", "--group=0", "-C", tree, *names], check=True)
    return archive


def packed_zip(tree: Path, archive: Path) -> Path:
    """Pack all files below ``tree`` without their directories, as ``zip -j`` does, which is taken where it is there."""
    if shutil.which("zip"):
        subprocess.run(["zip", "-q", "-j", "-r", archive, "."], cwd=tree, check=True)
        return archive
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(tree.rglob("*.*")):
            out.write(path, path.name)
    return archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Installs files of this machine as releases of bundled components, through the host's cache and prefixes."""

    prefixes: Prefixes

    def install(self, component: str | Component, *files: Path, roles: Sequence[AssetRole] = ()) -> Path:
        """Return the prefix; the first file has the first role, and so on; what has none is the release's own."""
        registry = build_registry()
        owner = registry.components[component] if isinstance(component, str) else component
        padded = [*roles, *[AssetRole.MAIN] * (len(files) - len(roles))]
        release = Release(
            component=owner.name,
            version="1.0.0",
            upstream_version="1.0.0",
            line="1.0",
            channel="test",
            assets=tuple(_asset(path, role) for path, role in zip(files, padded, strict=True)),
        )
        installer = registry.installers["archive"]
        return self.prefixes.ensure(PrefixPlan(component=owner, release=release, installer=installer))


def _asset(path: Path, role: AssetRole) -> Asset:
    data = path.read_bytes()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return Asset(name=path.name, url=path.as_uri(), size=len(data), digest=digest, role=role)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Client(NetworkSettings(timeout_seconds=5)) as http:
        yield Shop(prefixes=Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http)))


@pytest.fixture
def needs() -> Callable[[str], None]:
    """Return what skips a test where a program of the machine is missing."""

    def check(program: str) -> None:
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")

    return check
