"""The installer ``deb`` with packages and programs that are built on the spot."""

from __future__ import annotations

import io
import struct
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.debian.elf import NotElfError, read_needed
from tracker.plugins.debian.installer import DebInstaller

from tracker.errors import SmokeError
from tracker.http import Client
from tracker.model import AssetRole, Component, Release
from tracker.protocols import InstallRequest, NetworkSettings
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.model import Asset

_COMPONENT = Component(
    name="tool", title="", source="", scheme="", installer="deb", binaries={"tool": ("usr/bin/tool", "bin/tool")}
)


def _member(name: bytes, content: bytes) -> bytes:
    header = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8)
    return header + str(len(content)).encode().ljust(10) + b"`\n" + content + b"\n" * (len(content) % 2)


def _package(files: dict[str, bytes], *, version: bytes = b"2.0\n") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size, info.mode = len(content), 0o755
            archive.addfile(info, io.BytesIO(content))
    members = ((b"debian-binary", version), (b"control.tar.xz", b""), (b"data.tar.xz", out.getvalue()))
    return b"!<arch>\n" + b"".join(_member(name, content) for name, content in members)


@pytest.fixture
def install(tmp_path: Path, asset_of: Callable[..., Asset]) -> Callable[..., Path]:
    """Return what installs a main package and libraries, and returns the prefix."""

    def run(main: bytes, *libraries: bytes) -> Path:
        files: dict[Asset, Path] = {}
        for number, data in enumerate((main, *libraries)):
            path = tmp_path / ("tool_1_amd64.deb" if not number else f"lib{number}_1_amd64.deb")
            path.write_bytes(data)
            files[asset_of(path, role=AssetRole.LIBRARY if number else AssetRole.MAIN)] = path
        staging, prefix = tmp_path / "staging", tmp_path / "prefix"
        staging.mkdir()
        release = Release(component="tool", version="1", upstream_version="1", line="", channel="", assets=tuple(files))
        DebInstaller().install(
            InstallRequest(
                component=_COMPONENT,
                release=release,
                files=files,
                staging=staging,
                prefix=prefix,
                unpacker=PrefixUnpacker(staging),
                http=Client(NetworkSettings(offline=True)),
            )
        )
        staging.rename(prefix)
        return prefix

    return run


@pytest.fixture
def program(tmp_path: Path, needs: Callable[[str], None]) -> Callable[..., bytes]:
    """Return what compiles a program, or a library by its file name, that needs the given libraries."""
    needs("cc")
    built = tmp_path / "built"
    built.mkdir()

    def build(function: str, *, needing: dict[str, str] | None = None, library: str = "") -> bytes:
        calls = "".join(f"int {name}(void);" for name in (needing or {}).values())
        total = " + ".join(["1", *(f"{name}()" for name in (needing or {}).values())])
        source = built / f"{function}.c"
        source.write_text(f"{calls} int {function}(void) {{ return {total}; }}\n", encoding="utf-8")
        shared = ["-shared", "-fPIC", f"-Wl,-soname,{library}"] if library else []
        out = built / (library or function)
        linked = [str(built / name) for name in needing or {}]
        subprocess.run(["cc", *shared, "-o", out, source, *linked, "-Wl,--allow-shlib-undefined"], check=True)
        return out.read_bytes()

    return build


def test_a_program_finds_its_libraries_and_theirs_by_absolute_path(
    install: Callable[..., Path], program: Callable[..., bytes]
) -> None:
    deep = program("deep", library="libdeep.so.1")
    near = program("near", library="libnear.so.2", needing={"libdeep.so.1": "deep"})
    main = program("main", needing={"libnear.so.2": "near"})

    prefix = install(
        _package({"usr/bin/tool": main}),
        _package({"usr/lib/x/libnear.so.2": near}),
        _package({"lib/y/libdeep.so.1": deep}),
    )

    done = subprocess.run([prefix / "usr/bin/tool"], check=False, env={}, capture_output=True)
    assert (done.returncode, done.stderr) == (3, b"")


def test_a_library_that_no_package_holds_is_named(install: Callable[..., Path], program: Callable[..., bytes]) -> None:
    deep = program("deep", library="libdeep.so.1")
    near = program("near", library="libnear.so.2", needing={"libdeep.so.1": "deep"})
    main = program("main", needing={"libnear.so.2": "near"})
    assert deep

    with pytest.raises(SmokeError) as caught:
        install(_package({"usr/bin/tool": main}), _package({"usr/lib/libnear.so.2": near}))

    assert "libnear.so.2 needs libdeep.so.1" in str(caught.value)
    assert "lib1_1_amd64.deb, tool_1_amd64.deb" in str(caught.value)


def test_a_program_that_needs_the_c_library_alone_stays_as_it_is(
    install: Callable[..., Path], program: Callable[..., bytes]
) -> None:
    main = program("main")

    prefix = install(_package({"bin/tool": main}))

    assert (prefix / "bin/tool").read_bytes() == main


def test_a_script_is_left_alone(install: Callable[..., Path]) -> None:
    prefix = install(_package({"usr/bin/tool": b"#!/bin/sh\n"}))

    assert (prefix / "usr/bin/tool").read_bytes() == b"#!/bin/sh\n"


@pytest.mark.parametrize(
    ("package", "rule"),
    [
        pytest.param(_package({}, version=b"3.0\n"), "unknown format", id="format"),
        pytest.param(b"!<arch>\n" + _member(b"debian-binary", b"2.0\n"), r"no control\.tar", id="no control"),
        pytest.param(b"PK", "no ar archive", id="no archive"),
        pytest.param(_package({"../../x": b""}), "'\\.\\.' in its path", id="hostile"),
    ],
)
def test_a_package_that_is_none_is_refused_by_name(package: bytes, rule: str, install: Callable[..., Path]) -> None:
    with pytest.raises(SmokeError, match=rule) as caught:
        install(package)

    assert "tool_1_amd64.deb" in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"#!/bin/sh", b"\x7fELF", b"\x7fELF\x02\x01" + b"\xff" * 100])
def test_what_is_no_elf_file_is_said(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)

    with pytest.raises(NotElfError):
        read_needed(path)


def test_a_static_file_needs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "static"
    header = b"\x7fELF\x02\x01" + bytes(26) + struct.pack("<Q", 64) + bytes(14) + struct.pack("<HH", 56, 0)
    path.write_bytes(header.ljust(128, b"\0"))

    assert read_needed(path) == ()


def test_the_needed_libraries_are_those_that_readelf_tells(needs: Callable[[str], None]) -> None:
    needs("readelf")
    told = subprocess.run(["readelf", "-d", "/bin/ls"], capture_output=True, text=True, check=True).stdout
    expected = tuple(line.partition("[")[2].rstrip("]") for line in told.splitlines() if "(NEEDED)" in line)

    assert read_needed(Path("/bin/ls")) == expected
