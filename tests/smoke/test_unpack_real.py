"""Archives made by the machine's own programs, and broken ``ar`` archives."""

from __future__ import annotations

import filecmp
import io
import subprocess
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UnpackError
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/tool").write_bytes(b"\x7fELF" + bytes(5000))
    (root / "usr/bin/tool").chmod(0o755)
    (root / "usr/bin/again").hardlink_to(root / "usr/bin/tool")
    (root / "usr/bin/link").symlink_to("tool")
    (root / f"usr/{'long' * 40}").write_text("a long name", encoding="utf-8")
    (root / "usr/bin/ünïcode").write_text("a name beyond ASCII", encoding="utf-8")
    return root


def _assert_same(left: Path, right: Path) -> None:
    compared = filecmp.dircmp(left, right)
    assert not compared.left_only
    assert not compared.right_only
    assert not compared.diff_files
    for name in compared.common_dirs:
        _assert_same(left / name, right / name)


@pytest.mark.parametrize("form", ["gnu", "pax", "ustar"])
@pytest.mark.parametrize("compression", ["", "gz", "xz", "bz2"])
def test_what_tar_packs_is_unpacked(
    form: str, compression: str, tree: Path, tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("tar")
    needs({"": "tar", "gz": "gzip", "xz": "xz", "bz2": "bzip2"}[compression])
    option = {"": [], "gz": ["-z"], "xz": ["-J"], "bz2": ["-j"]}[compression]
    if form == "ustar":
        next(tree.glob("usr/long*")).unlink()
    packed = tmp_path / "packed"
    subprocess.run(["tar", f"--format={form}", "-cf", packed, *option, "-C", tree, "."], check=True)
    root = tmp_path / "root"
    root.mkdir()

    with packed.open("rb") as stream:
        written = PrefixUnpacker(root).tar(stream, compression=compression)

    assert "./usr/bin/tool" in written
    _assert_same(tree, root)
    assert (root / "usr/bin/again").samefile(root / "usr/bin/tool")


@pytest.mark.parametrize("compression", ["none", "gzip", "xz"])
def test_what_dpkg_packs_is_unpacked(
    compression: str, tree: Path, tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("dpkg-deb")
    (tree / "DEBIAN").mkdir()
    control = "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: d\n"
    (tree / "DEBIAN/control").write_text(control, encoding="utf-8")
    package = tmp_path / "p_1_all.deb"
    subprocess.run(["dpkg-deb", f"-Z{compression}", "--build", tree, package], check=True, capture_output=True)
    root = tmp_path / "root"
    root.mkdir()
    unpacker = PrefixUnpacker(root)

    for name, stream in unpacker.ar_members(package):
        if name.startswith("data.tar"):
            unpacker.tar(stream, compression=name.removeprefix("data.tar").lstrip("."))

    (tree / "DEBIAN/control").unlink()
    (tree / "DEBIAN").rmdir()
    _assert_same(tree, root)


def test_zstd_is_refused_by_name_where_python_cannot_read_it(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match=r"zst|decompressed|tar archive"):
        PrefixUnpacker(tmp_path).tar(io.BytesIO(b"\x28\xb5\x2f\xfd"), compression="zst")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"", "no ar archive", id="empty"),
        pytest.param(b"!<arch>\nshort", "broken ar header", id="short header"),
        pytest.param(b"!<arch>\n" + b"x" * 60, "broken ar header", id="no end mark"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"ten".ljust(10) + b"`\n", "no number", id="size"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"-1".ljust(10) + b"`\n", "no number", id="negative size"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"99".ljust(10) + b"`\nxy", "in the middle", id="cut off"),
    ],
)
def test_a_broken_ar_archive_is_refused(data: bytes, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.deb"
    path.write_bytes(data)

    with pytest.raises(UnpackError, match=rule):
        list(PrefixUnpacker(tmp_path).ar_members(path))


def test_members_that_are_not_read_are_skipped(tmp_path: Path) -> None:
    header = b"%s" % b"a".ljust(48) + b"3".ljust(10) + b"`\nabc\n"
    path = tmp_path / "two.ar"
    path.write_bytes(b"!<arch>\n" + header + header.replace(b"a".ljust(48), b"b/".ljust(48)))

    assert [name for name, _ in PrefixUnpacker(tmp_path).ar_members(path)] == ["a", "b"]


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match=r"gone\.deb"):
        list(PrefixUnpacker(tmp_path).ar_members(tmp_path / "gone.deb"))
