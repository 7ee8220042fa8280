"""The one implementation of ``protocols.Unpacker``."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, cast

from tracker.smoke.unpack.ar import ar_members
from tracker.smoke.unpack.bounds import Bounds, Meter, Refusal
from tracker.smoke.unpack.decompress import Decompressed
from tracker.smoke.unpack.tarred import TarReader
from tracker.smoke.unpack.tree import Tree
from tracker.smoke.unpack.windows_names import check_name
from tracker.smoke.unpack.zipped import ZipReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.smoke.unpack.tarred import TarMember


class PrefixUnpacker:
    """Unpacks any number of archives below one directory, with bounds over all of them.

    Args:
        root: an existing directory that nobody else writes to.
        bounds: how much may come out.
    """

    def __init__(self, root: Path, bounds: Bounds | None = None) -> None:
        self._meter = Meter(bounds or Bounds())
        self._tree = Tree(root, self._meter.bounds)
        self._archive = ""

    def ar_members(self, archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
        """Yield name and content of each member of an ``ar`` archive in its order; each is read before the next.

        Raises:
            UnpackError: it is broken, or cannot be read.
        """
        self._archive = archive.name
        refuse = Refusal(archive.name)
        try:
            with archive.open("rb") as stream:
                yield from ar_members(stream, refuse)
        except OSError as error:
            refuse.because_of(error)

    def tar(self, stream: IO[bytes], *, compression: str, posix_names: bool = False) -> tuple[str, ...]:
        """Unpack a tar stream and return the paths written, relative to the prefix, in archive order.

        Raises:
            UnpackError: a member breaks a rule, the archive is broken, or a file cannot be written.
        """
        refuse = Refusal(self._archive or getattr(stream, "name", "") or "archive")
        if posix_names:
            self._tree.allow_posix_names()
        source = Decompressed(stream, compression, self._meter, refuse)
        try:
            return tuple(self._unpack(source, refuse))
        except OSError as error:
            refuse.because_of(error)

    def zip(self, archive: Path) -> tuple[str, ...]:
        """Unpack a zip archive and return the paths written, relative to the prefix, in archive order.

        Every file can be executed: archives that were made on Windows tell no permissions.

        Raises:
            UnpackError: a member breaks a rule, the archive is broken, or a file cannot be written.
        """
        refuse = Refusal(archive.name)
        try:
            with archive.open("rb") as file:
                return tuple(self._unzip(file, refuse))
        except OSError as error:
            refuse.because_of(error)

    def copy(self, source: Path, name: str) -> str:
        """Copy a single file into the prefix as ``name``, executable by everybody, and return ``name``.

        Args:
            source: the file.
            name: path relative to the prefix, with ``/``; the rules for members of zip archives hold for it.

        Raises:
            UnpackError: the name breaks a rule, or the file cannot be read or written.
        """
        refuse = Refusal(source.name)
        refuse.member = name
        try:
            check_name(name, refuse)
            with source.open("rb") as content:
                self._meter.count_member(os.fstat(content.fileno()).st_size, refuse)
                plain = Decompressed(content, "", self._meter, refuse)
                self._tree.add_file(self._tree.path_of(name, refuse), cast("IO[bytes]", plain), 0o755, refuse)
        except OSError as error:
            refuse.because_of(error)
        return name

    def _unzip(self, file: IO[bytes], refuse: Refusal) -> Iterator[str]:
        for name, content in ZipReader(file, self._meter, refuse).members():
            path = self._tree.path_of(name, refuse)
            if content is None:
                self._tree.add_directory(path, refuse)
            else:
                self._tree.add_file(path, content, 0o755, refuse)
            if name:
                yield name

    def _unpack(self, source: Decompressed, refuse: Refusal) -> Iterator[str]:
        for member in TarReader(source, self._meter, refuse).members():
            self._write(member, refuse)
            yield member.name
        self._tree.check_links(refuse)

    def _write(self, member: TarMember, refuse: Refusal) -> None:
        path = self._tree.path_of(member.name, refuse)
        if member.symlink is not None:
            self._tree.add_symlink(path, member.symlink, refuse)
        elif member.hard_link:
            self._tree.add_hard_link(path, self._tree.path_of(member.hard_link, refuse), refuse)
        elif member.content is not None:
            self._tree.add_file(path, member.content, member.mode, refuse)
        else:
            self._tree.add_directory(path, refuse)
