"""Archives made by the machine's own programs, and broken ``ar`` archives."""

from __future__ import annotations

import ensurepip
import filecmp
import io
import shlex
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UnpackError
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable


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


_COMMANDS = {
    "old GNU": ("", "tar --format=oldgnu -cf {to} ."),
    "V7": ("", "tar --format=v7 -cf {to} ."),
    "sorted by name, of nobody": ("gz", "tar --sort=name --owner=0 --numeric-owner --mtime=@-5 -czf {to} ."),
    "members named": ("", "tar -cf {to} usr"),
    "large blocks": ("", "tar -b 2048 -cf {to} ."),
    "lzma": ("lzma", "sh -c 'tar -c . | lzma -c >{to}'"),
    "zstd": ("zst", "tar --zstd -cf {to} ."),
    "zstd in parallel": ("zst", "sh -c 'tar -c . | pzstd -q -c >{to}'"),
    "zstd with a large window": ("zst", "sh -c 'tar -c . | zstd -q --ultra -22 -c >{to}'"),
    "gzip in two streams": (
        "gz",
        "sh -c 'tar -c . >{to}.t; (head -c 999 {to}.t | gzip; tail -c +1000 {to}.t | gzip) >{to}'",
    ),
    "xz in blocks": ("xz", "sh -c 'tar -c . | xz -T2 --block-size=4096 >{to}'"),
    "xz of most memory": ("xz", "sh -c 'tar -c . | xz -9e >{to}'"),
    "bsdtar, pax": ("", "bsdtar --format=pax -cf {to} ."),
    "bsdtar, restricted pax": ("xz", "bsdtar -cJf {to} ."),
    "bsdtar, GNU": ("", "bsdtar --format=gnutar -cf {to} ."),
    "bsdtar, ustar": ("gz", "bsdtar --format=ustar -czf {to} ."),
    "bsdtar, zstd": ("zst", "bsdtar --zstd -cf {to} ."),
    "cpio": ("", "sh -c 'find . | cpio --quiet -o -H ustar >{to}'"),
}


@pytest.mark.parametrize("way", _COMMANDS)
def test_what_other_programs_pack_is_unpacked(
    way: str, tree: Path, tmp_path: Path, needs: Callable[[str], None]
) -> None:
    compression, command = _COMMANDS[way]
    for program in ("pzstd", "zstd", "xz", "bsdtar", "cpio", "lzma"):
        if program in command:
            needs(program)
    if any(sign in way for sign in ("V7", "old GNU", "ustar", "cpio")):
        next(tree.glob("usr/long*")).unlink()
    packed, root = tmp_path / "packed", tmp_path / "root"
    root.mkdir()
    subprocess.run(shlex.split(command.replace("{to}", str(packed))), cwd=tree, check=True)

    with packed.open("rb") as stream:
        PrefixUnpacker(root).tar(stream, compression=compression)

    _assert_same(tree, root)
    assert (root / "usr/bin/link").readlink().as_posix() == "tool"


def test_what_7z_packs_is_unpacked(tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("7z")
    (tmp_path / "tree/bin").mkdir(parents=True)
    (tmp_path / "tree/bin/ctr.exe").write_bytes(b"MZ" * 5000)
    for form in ("tar", "zip"):
        packed, root = tmp_path / f"packed.{form}", tmp_path / form
        root.mkdir()
        subprocess.run(["7z", "a", f"-t{form}", packed, "bin"], cwd=tmp_path / "tree", check=True, capture_output=True)

        if form == "zip":
            PrefixUnpacker(root).zip(packed)
        else:
            PrefixUnpacker(root).tar(io.BytesIO(packed.read_bytes()), compression="")

        _assert_same(tmp_path / "tree", root)


def test_what_git_archives_is_unpacked(tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("git")
    work, root = tmp_path / "work", tmp_path / "root"
    work.mkdir()
    root.mkdir()
    (work / "file").write_text("kept", encoding="utf-8")
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=work, check=True)
    done = subprocess.run(["git", "archive", "--prefix=p-1/", "HEAD"], cwd=work, check=True, capture_output=True)

    PrefixUnpacker(root).tar(io.BytesIO(done.stdout), compression="")

    assert (root / "p-1/file").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("form", ["gnu", "pax", "pax --sparse-version=0.0", "pax --sparse-version=0.1"])
def test_a_sparse_file_that_tar_packs_is_refused_by_name(
    form: str, tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("tar")
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(1 << 20)
    command = f"tar --format={form} --sparse -cf packed holes"
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    root = tmp_path / "root"
    root.mkdir()

    with (tmp_path / "packed").open("rb") as stream, pytest.raises(UnpackError, match="is a sparse file") as caught:
        PrefixUnpacker(root).tar(stream, compression="")

    assert "member" in str(caught.value)


def test_a_wheel_is_unpacked(tmp_path: Path) -> None:
    wheels = sorted(Path(ensurepip.__file__).parent.glob("_bundled/*.whl")) or sorted(
        Path("/usr/share/python-wheels").glob("*.whl")
    )
    if not wheels:
        pytest.skip("needs the wheels that come with Python's ensurepip")
    for number, wheel in enumerate(wheels):
        root = tmp_path / str(number)
        root.mkdir()

        written = PrefixUnpacker(root).zip(wheel)

        with zipfile.ZipFile(wheel) as archive:
            assert [name.rstrip("/") for name in archive.namelist()] == list(written)
            assert all((root / name).read_bytes() == archive.read(name) for name in written if (root / name).is_file())


def test_zstd_that_is_none_or_wants_much_memory_is_refused(tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("zstd")
    with pytest.raises(UnpackError, match="cannot be decompressed"):
        PrefixUnpacker(tmp_path).tar(io.BytesIO(b"\x28\xb5\x2f\xfd"), compression="zst")
    command = ["zstd", "-q", "-c", "--long=30"]
    data = subprocess.run(command, input=bytes(1 << 20), check=True, capture_output=True).stdout

    with pytest.raises(UnpackError, match="cannot be decompressed"):
        PrefixUnpacker(tmp_path).tar(io.BytesIO(data), compression="zst")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"", "no ar archive", id="empty"),
        pytest.param(b"!<arch>\nshort", "broken ar header", id="short header"),
        pytest.param(b"!<arch>\n" + b"x" * 60, "broken ar header", id="no end mark"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"ten".ljust(10) + b"`\n", "no number", id="size"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"-1".ljust(10) + b"`\n", "no number", id="negative size"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"99".ljust(10) + b"`\nxy", "in the middle", id="cut off"),
        pytest.param(b"!<arch>\n" + b"//".ljust(48) + b"2".ljust(10) + b"`\nxy", "that is none", id="long names"),
        pytest.param(b"!<arch>\n" + b"/".ljust(48) + b"2".ljust(10) + b"`\nxy", "that is none", id="symbols"),
        pytest.param(b"!<arch>\n" + b" ".ljust(48) + b"2".ljust(10) + b"`\nxy", "that is none", id="no name"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"1".ljust(10) + b"`\nxy", "between 'a' and", id="no padding"),
        pytest.param(b"!<arch>\n" + b"a".ljust(48) + b"2".ljust(10) + b"`\nxyz", "broken ar header", id="more"),
        pytest.param(b"!<arch>\n" + (b"a".ljust(48) + b"0".ljust(10) + b"`\n") * 1001, "1000 members", id="many"),
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
