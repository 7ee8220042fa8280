"""Tar archives that are not what they seem: every way in which two programs could read one archive differently."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.smoke.tars import END, GNU, USTAR, V7, Block, archive, long_name, pax, raw_pax
from tracker.errors import UnpackError
from tracker.smoke.unpack import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_A = Block(name=b"a", content=b"one")
_B = Block(name=b"b", content=b"two")


@pytest.mark.parametrize(
    ("blocks", "rule"),
    [
        pytest.param([raw_pax(b"nonsense")], "broken pax header", id="pax without a length"),
        pytest.param([raw_pax(b"99 path=x\n"), _A], "broken pax header", id="pax longer than it is"),
        pytest.param([raw_pax(b"4 =\n"), _A], "broken pax header", id="pax without a key"),
        pytest.param([raw_pax(b"9 path=xy"), _A], "broken pax header", id="pax without an end of line"),
        pytest.param([raw_pax(b"0 path=x\n"), _A], "broken pax header", id="pax of no length, which never ends"),
        pytest.param([raw_pax(b"007 path=x\n"), _A], "broken pax header", id="pax with zeros in front"),
        pytest.param([pax(("path", "x"), ("path", "y")), _A], "path is told twice", id="two names in one pax header"),
        pytest.param([pax(("path", "")), _A], "is none", id="empty name in pax"),
        pytest.param([pax(("path", "x\0y")), _A], "is none", id="NUL in pax"),
        pytest.param([pax(("path", b"\xff")), _A], "no UTF-8", id="pax name that is no text"),
        pytest.param([pax(("path", "../x")), _A], r"member '\.\./x': .*'\.\.'", id="climbing name in pax"),
        pytest.param([pax(("path", "/etc/x")), _A], "member '/etc/x': has an absolute", id="absolute name in pax"),
        pytest.param([pax(("size", "-1")), _A], "no number", id="negative size in pax"),
        pytest.param([pax(("size", "1" * 30)), _A], "no number", id="endless size in pax"),
        pytest.param([pax(("size", "512")), _A], "member 'a': has two sizes", id="another size in pax"),
        pytest.param([pax(("path", "x")), pax(("path", "y")), _A], "two headers of the kind", id="two pax headers"),
        pytest.param([long_name(b"x"), long_name(b"y"), _A], "two headers of the kind", id="two long names"),
        pytest.param([long_name(b"x"), pax(("path", "y")), _A], "path twice", id="long name and pax name"),
        pytest.param([pax(("path", "y")), long_name(b"x"), _A], "path twice", id="pax name and long name"),
        pytest.param([_A, pax(("path", "x"))], "does not come", id="pax header of nothing"),
        pytest.param([pax(("path", "x"), kind=b"g"), _A], "every member the same", id="one name for all"),
        pytest.param([pax(("size", "3"), kind=b"g"), _A], "every member the same", id="one size for all"),
        pytest.param([pax(("linkpath", "x"), kind=b"g"), _A], "every member the same", id="one target for all"),
        pytest.param([pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0")), _A], "sparse", id="sparse 1.0"),
        pytest.param([pax(("GNU.sparse.map", "0,1"), ("GNU.sparse.size", "9")), _A], "sparse", id="sparse 0.1"),
        pytest.param([pax(("GNU.sparse.offset", "0")), _A], "sparse", id="sparse 0.0"),
        pytest.param([Block(name=b"a", kind=b"S", magic=GNU)], "member 'a': is a sparse", id="sparse of old GNU"),
        pytest.param([Block(name=b"a", kind=b"V", magic=GNU)], "name of a volume", id="volume"),
        pytest.param([Block(name=b"a", kind=b"M", magic=GNU)], "another volume", id="second volume"),
        pytest.param([Block(name=b"a", kind=b"D", magic=GNU)], "incremental", id="dumped directory"),
        pytest.param([Block(name=b"a", kind=b"Z")], "unknown type b'Z'", id="unknown type"),
        pytest.param([Block(name=b"a", kind=b"s")], "unknown type b's'", id="socket"),
        pytest.param([Block(name=b"a", size=b"\xff" * 12)], "negative size", id="negative size"),
        pytest.param([Block(name=b"a", size=b"-0000000001\0")], "no number", id="negative octal size"),
        pytest.param([Block(name=b"a", size=b"00000000009\0")], "no number", id="size in no octal digits"),
        pytest.param([Block(name=b"a", size=b"\x80" + b"\x7f" * 11)], "more than", id="size beyond all bounds"),
        pytest.param([Block(name=b"a", size=b"77777777777\0")], "more than", id="size of 8 GiB"),
        pytest.param([Block(name=b"a", size=b"\x81" + b"\0" * 11)], "no number", id="size in an unknown form"),
        pytest.param([Block(name=b"a", mtime=b"nonsense\0\0\0\0")], "its time is no number", id="time that is none"),
        pytest.param([Block(name=b"a", kind=b"5", content=b"x")], "has content", id="directory with content"),
        pytest.param([Block(name=b"a", kind=b"2", target=b"b", content=b"x")], "has content", id="link with content"),
        pytest.param([_A, Block(name=b"h", kind=b"1", target=b"a", content=b"x")], "has content", id="hard link with"),
        pytest.param([Block(name=b"h", kind=b"1")], "hard link to nothing", id="hard link to nothing"),
        pytest.param([Block(name=b"h", kind=b"1", target=b"h")], "no earlier file", id="hard link to itself"),
        pytest.param(
            [Block(name=b"d", kind=b"5"), Block(name=b"h", kind=b"1", target=b"d")], "no earlier", id="to dir"
        ),
        pytest.param([Block(name=b"a/", content=b"x")], "name of a directory", id="file that ends in a slash"),
        pytest.param([Block(name=b"")], "has no name", id="empty name"),
        pytest.param([Block(name=b"a\nb")], r"control character '\\n'", id="line break in a name"),
        pytest.param([Block(name=b"\x1b[2Ja")], "control character", id="terminal sequence in a name"),
        pytest.param([Block(name="a\u0085".encode())], "control character", id="control character beyond ASCII"),
        pytest.param([Block(name=b"caf\xe9")], "no UTF-8", id="name in Latin-1"),
        pytest.param([Block(name=b"a", checksum=b"000000\0 ")], "wrong checksum", id="wrong checksum"),
        pytest.param([Block(name=b"a", checksum=b"nonsense")], "wrong checksum", id="checksum that is no number"),
        pytest.param([Block(name=b"a", magic=b"USTAR  \0")], "no tar archive of a format", id="unknown format"),
        pytest.param([Block(name=b"x" * 90, prefix=b"../..")], r"'\.\.' in its path", id="climbing prefix"),
        pytest.param([Block(name=b"etc/x", prefix=b"/")], "absolute", id="absolute prefix"),
        pytest.param([long_name(b"y" * 256), _A], "name of 256 bytes", id="part of 256 bytes"),
        pytest.param([long_name(b"/".join([b"y" * 200] * 11)), _A], "path of 2210 bytes", id="path of 2 KiB"),
        pytest.param([Block(name=b"C:/x")], "drive letter", id="drive"),
        pytest.param([Block(name=b"./c:x")], "drive letter", id="drive without a root"),
        pytest.param([Block(name=b"..\\x")], r"'\.\.' in its path", id="climbs with backslashes"),
        pytest.param([Block(name=b"a\\..\\..\\x")], r"'\.\.' in its path", id="climbs with backslashes below"),
        pytest.param([Block(name=b"\\\\host\\share")], "absolute path", id="share of another machine"),
        pytest.param([Block(name=b"./\\x")], "absolute path", id="root with a backslash"),
        pytest.param([Block(name=b"a\\b")], "backslash", id="backslash"),
        pytest.param([Block(name=b"bin/a:b")], "second stream", id="stream"),
        pytest.param([Block(name=b"bin/nul.txt")], "device on Windows", id="device of Windows"),
        pytest.param([Block(name=b"com1/x")], "device on Windows", id="directory that is a device"),
        pytest.param([Block(name=b"a.")], "dot or a space", id="dot at the end"),
        pytest.param([Block(name=b"a /x")], "dot or a space", id="space at the end of a directory"),
        pytest.param([Block(name=b"a?")], "does not allow", id="question mark"),
        pytest.param([_A, Block(name=b"A")], "member 'A': differs in case alone from 'a'", id="case of files"),
        pytest.param([Block(name=b"d/x"), Block(name=b"D/y")], "differs in case alone from 'd'", id="of directories"),
        pytest.param([Block(name=b"d/x"), Block(name=b"D")], "in case alone", id="file against directory"),
        pytest.param([_A, Block(name=b"A", kind=b"2", target=b"a")], "in case alone", id="link against file"),
        pytest.param([_A, Block(name=b"A", kind=b"1", target=b"a")], "in case alone", id="hard link against file"),
        pytest.param(
            [Block(name="\u00e9".encode()), Block(name="e\u0301".encode())], "Unicode letters", id="composed and not"
        ),
        pytest.param(
            [Block(name="\u00c9".encode()), Block(name="e\u0301".encode())], "in case alone", id="both at once"
        ),
        pytest.param([Block(name=b"l", kind=b"2", target=b"C:\\x")], "link to a drive", id="link to a drive"),
        pytest.param([Block(name=b"l", kind=b"2", target=b"..\\..\\x")], "reads otherwise", id="link with backslashes"),
        pytest.param([Block(name=b"l", kind=b"2", target=b"a\nb")], "control character", id="link to no name"),
        pytest.param(
            [
                Block(name=b"d/e/up", kind=b"2", target=b"../.."),
                Block(name=b"d/e/out", kind=b"2", target=b"UP/../.."),
            ],
            "leads out",
            id="link through one that only Windows finds",
        ),
        pytest.param(
            [
                Block(name=b"s", kind=b"2", target=b"t"),
                Block(name=b"t", kind=b"2", target=b"../x"),
                Block(name=b"h", kind=b"1", target=b"s"),
            ],
            "no earlier file",
            id="hard link to a link that leads out",
        ),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_by_its_name(
    blocks: list[Block], rule: str, unpack: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(UnpackError, match=rule) as caught:
        unpack(archive(*blocks))

    assert caught.value.hint
    assert {path.name for path in tmp_path.iterdir()} == {"outside"}
    assert {path.name for path in (tmp_path / "outside").iterdir()} == {"prefix"}


@pytest.mark.parametrize(
    ("blocks", "files"),
    [
        pytest.param([pax(("path", "long/name")), _A], {"long/name": b"one"}, id="name in pax"),
        pytest.param([pax(("size", "3")), _A], {"a": b"one"}, id="same size in pax"),
        pytest.param(
            [pax(("size", "3")), Block(name=b"a", content=b"one", size=b"\0")], {"a": b"one"}, id="size in pax alone"
        ),
        pytest.param([pax(("comment", "of git"), kind=b"g"), _A], {"a": b"one"}, id="comment as git writes it"),
        pytest.param([pax(("SCHILY.xattr.user.x", b"\xff\0\n=")), _A], {"a": b"one"}, id="attribute of any bytes"),
        pytest.param([pax(("mtime", "-1.5"), ("uid", "9" * 20)), _A], {"a": b"one"}, id="odd time and owner"),
        pytest.param([long_name(b"x" * 200), _A], {"x" * 200: b"one"}, id="long name"),
        pytest.param([Block(name=b"x", prefix=b"p/q", content=b"1")], {"p/q/x": b"1"}, id="prefix"),
        pytest.param([Block(name=b"x", prefix=b"p/q", content=b"1", magic=GNU)], {"x": b"1"}, id="GNU has no prefix"),
        pytest.param([Block(name=b"x", kind=b"\0", content=b"1", magic=V7)], {"x": b"1"}, id="V7"),
        pytest.param([Block(name=b"d/", kind=b"\0", magic=V7), _A], {"a": b"one"}, id="directory of V7"),
        pytest.param([Block(name=b"x", kind=b"7", content=b"1")], {"x": b"1"}, id="contiguous file"),
        pytest.param(
            [Block(name=b"x", content=b"12", size=b"\x80" + struct.pack(">3xQ", 2))], {"x": b"12"}, id="binary size"
        ),
        pytest.param([Block(name=b"x", content=b"12", size=b"          2 ")], {"x": b"12"}, id="size with spaces"),
        pytest.param([Block(name=b"x", mtime=b"\xff" * 12, content=b"1")], {"x": b"1"}, id="time before 1970"),
        pytest.param([Block(name="\u00e9".encode(), content=b"1")], {"\u00e9": b"1"}, id="name beyond ASCII"),
        pytest.param([Block(name=b".//a/./b//c", content=b"1")], {"a/b/c": b"1"}, id="name with empty parts"),
    ],
)
def test_what_real_programs_write_is_unpacked(
    blocks: list[Block], files: dict[str, bytes], unpack: Callable[..., Path]
) -> None:
    root = unpack(archive(*blocks))

    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert found == files


def test_a_checksum_over_signed_bytes_is_one_too(unpack: Callable[..., Path]) -> None:
    block = Block(name="ü".encode(), content=b"x")
    rest = bytes(block)[:148] + bytes(block)[156:512]
    signed = sum(rest) + 256 - 256 * sum(byte > 127 for byte in rest)

    root = unpack(archive(Block(name="ü".encode(), content=b"x", checksum=b"%06o\0 " % signed)))

    assert (root / "ü").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        pytest.param(b"", "no mark at its end", id="no end"),
        pytest.param(bytes(511), "ends in the middle", id="half an end"),
        pytest.param(END + archive(_B), "behind its end", id="a second archive"),
        pytest.param(bytes(512) + bytes(_B) + END, "behind its end", id="goes on after one block of zeros"),
        pytest.param(END + b"x", "behind its end", id="one more byte"),
        pytest.param(END + bytes(9000) + b"PK", "behind its end", id="something after much filling"),
    ],
)
def test_what_ends_otherwise_than_at_its_end_is_refused(end: bytes, rule: str, unpack: Callable[..., Path]) -> None:
    with pytest.raises(UnpackError, match=rule):
        unpack(archive(_A, end=end))


@pytest.mark.parametrize("end", [bytes(512), END, bytes(10240), bytes(1 << 20)])
def test_an_end_may_be_short_or_filled_up(end: bytes, unpack: Callable[..., Path]) -> None:
    assert (unpack(archive(_A, end=end)) / "a").read_bytes() == b"one"


def test_every_cut_of_an_archive_is_refused(unpack: Callable[..., Path], tmp_path: Path) -> None:
    data = archive(_A, Block(name=b"d", kind=b"5"), _B, end=bytes(512))

    for cut in range(len(data)):
        with pytest.raises(UnpackError):
            unpack(data[:cut])
        for path in (tmp_path / "outside/prefix").iterdir():
            path.rmdir() if path.is_dir() else path.unlink()


_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
}


@pytest.mark.parametrize("compression", _PACKERS)
def test_several_streams_are_one_and_something_behind_them_is_refused(
    compression: str, unpack: Callable[..., Path]
) -> None:
    pack = _PACKERS[compression]
    data = archive(_A, _B)

    assert (unpack(pack(data[:700]) + pack(data[700:]), compression=compression) / "b").read_bytes() == b"two"
    with pytest.raises(UnpackError, match=r"cannot be decompressed"):
        unpack(pack(archive(Block(name=b"c"))) + b"garbage behind it", compression=compression)
    with pytest.raises(UnpackError, match="behind its end"):
        unpack(pack(archive(Block(name=b"e"))) + pack(archive(Block(name=b"f"))), compression=compression)


@pytest.mark.parametrize("compression", ["gz", "xz"])
def test_a_stream_may_be_filled_up_with_zeros(compression: str, unpack: Callable[..., Path]) -> None:
    data = _PACKERS[compression](archive(_A)) + bytes(100_000)

    assert (unpack(data, compression=compression) / "a").read_bytes() == b"one"


def test_a_wrong_checksum_of_the_whole_is_noticed(unpack: Callable[..., Path]) -> None:
    data = bytearray(gzip.compress(archive(_A)))
    data[-8] ^= 1

    with pytest.raises(UnpackError, match="cannot be decompressed"):
        unpack(bytes(data), compression="gz")


def test_streams_without_number_are_refused(unpack: Callable[..., Path]) -> None:
    data = bz2.compress(b"") * 3000 + bz2.compress(archive(_A))

    with pytest.raises(UnpackError, match="more than 2000 compressed streams"):
        unpack(data, compression="bz2", bounds=Bounds(member_count=2000))


def test_a_bomb_in_what_fills_up_the_end_is_refused(unpack: Callable[..., Path]) -> None:
    squeeze = zlib.compressobj(9, wbits=31)
    data = squeeze.compress(archive(_A)) + squeeze.compress(bytes(64 << 20)) + squeeze.flush()

    with pytest.raises(UnpackError, match="times its size"):
        unpack(data, compression="gz", bounds=Bounds(ratio_floor_bytes=1 << 20))


def test_xz_that_wants_much_memory_is_refused(unpack: Callable[..., Path]) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 20}]
    data = bytearray(lzma.compress(archive(_A), filters=filters, check=lzma.CHECK_NONE))
    at = data.index(b"\x21\x01", 12) + 2  # the dictionary's size in the block's header, whose checksum follows
    data[at] = 40
    size = (data[12] + 1) * 4
    data[12 + size - 4 : 12 + size] = struct.pack("<L", zlib.crc32(data[12 : 12 + size - 4]))

    with pytest.raises(UnpackError, match=r"[Mm]emory usage limit"):
        unpack(bytes(data), compression="xz")


def test_directories_that_nobody_lists_are_counted_too(unpack: Callable[..., Path]) -> None:
    blocks = [Block(name=f"{number}/a/b/c/d/e".encode()) for number in range(20)]

    with pytest.raises(UnpackError, match="more than 50 files and directories"):
        unpack(archive(*blocks), bounds=Bounds(member_count=50))


def test_comments_without_number_are_refused(unpack: Callable[..., Path]) -> None:
    with pytest.raises(UnpackError, match="more than 50 members"):
        unpack(archive(*[pax(("comment", "x"), kind=b"g")] * 60), bounds=Bounds(member_count=50))


def test_links_that_take_too_long_to_follow_are_refused(unpack: Callable[..., Path]) -> None:
    blocks = [Block(name=b"d", kind=b"5"), Block(name=b"l", kind=b"2", target=b"d/../" * 18 + b"d")]
    blocks += [Block(name=b"m%d" % number, kind=b"2", target=b"l/../" * 18 + b"d") for number in range(40)]

    unpack(archive(*blocks))
    with pytest.raises(UnpackError, match="too many symbolic links through each other"):
        unpack(archive(*[Block(name=b"n", kind=b"2", target=b"m1")]), bounds=Bounds(link_parts=1))


def test_a_directory_without_write_permission_can_be_filled(unpack: Callable[..., Path]) -> None:
    root = unpack(archive(Block(name=b"d", kind=b"5", mode=b"0000000\0"), Block(name=b"d/a", mode=b"0007777\0")))

    assert stat.S_IMODE((root / "d").stat().st_mode) & 0o700 == 0o700
    assert stat.S_IMODE((root / "d/a").stat().st_mode) & 0o7022 == 0


def test_a_name_of_a_mebibyte_is_not_shown_whole(unpack: Callable[..., Path]) -> None:
    with pytest.raises(UnpackError) as caught:
        unpack(archive(long_name(b"y" * 900_000), _A))

    assert len(str(caught.value)) < 1000


def test_the_magic_of_posix_is_enough(unpack: Callable[..., Path]) -> None:
    assert (unpack(archive(Block(name=b"a", magic=USTAR[:6] + b"  "))) / "a").exists()
