"""Whatever a zip holds, unpacking ends, stays inside, and gives back what was put in."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.smoke.zips import DEFLATED, STORED, SYMLINK, Entry, make_zip
from tracker.errors import UnpackError
from tracker.smoke.unpack import Bounds, PrefixUnpacker

_PARTS = st.sampled_from(
    ["a", "b", "A", "..", ".", "", "C:", "NUL", "con.x", "a.", " ", "\\", "..\\..", "x:y", "\0", "nat.exe", "%2e%2e"]
)
_NAMES = st.one_of(st.lists(_PARTS, min_size=1, max_size=4).map("/".join), st.text(min_size=1, max_size=12))
_RAW_NAMES = st.one_of(_NAMES.map(lambda name: name.encode("utf-8", "replace")), st.binary(max_size=8))
_ENTRIES = st.lists(
    st.builds(
        Entry,
        name=_RAW_NAMES,
        content=st.binary(max_size=20),
        method=st.sampled_from([STORED, DEFLATED, 12]),
        flags=st.sampled_from([0, 0, 0, 1, 8, 0x800]),
        attributes=st.sampled_from([0, 0, 0x10, 0x20, SYMLINK, 0o100755 << 16, 0o040755 << 16]),
        own_name=st.one_of(st.none(), _RAW_NAMES),
        size=st.one_of(st.none(), st.integers(0, 30)),
        offset=st.one_of(st.none(), st.integers(0, 60)),
    ),
    max_size=5,
)
_BOUNDS = Bounds(total_bytes=1 << 20, member_count=50)
_GOOD = make_zip(
    Entry(name="bin/containerd.exe", content=b"MZ" + bytes(200)),
    Entry(name="bin/", attributes=0x10),
    Entry(name="nat.exe", content=bytes(range(256)), method=STORED),
    comment=b"made by a test",
)


def _unzip(data: bytes) -> dict[str, bytes] | None:
    """Return the files that came out; ``None`` for an archive that was refused; nothing else may have happened."""
    with tempfile.TemporaryDirectory() as directory:
        outside = Path(directory)
        (outside / "x.zip").write_bytes(data)
        root = outside / "y" / "prefix"
        root.mkdir(parents=True)
        try:
            PrefixUnpacker(root, _BOUNDS).zip(outside / "x.zip")
        except UnpackError:
            files = None
        else:
            files = _files(root)
        assert {path.name for path in outside.iterdir()} == {"x.zip", "y"}
        assert [path.name for path in (outside / "y").iterdir()] == ["prefix"]
        assert (outside / "x.zip").read_bytes() == data
        for path in root.rglob("*"):
            assert path.is_dir() or path.is_file()
            assert not path.is_symlink()
    return files


def _files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@given(_ENTRIES)
def test_nothing_is_written_outside_and_no_two_members_are_one(entries: list[Entry]) -> None:
    files = _unzip(make_zip(*entries))

    if files is not None:
        assert all(not set(name) & set('\\:\0*?"<>|') for name in files)
        assert len({name.casefold() for name in files}) == len(files)
        assert len(files) == sum(not entry.raw_name.endswith(b"/") for entry in entries)


@given(_RAW_NAMES)
def test_a_single_name_is_refused_or_becomes_one_file_below_the_prefix(name: bytes) -> None:
    files = _unzip(make_zip(Entry(name=name, content=b"x")))

    assert files is None or list(files.values()) == [b"x"]


@given(st.integers(0, len(_GOOD) - 1))
def test_no_beginning_of_an_archive_is_an_archive(length: int) -> None:
    assert _unzip(_GOOD[:length]) is None


@given(st.integers(0, len(_GOOD) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_changes_no_content(at: int, flip: int) -> None:
    data = bytearray(_GOOD)
    data[at] ^= flip
    whole = _unzip(_GOOD)
    assert whole is not None

    files = _unzip(bytes(data))

    # Only a name can change unseen, where directory and member are two places; it needs both to agree.
    assert files is None or files == whole


@given(st.binary(max_size=400), st.integers(0, len(_GOOD)), st.integers(0, 60))
def test_noise_in_an_archive_is_refused_or_changes_no_content(noise: bytes, at: int, instead_of: int) -> None:
    files = _unzip(_GOOD[:at] + noise + _GOOD[at + instead_of :])

    assert files is None or set(files.values()) <= set((_unzip(_GOOD) or {}).values())


@given(st.binary(max_size=2000))
def test_noise_is_no_archive(noise: bytes) -> None:
    assert _unzip(noise) is None


@given(st.dictionaries(st.text("abcde", min_size=1, max_size=5), st.binary(max_size=2000), max_size=6))
def test_what_was_packed_comes_out(files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"./bin/{name}.exe", content)

    assert _unzip(out.getvalue()) == {f"bin/{name}.exe": content for name, content in files.items()}
