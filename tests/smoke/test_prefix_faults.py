"""An installation that ends in the middle, by a refusal, a full disk or a kill, leaves nothing that is used later."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.archives.installer import ArchiveInstaller

from tests.smoke.tars import Block, archive
from tracker.errors import UnpackError
from tracker.model import Component, Release
from tracker.smoke.artifacts import ArtifactCache
from tracker.smoke.prefixes import Prefixes, PrefixPlan, is_complete
from tracker.smoke.stagings import Stagings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.http import Client
    from tracker.model import Asset

_INSTALLING = textwrap.dedent(
    """
    import hashlib, sys
    from pathlib import Path
    from tracker.errors import TrackerError
    from tracker.http import Client
    from tracker.model import Asset, AssetRole, Component, Release
    from tracker.plugins.archives.installer import ArchiveInstaller
    from tracker.protocols import NetworkSettings
    from tracker.smoke.artifacts import ArtifactCache
    from tracker.smoke.prefixes import Prefixes, PrefixPlan

    class Installer(ArchiveInstaller):
        def install(self, request):
            super().install(request)
            if "wait" in sys.argv:
                print("unpacked", flush=True)
                sys.stdin.read()

    def main():
        path, home = Path(sys.argv[1]), Path(sys.argv[2])
        data = path.read_bytes()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        asset = Asset(name=path.name, url=path.as_uri(), size=len(data), digest=digest, role=AssetRole.MAIN)
        component = Component(name="tool", title="", source="", scheme="", installer="archive")
        release = Release(component="tool", version="1", upstream_version="1", line="", channel="", assets=(asset,))
        plan = PrefixPlan(component=component, release=release, installer=Installer())
        cache = ArtifactCache(path.parent / "cache", Client(NetworkSettings()))
        try:
            print(Prefixes(home / "prefixes", cache).ensure(plan))
        except TrackerError as error:
            sys.exit(str(error))
    """
)


_MAIN = "import installing; installing.main()"


@pytest.fixture
def installing(tmp_path: Path) -> dict[str, str]:
    """Return the environment in which a process finds the module ``installing``."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/installing.py").write_text(_INSTALLING, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(tmp_path / "modules")}


@pytest.fixture
def plan_of(tmp_path: Path, asset_of: Callable[[Path], Asset]) -> Callable[[bytes], PrefixPlan]:
    """Return what plans the installation of a tar with these bytes."""

    def make(data: bytes) -> PrefixPlan:
        path = tmp_path / "tool.tar"
        path.write_bytes(data)
        component = Component(name="tool", title="", source="", scheme="", installer="archive")
        release = Release(
            component="tool", version="1", upstream_version="1", line="", channel="", assets=(asset_of(path),)
        )
        return PrefixPlan(component=component, release=release, installer=ArchiveInstaller())

    return make


@pytest.fixture
def prefixes(tmp_path: Path, http: Client) -> Prefixes:
    return Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http))


def _files_below(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def test_a_refusal_at_the_last_member_keeps_nothing_of_those_before(
    prefixes: Prefixes, plan_of: Callable[[bytes], PrefixPlan], tmp_path: Path
) -> None:
    blocks = [Block(name=b"bin/%d" % number, content=b"x" * 1000) for number in range(50)]

    with pytest.raises(UnpackError, match=r"tool 1: tool\.tar: .*member '\.\./out'"):
        prefixes.ensure(plan_of(archive(*blocks, Block(name=b"../out"))))

    assert _files_below(tmp_path / "prefixes") == [".staging/lock"]


def test_what_a_killed_installation_left_is_swept_by_the_next_one(
    plan_of: Callable[[bytes], PrefixPlan], tmp_path: Path, http: Client, installing: dict[str, str]
) -> None:
    plan = plan_of(archive(Block(name=b"bin/tool", content=b"tool")))
    command = [sys.executable, "-c", _MAIN, str(tmp_path / "tool.tar"), str(tmp_path), "wait"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=installing) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "unpacked\n"
        # Another process at work in the same home leaves alone what is being built.
        other = Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http))
        path = other.ensure(plan)
        assert any(name.endswith("tree/bin/tool") for name in _files_below(tmp_path / "prefixes"))
        killed.send_signal(signal.SIGKILL)
    left = _files_below(tmp_path / "prefixes")

    again = Prefixes(tmp_path / "prefixes", ArtifactCache(tmp_path / "cache", http)).ensure(plan)

    assert any(name.endswith("tree/bin/tool") for name in left)
    assert again == path
    assert is_complete(again)
    assert [name for name in _files_below(tmp_path / "prefixes") if name.startswith(".")] == [".staging/lock"]


def test_a_full_disk_is_told_and_leaves_no_prefix(
    plan_of: Callable[[bytes], PrefixPlan], tmp_path: Path, installing: dict[str, str]
) -> None:
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system in a namespace of its own, on Linux")
    plan_of(archive(*(Block(name=b"bin/%d" % number, content=os.urandom(90_000)) for number in range(9))))
    (tmp_path / "home").mkdir()
    script = (
        'mount -t tmpfs -o size=512k tmpfs "$2/home" && '
        '{ "$0" -c "$3" "$1" "$2/home"; echo "exit $?"; find "$2/home" -type f; }'
    )
    command = ["unshare", "--mount", "sh", "-c", script, sys.executable]

    done = subprocess.run(
        [*command, str(tmp_path / "tool.tar"), str(tmp_path), _MAIN],
        capture_output=True,
        text=True,
        check=False,
        env=installing,
    )

    assert "tool 1: tool.tar: " in done.stderr
    assert "member 'bin/5': cannot be unpacked: No space left on device" in done.stderr
    assert "Free space" in done.stderr
    assert done.stdout.splitlines() == ["exit 1", f"{tmp_path}/home/prefixes/.staging/lock"]


def test_parts_of_downloads_are_swept_unless_somebody_downloads_them(
    prefixes: Prefixes, plan_of: Callable[[bytes], PrefixPlan], tmp_path: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    directory = tmp_path / "cache/sha256/ab"
    directory.mkdir(parents=True)
    dead, alive = f"{'ab' * 32}.{ended.pid}", f"{'cd' * 32}.{os.getppid()}"
    for name in (dead, f"{dead}.part", f"{dead}.part.etag", f"{alive}.part", "ab" * 32, f"{'ab' * 32}.corrupt"):
        (directory / name).touch()

    prefixes.ensure(plan_of(archive(Block(name=b"x"))))

    assert {path.name for path in directory.iterdir() if path.stat().st_size == 0} == {
        f"{alive}.part",
        "ab" * 32,
        f"{'ab' * 32}.corrupt",
    }


def test_a_staging_directory_is_gone_however_its_installation_ends(tmp_path: Path) -> None:
    stagings = Stagings(tmp_path / "stagings")

    def build() -> None:
        with stagings.make() as tree:
            (tree / "file").touch()
            assert stagings.sweep() == []
            assert (tree / "file").exists()
            message = "halfway"
            raise ValueError(message)

    with pytest.raises(ValueError, match="halfway"):
        build()

    assert _files_below(tmp_path) == ["stagings/lock"]
    assert stagings.sweep() == []
    assert Stagings(tmp_path / "none").sweep() == []
