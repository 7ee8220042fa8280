"""Every rule of unpacking, each broken by one archive; nothing outside the prefix may change."""

from __future__ import annotations

import io
import os
import stat
import struct
import tarfile
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UnpackError
from tracker.smoke.unpack import Bounds, PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SYM, _HARD, _DIR = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        pytest.param([{"name": "/etc/passwd"}], "absolute path", id="absolute path"),
        pytest.param([{"name": "a/../../b"}], r"'\.\.' in its path", id="climbs"),
        pytest.param([{"name": "a/.."}], r"'\.\.' in its path", id="climbs at the end"),
        pytest.param([{"name": "d", "kind": tarfile.CHRTYPE}], "character device", id="character device"),
        pytest.param([{"name": "d", "kind": tarfile.BLKTYPE}], "block device", id="block device"),
        pytest.param([{"name": "p", "kind": tarfile.FIFOTYPE}], "named pipe", id="pipe"),
        pytest.param([{"name": "x", "kind": _SYM, "target": "../x"}], "leads out", id="link out"),
        pytest.param([{"name": "a/x", "kind": _SYM, "target": "../../b"}], "leads out", id="link out from below"),
        pytest.param([{"name": "x", "kind": _SYM, "target": "x"}], "in a circle", id="link to itself"),
        pytest.param(
            [{"name": "a", "kind": _SYM, "target": "b"}, {"name": "b", "kind": _SYM, "target": "a"}],
            "in a circle",
            id="two links in a circle",
        ),
        pytest.param(
            [
                {"name": "d/e/up", "kind": _SYM, "target": "../.."},
                {"name": "d/e/out", "kind": _SYM, "target": "up/../.."},
            ],
            "leads out",
            id="link out through another link, though its text stays inside",
        ),
        pytest.param(
            [
                {"name": "d/e/out", "kind": _SYM, "target": "up/../.."},
                {"name": "d/e/up", "kind": _SYM, "target": "../.."},
            ],
            "leads out",
            id="link out through a link that comes later",
        ),
        pytest.param(
            [{"name": "d", "kind": _SYM, "target": "e"}, {"name": "d/file", "content": b"x"}],
            "behind the symbolic link",
            id="file through a link",
        ),
        pytest.param([{"name": "h", "kind": _HARD, "target": "../x"}], r"'\.\.' in its path", id="hard link out"),
        pytest.param([{"name": "h", "kind": _HARD, "target": "/etc/passwd"}], "absolute", id="absolute hard link"),
        pytest.param([{"name": "h", "kind": _HARD, "target": "later"}], "no earlier file", id="hard link to nothing"),
        pytest.param(
            [{"name": "s", "kind": _SYM, "target": "/etc/passwd"}, {"name": "h", "kind": _HARD, "target": "s"}],
            "no earlier file",
            id="hard link to a symbolic link",
        ),
        pytest.param([{"name": "a"}, {"name": "a"}], "collides", id="twice the same file"),
        pytest.param([{"name": "a"}, {"name": "./a"}], "collides", id="twice the same file, spelt otherwise"),
        pytest.param([{"name": "a"}, {"name": "a/b"}], "collides", id="file below a file"),
        pytest.param([{"name": "a", "kind": _DIR}, {"name": "a"}], "collides", id="file over a directory"),
        pytest.param([{"name": "a", "kind": _SYM, "target": ""}], "to nothing", id="empty link"),
        pytest.param([{"name": "/".join("a" * 70)}], "directories deep", id="too deep"),
        pytest.param([{"name": "."}], "has no name", id="no name"),
        pytest.param([{"name": "n" * 300}], "has a name of 300 bytes", id="name too long for any file system"),
    ],
)
def test_a_hostile_member_is_refused_and_nothing_appears_outside(
    members: list[dict[str, object]], rule: str, tar: Callable[..., bytes], unpack: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(UnpackError, match=rule):
        unpack(tar(*members))

    assert {path.name for path in tmp_path.iterdir()} == {"outside"}
    assert {path.name for path in (tmp_path / "outside").iterdir()} == {"prefix"}


def test_a_refusal_names_archive_and_member(tar: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "evil.tar"
    path.write_bytes(tar({"name": "usr/../../x"}))
    root = tmp_path / "root"
    root.mkdir()

    with path.open("rb") as stream, pytest.raises(UnpackError) as caught:
        PrefixUnpacker(root).tar(stream, compression="")

    assert "evil.tar" in str(caught.value)
    assert "usr/../../x" in str(caught.value)


def test_an_absolute_link_is_read_from_the_root_of_the_tree(
    tar: Callable[..., bytes], unpack: Callable[..., Path]
) -> None:
    root = unpack(
        tar(
            {"name": "usr/bin/tool", "content": b"tool"},
            {"name": "usr/lib/x/link", "kind": _SYM, "target": "/usr/bin/tool"},
            {"name": "etc/dangling", "kind": _SYM, "target": "/etc/alternatives/none"},
        )
    )

    assert (root / "usr/lib/x/link").read_bytes() == b"tool"
    assert (root / "etc/dangling").readlink().as_posix() == "../etc/alternatives/none"


def test_special_bits_and_foreign_writers_are_dropped(tar: Callable[..., bytes], unpack: Callable[..., Path]) -> None:
    root = unpack(tar({"name": "su", "mode": 0o6777}, {"name": "quiet", "mode": 0o000}))

    assert stat.S_IMODE((root / "su").stat().st_mode) & ~0o755 == 0
    assert (root / "quiet").stat().st_mode & 0o600 == 0o600


def test_a_hard_link_to_an_earlier_file_is_one_file(tar: Callable[..., bytes], unpack: Callable[..., Path]) -> None:
    root = unpack(tar({"name": "a", "content": b"one"}, {"name": "b", "kind": _HARD, "target": "a"}))

    assert (root / "a").samefile(root / "b")


@pytest.mark.parametrize(
    ("bounds", "rule"),
    [
        pytest.param(Bounds(total_bytes=40_000), "unpacks to more than 40000 bytes", id="total"),
        pytest.param(Bounds(member_bytes=99), "holds 100 bytes", id="member"),
        pytest.param(Bounds(member_count=9), "more than 9 members", id="count"),
    ],
)
def test_what_is_too_much_is_refused(
    bounds: Bounds, rule: str, tar: Callable[..., bytes], unpack: Callable[..., Path]
) -> None:
    data = tar(*({"name": f"file{number}", "content": b"x" * 100} for number in range(100)))

    with pytest.raises(UnpackError, match=rule):
        unpack(data, bounds=bounds)


@pytest.mark.parametrize("compression", ["gz", "xz", "bz2"])
def test_a_bomb_is_refused_before_it_fills_the_disk(
    compression: str, tar: Callable[..., bytes], unpack: Callable[..., Path], tmp_path: Path
) -> None:
    data = tar({"name": "zeros", "content": bytes(64 << 20)}, mode=f"w:{compression}")

    with pytest.raises(UnpackError, match="times its size"):
        unpack(data, compression=compression, bounds=Bounds(ratio_floor_bytes=1 << 20))

    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 60 << 20


def test_bounds_hold_over_all_archives_of_a_prefix(tar: Callable[..., bytes], tmp_path: Path) -> None:
    unpacker = PrefixUnpacker(tmp_path, Bounds(member_count=2))
    unpacker.tar(io.BytesIO(tar({"name": "a"}, {"name": "b"})), compression="")

    with pytest.raises(UnpackError, match="more than 2 members"):
        unpacker.tar(io.BytesIO(tar({"name": "c"})), compression="")


def test_a_header_that_never_ends_is_refused(unpack: Callable[..., Path]) -> None:
    long_name = tarfile.TarInfo("././@LongLink")
    long_name.type, long_name.size = tarfile.GNUTYPE_LONGNAME, 64 << 20
    data = long_name.tobuf(tarfile.GNU_FORMAT) + b"a" * (64 << 20)

    with pytest.raises(UnpackError, match="header of more than"):
        unpack(data)


def test_a_sparse_file_is_refused(unpack: Callable[..., Path]) -> None:
    info = tarfile.TarInfo("sparse")
    info.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header[:512]):06o}\0 ".encode()

    with pytest.raises(UnpackError, match=r"sparse|broken"):
        unpack(bytes(header[:512]) + bytes(1024))


