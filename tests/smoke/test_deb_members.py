"""Debian packages whose members are not those that deb(5) names, and packages that ``dpkg-deb`` and ``ar`` made."""

from __future__ import annotations

import bz2
import gzip
import lzma
import subprocess
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.debian.package_file import PackageFile

from tests.smoke.tars import Block, archive
from tracker.errors import UnpackError
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FORMAT = (b"debian-binary", b"2.0\n")
_CONTROL = (b"control.tar", b"never looked at")
_DATA = (b"data.tar", archive(Block(name=b"./usr/bin/tool", content=b"tool")))


def _package(*members: tuple[bytes, bytes]) -> bytes:
    made = b"!<arch>\n"
    for name, content in members:
        head = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8)
        made += head + str(len(content)).encode().ljust(10) + b"`\n" + content + b"\n" * (len(content) % 2)
    return made


def _unpack(tmp_path: Path, package: bytes) -> Path:
    path, root = tmp_path / "0123456789abcdef", tmp_path / "outside/prefix"
    path.write_bytes(package)
    root.mkdir(parents=True)
    PackageFile("tool_1_amd64.deb", path).unpack(PrefixUnpacker(root))
    return root


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        pytest.param([], "no debian-binary", id="empty"),
        pytest.param([_FORMAT], r"holds no control\.tar", id="no control"),
        pytest.param([_FORMAT, _CONTROL], r"holds no data\.tar", id="no data"),
        pytest.param([_FORMAT, _DATA], r"'data\.tar' is where control\.tar belongs", id="data first"),
        pytest.param([_CONTROL, _FORMAT, _DATA], "is where debian-binary belongs", id="format later"),
        pytest.param([_FORMAT, _DATA, _CONTROL], r"is where control\.tar belongs", id="wrong order"),
        pytest.param([_FORMAT, _CONTROL, (b"extra", b""), _DATA], r"'extra' is where data\.tar belongs", id="extra"),
        pytest.param([_FORMAT, _CONTROL, _DATA, (b"extra", b"")], r"'extra' lies behind data\.tar", id="behind"),
        pytest.param([_FORMAT, _CONTROL, _DATA, _DATA], r"'data\.tar' lies behind", id="twice the data"),
        pytest.param([_FORMAT, _CONTROL, _CONTROL, _DATA], r"is where data\.tar belongs", id="twice the control"),
        pytest.param([_FORMAT, _CONTROL, (b"data.tar.lz", b"")], r"'data\.tar\.lz' is where", id="compression"),
        pytest.param([_FORMAT, _CONTROL, (b"../data.tar", b"")], r"'\.\./data\.tar' is where", id="path"),
        pytest.param([_FORMAT, _CONTROL, (b"#1/8", b"data.tar")], "'#1/8' is where", id="name as BSD writes it"),
        pytest.param([(b"debian-binary", b"3.0\n"), _CONTROL, _DATA], r"unknown format, '3\.0", id="format 3"),
        pytest.param([(b"debian-binary", b""), _CONTROL, _DATA], "unknown format, ''", id="no format"),
        pytest.param([(b"debian-binary", b"2.0"), _CONTROL, _DATA], "unknown format", id="format without a line"),
        pytest.param([_FORMAT, _CONTROL, (b"data.tar.gz", _DATA[1])], "cannot be decompressed", id="no gz"),
        pytest.param([_FORMAT, _CONTROL, (b"data.tar", _DATA[1] + b"x")], "behind its end", id="more behind the tar"),
        pytest.param([_FORMAT, _CONTROL, (b"data.tar", _DATA[1][:700])], "ends in the middle", id="cut tar"),
        pytest.param([_FORMAT, _CONTROL, (b"data.tar", archive(Block(name=b"c:x")))], "drive letter", id="drive"),
        pytest.param(
            [_FORMAT, _CONTROL, (b"data.tar", archive(Block(name=b"a\\..\\..\\x")))], r"'\.\.' in its path", id="climbs"
        ),
        pytest.param(
            [_FORMAT, _CONTROL, (b"data.tar", archive(Block(name=b"l", kind=b"2", target=b"..\\x")))],
            "reads otherwise",
            id="link with backslashes",
        ),
        pytest.param(
            [_FORMAT, _CONTROL, (b"data.tar", archive(Block(name=b"a"), Block(name=b"./a")))], "collides", id="twice"
        ),
    ],
)
def test_a_package_with_other_members_is_refused_by_its_name(
    members: list[tuple[bytes, bytes]], rule: str, tmp_path: Path
) -> None:
    with pytest.raises(UnpackError, match=rf"^tool_1_amd64\.deb: (?s:.*)(?:{rule})") as caught:
        _unpack(tmp_path, _package(*members))

    assert caught.value.hint
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["prefix"]


