"""Tar archives whose fields are changed at random: each is refused, or read as Python's own reader reads it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.smoke.tars import END, GNU, USTAR, V7, Block, archive, long_name, pax, raw_pax
from tracker.errors import UnpackError
from tracker.smoke.unpack import Bounds, PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable

_BOUNDS = Bounds(total_bytes=1 << 20, member_bytes=1 << 18, member_count=60, header_bytes=1 << 14)
_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
}
_PARTS = st.sampled_from(
    [b"a", b"b", b"A", b"d", b"..", b".", b"", b"nul", b"C:", b"x\\y", b"a:b", b"a.", "\u00e9".encode(), b"e\xcc\x81"]
)
_NAMES = st.lists(_PARTS, min_size=1, max_size=4).map(b"/".join)
_NUMBERS = st.sampled_from(
    [b"", b"0", b"00000000003\0", b"3 ", b"-1", b"\x80" + b"\0" * 10 + b"\3", b"\xff" * 12, b"8"]
)
_CONTENTS = st.sampled_from([b"", b"one", b"x" * 512, b"y" * 700])
_BLOCKS = st.builds(
    Block,
    name=_NAMES,
    content=_CONTENTS,
    kind=st.sampled_from([b"0", b"0", b"0", b"\0", b"1", b"2", b"5", b"3", b"6", b"7", b"S", b"x", b"g", b"L", b"K"]),
    target=st.one_of(st.just(b""), _NAMES, _NAMES.map(lambda name: b"/" + name)),
    magic=st.sampled_from([USTAR, USTAR, GNU, V7, b"USTAR\x0000"]),
    prefix=st.one_of(st.just(b""), _NAMES),
    size=st.one_of(st.none(), st.none(), _NUMBERS),
)
_RECORDS = st.tuples(
    st.sampled_from(["path", "linkpath", "size", "mtime", "comment", "GNU.sparse.name", "hdrcharset"]),
    st.one_of(_NAMES, _NUMBERS),
)
_HEADERS = st.one_of(
    st.lists(_RECORDS, max_size=3).map(lambda records: pax(*records)),
    st.lists(_RECORDS, max_size=2).map(lambda records: pax(*records, kind=b"g")),
    st.binary(max_size=30).map(raw_pax),
    _NAMES.map(long_name),
    _NAMES.map(lambda name: long_name(name, kind=b"K")),
)
_PLAIN = st.builds(Block, name=st.sampled_from([b"a", b"b", b"d/a", b"d/b"]), content=_CONTENTS)
_ENDS = st.sampled_from([END, END, END, b"", bytes(512), END + b"x", END * 9, END + bytes(Block(name=b"z"))])


def _unpack(data: bytes, compression: str) -> dict[str, bytes] | None:
    """Return the files that came out; ``None`` for an archive that was refused; nothing else may have happened."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory, "prefix")
        root.mkdir()
        try:
            PrefixUnpacker(root, _BOUNDS).tar(io.BytesIO(data), compression=compression)
        except UnpackError as error:
            files, said = None, error.message
        else:
            files, said = _files(root), ""
        assert files is not None or said.startswith("archive: ")
        assert [path.name for path in Path(directory).iterdir()] == ["prefix"]
        assert sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) <= 2 * _BOUNDS.total_bytes
    return files


def _files(root: Path) -> dict[str, bytes]:
    found = {}
    for directory, names, files in os.walk(root):
        for name in (*names, *files):
            path = Path(directory, name)
            assert path.resolve().is_relative_to(root.resolve())
            if not path.is_symlink() and path.is_file():
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def _as_python_reads_it(data: bytes) -> dict[str, bytes]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data), errorlevel=2) as opened:
        for member in opened:
            if (member.isfile() or member.islnk()) and (content := opened.extractfile(member)):
                found[str(PurePosixPath(member.name))] = content.read()
    return found


@given(st.lists(st.one_of(_BLOCKS, _HEADERS, _PLAIN), max_size=5), _ENDS, st.sampled_from(sorted(_PACKERS)))
def test_what_is_accepted_is_what_python_reads(blocks: list[Block], end: bytes, compression: str) -> None:
    data = archive(*blocks, end=end)

    files = _unpack(_PACKERS[compression](data), compression)

    if files is not None:
        assert files == _as_python_reads_it(data)


@given(
    st.lists(_PLAIN, min_size=1, max_size=3, unique_by=lambda block: block.name),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=12)), max_size=4),
)
def test_what_is_accepted_with_changed_bytes_is_what_python_reads(
    blocks: list[Block], changes: list[tuple[int, bytes]]
) -> None:
    data = bytearray(archive(*blocks))
    for at, new in changes:
        at %= len(data)  # noqa: PLW2901 - an index into this archive
        data[at : at + len(new)] = new
    _repair(data)

    files = _unpack(bytes(data), "")

    if files is not None:
        assert files == _as_python_reads_it(bytes(data))


def _repair(data: bytearray) -> None:
    """Make the checksums right, without which every change would end at them."""
    at = -1
    while (at := data.find(b"ustar", at + 1)) >= 0:
        block = at - 257
        if block >= 0 and block + 512 <= len(data):
            data[block + 148 : block + 156] = b" " * 8
            data[block + 148 : block + 156] = b"%06o\0 " % sum(data[block : block + 512])


@given(st.sampled_from(["gz", "bz2", "xz", "lzma"]), st.integers(0, 400), st.binary(max_size=8), st.binary(max_size=40))
def test_damage_to_a_compressed_stream_never_gives_other_files(
    compression: str, at: int, new: bytes, behind: bytes
) -> None:
    data = archive(Block(name=b"a", content=b"one" * 50), Block(name=b"b", content=bytes(range(256))))
    packed = bytearray(_PACKERS[compression](data))
    packed[at : at + len(new)] = new

    files = _unpack(bytes(packed) + behind, compression)

    # The old form of lzma has no checksum: of its streams only the form of the tar in them can be verified.
    if files is not None and compression != "lzma":
        assert files == _as_python_reads_it(data)