def test_a_negative_size_is_refused(unpack: Callable[..., Path]) -> None:
    header = bytearray(tarfile.TarInfo("negative").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 4 + struct.pack(">q", -512)
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header[:512]):06o}\0 ".encode()

    with pytest.raises(UnpackError):
        unpack(bytes(header[:512]) + bytes(1024))


@pytest.mark.parametrize("cut", [100, 512, 600, 1100, 1500])
def test_an_archive_that_ends_early_is_refused(
    cut: int, tar: Callable[..., bytes], unpack: Callable[..., Path]
) -> None:
    data = tar({"name": "a", "content": b"x" * 700}, {"name": "b", "content": b"y"})

    with pytest.raises(UnpackError):
        unpack(data[:cut])


def test_damage_in_the_middle_is_not_taken_for_the_end(tar: Callable[..., bytes], unpack: Callable[..., Path]) -> None:
    data = bytearray(tar({"name": "a", "content": b"x"}, {"name": "b", "content": b"y"}))
    data[1024:1060] = b"\xaa" * 36

    with pytest.raises(UnpackError, match="broken"):
        unpack(bytes(data))


@pytest.mark.parametrize("compression", ["gz", "xz", "bz2"])
def test_a_compressed_stream_that_ends_early_is_refused(
    compression: str, tar: Callable[..., bytes], unpack: Callable[..., Path]
) -> None:
    data = tar({"name": "a", "content": os.urandom(100_000)}, mode=f"w:{compression}")

    with pytest.raises(UnpackError):
        unpack(data[: len(data) // 2], compression=compression)


@pytest.mark.parametrize("compression", ["gz", "xz", "bz2", ""])
def test_noise_is_no_archive(compression: str, unpack: Callable[..., Path]) -> None:
    with pytest.raises(UnpackError):
        unpack(b"no archive at all, " * 100, compression=compression)


def test_an_unknown_compression_is_named(unpack: Callable[..., Path]) -> None:
    with pytest.raises(UnpackError, match="'lz'"):
        unpack(b"", compression="lz")
