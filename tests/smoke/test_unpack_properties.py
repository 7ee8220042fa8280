"""Whatever a tar holds, unpacking ends, stays inside, and gives back what was put in."""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UnpackError
from tracker.smoke.unpack import PrefixUnpacker

_PARTS = st.sampled_from(["a", "b", "c", "d", "..", ".", "", "A"])
_PATHS = st.lists(_PARTS, min_size=1, max_size=4).map("/".join)
_KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
_MEMBERS = st.lists(st.tuples(_PATHS, _KINDS, st.one_of(_PATHS, _PATHS.map("/{}".format))), max_size=8)


def _tar(members: list[tuple[str, bytes, str]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, target in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            if kind == tarfile.REGTYPE:
                info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    return out.getvalue()


def _assert_inside(root: Path) -> None:
    real = root.resolve()
    for directory, names, files in os.walk(root):
        for name in (*names, *files):
            assert (Path(directory) / name).resolve().is_relative_to(real)


@given(_MEMBERS)
def test_nothing_is_written_and_no_link_leads_outside(members: list[tuple[str, bytes, str]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        outside = Path(directory, "outside")
        root = outside / "x" / "prefix"
        root.mkdir(parents=True)
        try:
            PrefixUnpacker(root).tar(io.BytesIO(_tar(members)), compression="")
        except UnpackError:
            pass
        else:
            _assert_inside(root)

        assert [path.relative_to(outside).as_posix() for path in sorted(outside.rglob("*"))][:2] == ["x", "x/prefix"]
        assert [path.name for path in outside.iterdir()] == ["x"]
        assert [path.name for path in (outside / "x").iterdir()] == ["prefix"]


@given(st.binary(max_size=3000), st.integers(0, 2000), st.sampled_from(["", "gz", "xz", "bz2"]))
def test_damaged_archives_end_in_an_answer(noise: bytes, at: int, compression: str) -> None:
    data = bytearray(_tar([("a/b", tarfile.REGTYPE, ""), ("c", tarfile.SYMTYPE, "a/b")]))
    data[at : at + len(noise)] = noise
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory, "prefix")
        root.mkdir()
        with contextlib.suppress(UnpackError):
            PrefixUnpacker(root).tar(io.BytesIO(bytes(data)), compression=compression)
        assert [path.name for path in Path(directory).iterdir()] == ["prefix"]


@given(st.dictionaries(st.text("abcde", min_size=1, max_size=5), st.binary(max_size=2000), max_size=6))
def test_what_was_packed_comes_out(files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", preset=0) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"./usr/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        PrefixUnpacker(root).tar(io.BytesIO(out.getvalue()), compression="xz")

        assert {path.name: path.read_bytes() for path in root.glob("usr/*")} == files
