"""Every rule of unpacking a zip, each broken by one archive; nothing outside the prefix may change."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.smoke.zips import STORED, SYMLINK, Entry, assert_refused, deflate, make_zip, unzip
from tracker.errors import UnpackError
from tracker.smoke.unpack import Bounds, PrefixUnpacker

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        pytest.param(Entry(name="x", content=b"../y", attributes=SYMLINK, system=3), "symbolic link", id="link"),
        pytest.param(Entry(name="x", content=b"../y", attributes=SYMLINK), "symbolic link", id="link made nowhere"),
        pytest.param(Entry(name="x", attributes=0x420), "symbolic link", id="link of Windows"),
        pytest.param(Entry(name="x", attributes=0o020644 << 16, system=3), "device", id="character device"),
        pytest.param(Entry(name="x", attributes=0o010644 << 16, system=3), "pipe", id="pipe"),
        pytest.param(Entry(name="x", attributes=0o040755 << 16), "file and a directory", id="directory by mode"),
        pytest.param(Entry(name="x/", attributes=0o100644 << 16), "file and a directory", id="directory by name"),
        pytest.param(Entry(name="x/", content=b"x"), "directory with content", id="directory with content"),
        pytest.param(Entry(name="x/", size=0, crc=0, data=deflate(b"x")), "more than the 0", id="lying directory"),
        pytest.param(Entry(name="x", flags=0x1), "encrypted", id="encrypted"),
        pytest.param(Entry(name="x", flags=0x41), "encrypted", id="strongly encrypted"),
        pytest.param(Entry(name="x", flags=0x2000), "encrypted", id="concealed headers"),
        pytest.param(Entry(name="x", flags=0x20), "patch", id="patch"),
        pytest.param(Entry(name="x", method=9), "method 9", id="deflate64"),
        pytest.param(Entry(name="x", method=12), "method 12", id="bzip2"),
        pytest.param(Entry(name="x", method=14), "method 14", id="lzma"),
        pytest.param(Entry(name="x", method=99), "method 99", id="encryption as a method"),
    ],
)
def test_a_member_that_is_no_plain_file_is_refused(entry: Entry, rule: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(entry), rule)

    assert not any((tmp_path / "outside/prefix").iterdir())


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        pytest.param(Entry(name="x", content=b"abc", crc=1), "another checksum", id="checksum"),
        pytest.param(Entry(name="x", content=b"abc", crc=1, method=STORED), "another checksum", id="stored checksum"),
        pytest.param(Entry(name="x", content=b"abc", size=4), "3 bytes where 4", id="less than announced"),
        pytest.param(Entry(name="x", content=b"abc", size=2), "more than the 2", id="more than announced"),
        pytest.param(
            Entry(name="x", content=b"ab", data=deflate(b"abc")),
            "more than the 2",
            id="more than announced, and the checksum fits what was announced",
        ),
        pytest.param(Entry(name="x", content=b"", data=b"abc", method=STORED), "more than the 0", id="stored more"),
        pytest.param(Entry(name="x", content=b"abc", data=b"ab", method=STORED), "2 bytes where 3", id="stored less"),
        pytest.param(Entry(name="x", content=b"a", data=deflate(b"a") + b"z"), "behind its", id="trailing bytes"),
        pytest.param(Entry(name="x", content=b"a" * 99, data=deflate(b"a" * 99)[:-2]), "ends early", id="cut off"),
        pytest.param(Entry(name="x", content=b"a", data=b""), "ends early", id="nothing at all"),
        pytest.param(Entry(name="x", content=b"a", data=b"\xff" * 9), "cannot be decompressed", id="noise"),
        pytest.param(Entry(name="x", own_name=b"y"), "calls itself 'y'", id="another name of its own"),
        pytest.param(Entry(name="x", own_name=b"../x"), r"calls itself '\.\./x'", id="a climbing name of its own"),
        pytest.param(Entry(name="x", own_flags=1), "something else than the directory", id="encrypted by itself"),
        pytest.param(Entry(name="x", own_size=7), "something else than the directory", id="another size of its own"),
        pytest.param(Entry(name="x", content=b"a", compressed_size=99), "into the directory", id="too long"),
        pytest.param(Entry(name="x", offset=9), "in front of it", id="begins later"),
    ],
)
def test_a_member_that_lies_about_itself_is_refused(entry: Entry, rule: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(entry), rule)


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    data = make_zip(Entry(name="a", content=b"x"), Entry(name="b", content=b"x", offset=0))

    assert_refused(tmp_path, data, "shares its bytes")


def test_a_member_inside_another_is_refused(tmp_path: Path) -> None:
    inner = make_zip(Entry(name="b", content=b"x"))[:34]
    data = make_zip(
        Entry(name="a", content=inner, method=STORED), Entry(name="b", content=b"x", method=STORED, offset=31)
    )

    assert_refused(tmp_path, data, "shares its bytes")


_SIZES = struct.pack("<3L", zlib.crc32(b"x"), 1, 1)
_UTF8_NAME = struct.pack("<2HBL", 0x7075, 6, 1, zlib.crc32(b"a")) + b"b"


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        pytest.param([Entry(name="a", behind=b"PK")], "member 'a': has something else behind it", id="at the end"),
        pytest.param([Entry(name="a", behind=_SIZES), Entry(name="b")], "behind it", id="sizes that nobody announced"),
        pytest.param(
            [Entry(name="a", content=b"x", method=STORED, flags=8, behind=_SIZES[:-1] + b"\1")], "behind it", id="other"
        ),
        pytest.param(
            [Entry(name="a", content=b"x", method=STORED, flags=8, behind=_SIZES + b"x")], "behind it", id="a byte more"
        ),
        pytest.param([Entry(name="a", extra=_UTF8_NAME)], "another name in an extra field, 'b'", id="second name"),
        pytest.param([Entry(name="a", attributes=0x10)], "is a file and a directory", id="directory of DOS"),
        pytest.param([Entry(name="a\x7f")], "control character", id="control character"),
        pytest.param([Entry(name="\u00e9"), Entry(name="e\u0301")], "Unicode letters", id="composed and not"),
    ],
)
def test_what_the_directory_does_not_tell_is_refused(entries: list[Entry], rule: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(*entries), rule)

    assert not any((tmp_path / "outside/prefix").iterdir())


@pytest.mark.parametrize("sign", [b"", b"PK\7\x08"])
@pytest.mark.parametrize("form", ["<3L", "<LQQ"])
def test_sizes_may_follow_a_member(sign: bytes, form: str, tmp_path: Path) -> None:
    sizes = sign + struct.pack(form, zlib.crc32(b"x"), 1, 1)
    entry = Entry(name="a", content=b"x", method=STORED, flags=8, behind=sizes)

    assert (unzip(tmp_path, make_zip(entry, Entry(name="b"))) / "a").read_bytes() == b"x"


_GOOD = make_zip(Entry(name="a", content=b"one"), Entry(name="b/c", content=b"two"))


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"", "no zip archive", id="empty"),
        pytest.param(b"<html>not found</html>" * 9, "no zip archive", id="something else"),
        pytest.param(_GOOD[:-1], "middle of its last record", id="cut by a byte"),
        pytest.param(_GOOD[:-30], "ends early", id="cut in the directory"),
        pytest.param(_GOOD + b"x", "followed by something else", id="a byte more"),
        pytest.param(_GOOD + _GOOD, "in front of it", id="two archives"),
        pytest.param(b"MZ" + _GOOD, "in front of it", id="behind a program"),
        pytest.param(make_zip(Entry(name="a"), front=b"MZ"), "in front of it", id="behind a program, corrected"),
        pytest.param(make_zip(Entry(name="a"), comment=b"abc")[:-1], "comment", id="cut in the comment"),
        pytest.param(make_zip(Entry(name="a"), count=2), "announces 2 members and lists 1", id="fewer members"),
        pytest.param(make_zip(Entry(name="a"), Entry(name="b"), count=1), "announces 1", id="more members"),
        pytest.param(_GOOD.replace(b"PK\1\2", b"PK\1\3", 1), "broken", id="broken directory"),
        pytest.param(_GOOD.replace(b"PK\3\4", b"PK\3\5", 1), "not where", id="broken member"),
        pytest.param(_GOOD[:-18] + b"\1" + _GOOD[-17:], "several parts", id="one of several parts"),
        pytest.param(_GOOD[:-22] + b"PK\6\7" + bytes(16) + _GOOD[-22:], "Zip64", id="zip64"),
        pytest.param(_GOOD[:-10] + b"\xff" * 4 + _GOOD[-6:], "directory of 4294967295 bytes", id="huge directory"),
    ],
)
def test_a_file_that_is_more_or_less_than_one_archive_is_refused(data: bytes, rule: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, data, rule)

    assert not any((tmp_path / "outside/prefix").iterdir())


@pytest.mark.parametrize(
    ("bounds", "rule"),
    [
        pytest.param(Bounds(total_bytes=9_000), "unpacks to more than 9000 bytes", id="total"),
        pytest.param(Bounds(member_bytes=99), "holds 100 bytes", id="member"),
        pytest.param(Bounds(member_count=9), "more than 9 members", id="count"),
        pytest.param(Bounds(ratio=1, ratio_floor_bytes=500), "more than 1 times its size", id="ratio of the whole"),
    ],
)
def test_what_is_too_much_is_refused_before_anything_is_written(bounds: Bounds, rule: str, tmp_path: Path) -> None:
    data = make_zip(*(Entry(name=f"{number}", content=bytes(100)) for number in range(100)))

    assert_refused(tmp_path, data, rule, bounds)

    assert not any((tmp_path / "outside/prefix").iterdir())


def test_a_bomb_beside_noise_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    noise = Entry(name="noise", content=bytes(1 << 18), method=STORED)
    data = make_zip(noise, Entry(name="zeros", content=bytes(8 << 20)))

    assert_refused(tmp_path, data, "times its size", Bounds(ratio_floor_bytes=1 << 20))

    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 3 << 20


def test_a_bomb_that_announces_little_is_refused_at_its_announced_size(tmp_path: Path) -> None:
    data = make_zip(Entry(name="zeros", size=1000, crc=0, data=deflate(bytes(64 << 20))))

    assert_refused(tmp_path, data, "more than the 1000 bytes")

    assert (tmp_path / "outside/prefix/zeros").stat().st_size <= 1 << 18


def test_bounds_hold_over_all_archives_and_files_of_a_prefix(tmp_path: Path) -> None:
    archive, root = tmp_path / "a.zip", tmp_path / "root"
    archive.write_bytes(_GOOD)
    root.mkdir()
    unpacker = PrefixUnpacker(root, Bounds(member_count=4))
    unpacker.zip(archive)
    unpacker.copy(archive, "one")

    with pytest.raises(UnpackError, match="more than 4 files and directories"):
        unpacker.copy(archive, "two")


def test_a_second_archive_cannot_write_over_the_first(tmp_path: Path) -> None:
    archive, root = tmp_path / "a.zip", tmp_path / "root"
    archive.write_bytes(_GOOD)
    root.mkdir()
    unpacker = PrefixUnpacker(root)
    unpacker.zip(archive)

    with pytest.raises(UnpackError, match="collides"):
        unpacker.zip(archive)


def test_a_refusal_names_archive_and_member(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match=r"release\.zip: member 'bin/nul'"):
        unzip(tmp_path, make_zip(Entry(name="a"), Entry(name="bin/nul")))


def test_an_archive_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match=r"absent\.zip: cannot be unpacked: No such file"):
        PrefixUnpacker(tmp_path).zip(tmp_path / "absent.zip")


def test_a_name_too_long_for_the_file_system_is_refused(tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(Entry(name="n" * 300)), "has a name of 300 bytes")


def test_every_file_can_be_executed_and_none_changes_its_user(tmp_path: Path) -> None:
    mode = 0o106777 << 16
    root = unzip(tmp_path, make_zip(Entry(name="a.exe"), Entry(name="b.exe", attributes=mode, system=3)))

    assert {(root / name).stat().st_mode & 0o6111 for name in ("a.exe", "b.exe")} == {0o111}


def test_a_comment_that_looks_like_an_end_is_no_way_to_another_archive(tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(Entry(name="a"), comment=b"PK\5\6" + bytes(18)), "something else in front")


def test_an_archive_with_a_comment_is_taken(tmp_path: Path) -> None:
    root = unzip(tmp_path, make_zip(Entry(name="a", content=b"x"), comment=b"signed by somebody"))

    assert (root / "a").read_bytes() == b"x"


def test_an_archive_of_nothing_holds_nothing(tmp_path: Path) -> None:
    assert list(unzip(tmp_path, make_zip()).iterdir()) == []


def test_a_single_file_is_copied_executable_below_new_directories(tmp_path: Path) -> None:
    source, root = tmp_path / "ctr.exe", tmp_path / "root"
    source.write_bytes(b"MZ")
    source.chmod(0o600)
    root.mkdir()

    assert PrefixUnpacker(root).copy(source, "bin/ctr.exe") == "bin/ctr.exe"

    assert (root / "bin/ctr.exe").read_bytes() == b"MZ"
    assert (root / "bin/ctr.exe").stat().st_mode & 0o111
    assert (root / "bin/ctr.exe").stat().st_ino != source.stat().st_ino


def test_a_single_file_that_is_too_large_or_absent_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "nat.exe"
    source.write_bytes(bytes(100))

    with pytest.raises(UnpackError, match="holds 100 bytes, more than 99"):
        PrefixUnpacker(tmp_path, Bounds(member_bytes=99)).copy(source, "x")
    with pytest.raises(UnpackError, match="more than 99 bytes"):
        PrefixUnpacker(tmp_path, Bounds(total_bytes=99)).copy(source, "y")
    with pytest.raises(UnpackError, match=r"absent: .*cannot be unpacked"):
        PrefixUnpacker(tmp_path).copy(tmp_path / "absent", "absent")
