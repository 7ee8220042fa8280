"""A coverage-guided fuzzer over the unpacker, run by hand: see CONTRIBUTING.md.

It holds what docs/archives.md promises of any input: nothing appears outside of the prefix, no link leads out of it,
nothing is raised but ``UnpackError``, that names the archive, and no bound on bytes or number is passed.

    python -m tests.fuzz.unpack_fuzzer tar|zip|deb DIRECTORY [options of libFuzzer]
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports():
    import zipfile  # noqa: F401 - our own code reads the directories of zip archives with it

    from tracker.plugins.debian.package_file import PackageFile

    from tests.fuzz import corpus
    from tracker.errors import UnpackError
    from tracker.smoke.unpack import Bounds, PrefixUnpacker

_BOUNDS = Bounds(total_bytes=1 << 20, member_bytes=1 << 19, member_count=200, header_bytes=1 << 14)
_COMPRESSIONS = ("", "gz", "xz", "bz2", "zst", "lzma")
_MAGIC_AT, _BLOCK = 257, 512
_MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it


class Sandbox:
    """A directory with a prefix in it, and nothing else that could change.

    Args:
        form: ``tar``, ``zip`` or ``deb``.
    """

    def __init__(self, form: str) -> None:
        self._form = form
        self._around = Path(tempfile.mkdtemp(prefix="unpack-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None))
        self._root = self._around / "prefix"
        self._archive = self._around / "archive"

    def try_one(self, data: bytes) -> None:
        """Unpack ``data``; whatever is not as promised ends the fuzzer."""
        self._root.mkdir()
        said = ""
        try:
            self._unpack(data)
        except UnpackError as error:
            said = str(error)
        else:
            self._check_links()
        assert not said or ("archive" in said and "\n" in said), said
        self._check_bounds()
        found = sorted(path.name for path in self._around.iterdir())
        assert found in (["prefix"], ["archive", "prefix"]), found
        shutil.rmtree(self._root)

    def remove(self) -> None:
        """Remove what was made."""
        shutil.rmtree(self._around)

    def _unpack(self, data: bytes) -> None:
        unpacker = PrefixUnpacker(self._root, _BOUNDS)
        if self._form == "tar":
            choice = data[0] if data else 0
            unpacker.tar(
                io.BytesIO(data[1:]),
                compression=_COMPRESSIONS[choice % len(_COMPRESSIONS)],
                posix_names=bool(choice & 0x80),
            )
            return
        self._archive.write_bytes(data)
        if self._form == "zip":
            unpacker.zip(self._archive)
        else:
            PackageFile("archive", self._archive).unpack(unpacker)

    def _check_links(self) -> None:
        for directory, names, files in os.walk(self._root):
            for name in (*names, *files):
                path = Path(directory, name)
                if path.is_symlink():
                    assert path.resolve().is_relative_to(self._root), path

    def _check_bounds(self) -> None:
        count = size = 0
        for directory, names, files in os.walk(self._root):
            count += len(names) + len(files)
            size += sum(Path(directory, name).lstat().st_size for name in files)
        assert count <= 2 * _BOUNDS.member_count, count
        assert size <= _BOUNDS.total_bytes + (1 << 18), size


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Return ``data`` changed, mostly with the checksums of tar headers made right again: else all ends at them."""
    changed = bytearray(atheris.Mutate(data, max_size))
    if seed % 8 == 0:
        return bytes(changed)
    at = -1
    while (at := changed.find(b"ustar", at + 1)) >= 0:
        block = at - _MAGIC_AT
        if block >= 0 and block + _BLOCK <= len(changed):
            changed[block + 148 : block + 156] = b" " * 8
            total = sum(changed[block : block + _BLOCK])
            changed[block + 148 : block + 156] = b"%06o\0 " % total
    return bytes(changed)


def main() -> None:
    """Fuzz until libFuzzer's options end it."""
    form, directory, *options = sys.argv[1:]
    seeds = Path(directory) / form
    corpus.write(form, seeds)
    sandbox = Sandbox(form)

    def try_one(data: Any) -> None:  # noqa: ANN401 - bytes; atheris has no types
        sandbox.try_one(bytes(data))

    atheris.Setup([sys.argv[0], str(seeds), *options], try_one, custom_mutator=mutate)
    try:
        atheris.Fuzz()
    finally:
        sandbox.remove()


if __name__ == "__main__":
    main()
