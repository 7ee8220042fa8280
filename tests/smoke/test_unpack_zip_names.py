"""Names of members of a zip, and which of them are the same or something else on Windows."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.smoke.zips import Entry, assert_refused, make_zip, unzip
from tracker.errors import UnpackError
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = [
    ("/etc/passwd", "absolute path"),
    ("//server/share/x", "absolute path"),
    ("../x", r"'\.\.' in its path"),
    ("a/../../x", r"'\.\.' in its path"),
    ("a/..", r"'\.\.' in its path"),
    ("a//b", r"'' in its path"),
    (r"..\x", "backslash"),
    (r"bin\nat.exe", "backslash"),
    (r"\\?\C:\x", "backslash"),
    ("C:x", "drive letter"),
    ("C:/Windows/x", "drive letter"),
    ("nat.exe:hidden", "second stream"),
    ("nat.exe::$DATA", "second stream"),
    ("CON", "device"),
    ("con.txt", "device"),
    ("bin/NUL", "device"),
    ("nul.tar.gz", "device"),
    ("NUL .txt", "device"),
    ("Com1", "device"),
    ("COM1.exe", "device"),
    ("COM¹", "device"),
    ("lpt9/x", "device"),
    ("AUX/", "device"),
    ("CONIN$", "device"),
    ("nat.exe.", "dot or a space"),
    ("nat.exe ", "dot or a space"),
    ("bin./nat.exe", "dot or a space"),
    (".../x", "dot or a space"),
    ("a*", "does not allow"),
    ("a?b", "does not allow"),
    ("a|b", "does not allow"),
    ("a\nb", "control character"),
    ("nat.exe\0.txt", "control character"),
    ("/".join("a" * 70), "directories deep"),
]


@pytest.mark.parametrize(("name", "rule"), [pytest.param(*case, id=repr(case[0])) for case in _NAMES])
def test_a_name_that_is_something_else_on_windows_is_refused_everywhere(name: str, rule: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(Entry(name=name)), rule)

    assert not any((tmp_path / "outside/prefix").iterdir())


@pytest.mark.parametrize(
    "name", ["CONSOLE.exe", "COM10", "NULL", "nat.com1", ".hidden", "a b.exe", "ä.exe", "a..b", "win-bridge.exe"]
)
def test_a_name_that_only_looks_reserved_is_taken(name: str, tmp_path: Path) -> None:
    root = unzip(tmp_path, make_zip(Entry(name=name, content=b"x")))

    assert (root / name).read_bytes() == b"x"


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        pytest.param(["a", "a"], "same name", id="twice the same file"),
        pytest.param(["a", "./a"], "same name", id="twice the same file, spelt otherwise"),
        pytest.param(["bin/", "bin/"], "same name", id="twice the same directory"),
        pytest.param(["a/", "a"], "same name", id="file over a directory"),
        pytest.param(["nat.exe", "Nat.exe"], "in case alone", id="files that differ in case"),
        pytest.param(["bin/a", "Bin/b"], "in case alone", id="directories that differ in case"),
        pytest.param(["A", "a/b"], "in case alone", id="file over a directory that differs in case"),
        pytest.param(["Ä.exe", "ä.exe"], "in case alone", id="case beyond ASCII"),
        pytest.param(["\u0131.exe", "I.exe"], "in case alone", id="letters with the same capital"),
        pytest.param(["a", "a/b"], "collides", id="file below a file"),
    ],
)
def test_members_that_are_one_on_windows_are_refused(names: list[str], rule: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, make_zip(*(Entry(name=name) for name in names)), rule)


def test_a_name_in_an_extra_field_does_not_replace_the_one_that_was_checked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("plain")
        # Info-ZIP's Unicode path field: version 1, the checksum of the plain name, and another name.
        info.extra = bytes.fromhex("75700a0001") + zlib.crc32(b"plain").to_bytes(4, "little") + b"../x."
        archive.writestr(info, b"x")
    try:
        root = unzip(tmp_path, out.getvalue())
    except UnpackError as error:
        assert "another name in an extra field" in str(error)  # noqa: PT017 - newer Pythons read that field
    else:
        assert [path.name for path in root.iterdir()] == ["plain"]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../nat.exe", r"'\.\.'"),
        ("/nat.exe", "absolute"),
        ("NUL", "device"),
        ("nat.exe:b", "stream"),
        ("", "in its path"),
    ],
)
def test_a_single_file_keeps_the_rules_too(name: str, rule: str, tmp_path: Path) -> None:
    source, root = tmp_path / "nat.exe", tmp_path / "root"
    source.write_bytes(b"MZ")
    root.mkdir()

    with pytest.raises(UnpackError, match=rule):
        PrefixUnpacker(root).copy(source, name)

    assert not any(root.iterdir())
