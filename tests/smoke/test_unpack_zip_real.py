"""Zip archives that other programs made."""

from __future__ import annotations

import filecmp
import io
import os
import stat
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.smoke.zips import assert_refused, unzip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    (root / "bin").mkdir()
    (root / "bin/containerd.exe").write_bytes(b"MZ" + os.urandom(300_000) + bytes(300_000))
    (root / "empty.txt").write_bytes(b"")
    (root / "LICENSE").write_text("a licence\n" * 999, encoding="utf-8")
    return root


def _info_zip(tree: Path, *options: str, way: str = "file") -> bytes:
    """Return what the program packs; into a pipe it writes sizes and checksums behind each member."""
    packed = tree.parent / f"{tree.name}.zip"
    argv = ["zip", "-q", "-r", *options, "-" if way == "pipe" else str(packed), "."]
    done = subprocess.run(argv, cwd=tree, check=True, stdout=subprocess.PIPE)
    return done.stdout if way == "pipe" else packed.read_bytes()


def _assert_same(left: Path, right: Path) -> None:
    compared = filecmp.dircmp(left, right)
    assert not compared.left_only
    assert not compared.right_only
    assert filecmp.cmpfiles(left, right, compared.common_files, shallow=False)[1:] == ([], [])
    for name in compared.common_dirs:
        _assert_same(left / name, right / name)


@pytest.mark.parametrize(
    ("options", "way"),
    [(["-6"], "file"), (["-0"], "file"), (["-9", "-X"], "file"), (["-D"], "file"), (["-6"], "pipe"), (["-1"], "pipe")],
)
def test_what_info_zip_packs_is_unpacked(
    options: list[str], way: str, tree: Path, tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("zip")

    _assert_same(tree, unzip(tmp_path, _info_zip(tree, *options, way=way)))


def test_what_info_zip_encrypts_is_refused(tree: Path, tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("zip")

    root = assert_refused(tmp_path, _info_zip(tree, "-P", "secret"), "is encrypted")

    assert list(root.iterdir()) == []


def test_a_symbolic_link_that_info_zip_keeps_is_refused(
    tree: Path, tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("zip")
    (tree / "link").symlink_to("/etc")

    assert_refused(tmp_path, _info_zip(tree, "-y"), "member 'link': is a symbolic link")


def test_what_info_zip_packs_by_bzip2_is_refused(tree: Path, tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("zip")

    assert_refused(tmp_path, _info_zip(tree, "-Z", "bzip2"), "method 12")


def test_an_archive_that_unpacks_itself_is_refused(tree: Path, tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("zip")
    packed = tmp_path.parent / f"{tmp_path.name}.zip"
    packed.write_bytes(b"MZ" + bytes(5000) + _info_zip(tree))
    # Corrects the offsets for what stands in front of the archive.
    subprocess.run(["zip", "-q", "-A", packed], check=True, stdout=subprocess.DEVNULL)

    assert_refused(tmp_path, packed.read_bytes(), "something else in front of it")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_python_packs_is_unpacked(method: int, tree: Path, tmp_path: Path) -> None:
    (tree / "bin/ünïcode.exe").write_bytes(b"MZ")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for path in sorted(tree.rglob("*")):
            archive.write(path, path.relative_to(tree))

    _assert_same(tree, unzip(tmp_path, out.getvalue()))


def test_sizes_of_64_bits_of_a_single_member_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("nat.exe", "w", force_zip64=True) as member:
        member.write(b"MZ")

    assert (unzip(tmp_path, out.getvalue()) / "nat.exe").read_bytes() == b"MZ"


@pytest.mark.skipif(os.name == "nt", reason="Windows tells by its name whether a file can be executed")
def test_files_packed_without_permissions_can_be_executed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("nat.exe")
        info.create_system, info.external_attr = 0, 0x20
        archive.writestr(info, b"MZ")
        # What Info-ZIP keeps of a file without permissions, packed on Linux.
        info = zipfile.ZipInfo("sdnbridge.exe")
        info.create_system, info.external_attr = 3, 0o100644 << 16
        archive.writestr(info, b"MZ")

    root = unzip(tmp_path, out.getvalue())

    masked = os.umask(0)
    os.umask(masked)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in root.iterdir()}
    assert modes == {0o755 & ~masked}