@pytest.mark.parametrize("cut", [1, 3, 100, 600, 1700])
def test_a_package_that_ends_early_is_refused(cut: int, tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match=r"tool_1_amd64\.deb"):
        _unpack(tmp_path, _package(_FORMAT, _CONTROL, _DATA)[:-cut])


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        (b"", bytes),
        (b".gz", gzip.compress),
        (b".xz", lzma.compress),
        (b".bz2", bz2.compress),
        (b".lzma", lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE)),
    ],
)
def test_a_package_of_any_compression_is_unpacked(
    ending: bytes, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    root = _unpack(tmp_path, _package(_FORMAT, _CONTROL, (b"data.tar" + ending, pack(_DATA[1]))))

    assert (root / "usr/bin/tool").read_bytes() == b"tool"


def test_a_signature_and_names_as_gnu_writes_them_are_no_obstacle(tmp_path: Path) -> None:
    members = [(b"debian-binary/", b"2.0\n"), (b"control.tar/", b""), (b"_more/", b"x"), (b"data.tar/", _DATA[1])]

    root = _unpack(tmp_path, _package(*members, (b"_gpgorigin", b"signature")))

    assert (root / "usr/bin/tool").exists()


def test_names_that_windows_alone_confuses_are_allowed_in_packages(tmp_path: Path) -> None:
    names = [
        "usr/share/man/man3/Foo::Bar.3pm",
        "lib/systemd/system/system-systemd\\x2dcryptsetup.slice",
        "usr/lib/xtables/libxt_TCPMSS.so",
        "usr/lib/xtables/libxt_tcpmss.so",
        "usr/include/aux.h",
        "usr/share/x/dot.",
    ]

    root = _unpack(
        tmp_path,
        _package(_FORMAT, _CONTROL, (b"data.tar", archive(*(Block(name=f"./{name}".encode()) for name in names)))),
    )

    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()) == sorted(names)


@pytest.mark.parametrize("kind", ["none", "gzip", "xz", "zstd"])
def test_what_dpkg_deb_and_ar_make_is_unpacked(kind: str, tmp_path: Path, needs: Callable[[str], None]) -> None:
    needs("dpkg-deb")
    needs("ar")
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    control = "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: d\n"
    (tree / "DEBIAN/control").write_text(control, encoding="utf-8")
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/tool").write_bytes(b"tool" * 999)
    made = tmp_path / "p.deb"
    done = subprocess.run(["dpkg-deb", f"-Z{kind}", "--build", tree, made], capture_output=True, text=True, check=False)
    if kind == "zstd" and done.returncode:
        pytest.skip("this dpkg-deb knows no zstd")
    assert done.returncode == 0, done.stderr
    (tmp_path / "parts").mkdir()
    subprocess.run(["ar", "x", made], cwd=tmp_path / "parts", check=True)
    parts = sorted(path.name for path in (tmp_path / "parts").iterdir() if path.name != "debian-binary")
    order = ["debian-binary", *parts]
    subprocess.run(["ar", "rcS", tmp_path / "again.deb", *order], cwd=tmp_path / "parts", check=True)

    for number, package in enumerate((made, tmp_path / "again.deb")):
        (tmp_path / str(number)).mkdir()
        root = _unpack(tmp_path / str(number), package.read_bytes())
        assert (root / "usr/bin/tool").read_bytes() == b"tool" * 999
        assert not (root / "DEBIAN").exists()
