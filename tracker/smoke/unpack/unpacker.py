"""The one implementation of ``protocols.Unpacker``."""

from __future__ import annotations

import os
import tarfile
from typing import IO, TYPE_CHECKING, Self, cast

from tracker.smoke.unpack.ar import ar_members
from tracker.smoke.unpack.bounds import Bounds, Meter, Refusal
from tracker.smoke.unpack.decompress import Decompressed
from tracker.smoke.unpack.tree import Tree
from tracker.smoke.unpack.windows_names import check_name
from tracker.smoke.unpack.zipped import ZipReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KINDS = {
    tarfile.CHRTYPE: "a character device",
    tarfile.BLKTYPE: "a block device",
    tarfile.FIFOTYPE: "a named pipe",
}


class _StrictMember(tarfile.TarInfo):
    """A header that must be whole: tarfile itself takes a broken one after the first for the end of the archive."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # public, but not in the stubs
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error


class PrefixUnpacker:
    """Unpacks any number of archives below one directory, with bounds over all of them.

    Args:
        root: an existing directory that nobody else writes to.
        bounds: how much may come out.
    """

    def __init__(self, root: Path, bounds: Bounds | None = None) -> None:
        self._meter = Meter(bounds or Bounds())
        self._tree = Tree(root, depth=self._meter.bounds.depth)
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
            refuse(f"cannot be read: {error.strerror or error}")

    def tar(self, stream: IO[bytes], *, compression: str) -> tuple[str, ...]:
        """Unpack a tar stream and return the paths written, relative to the prefix, in archive order.

        Raises:
            UnpackError: a member breaks a rule, the archive is broken, or a file cannot be written.
        """
        refuse = Refusal(self._archive or getattr(stream, "name", "") or "archive")
        source = Decompressed(stream, compression, self._meter, refuse)
        try:
            return tuple(self._unpack(source, refuse))
        except (tarfile.TarError, ValueError, UnicodeError) as error:
            refuse(f"is no tar archive, or a broken one: {error}")
        except RecursionError:
            refuse("holds headers nested too deeply")
        except OSError as error:
            refuse(f"cannot be written: {error.strerror or error}")

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
            refuse(f"cannot be read or written: {error.strerror or error}")

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
                plain.allow(self._meter.bounds.member_bytes)
                self._tree.add_file(self._tree.path_of(name, refuse), cast("IO[bytes]", plain), 0o755, refuse)
        except OSError as error:
            refuse(f"cannot be copied: {error.strerror or error}")
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
        bounds = self._meter.bounds
        source.allow(bounds.header_bytes)
        with tarfile.open(fileobj=cast("IO[bytes]", source), mode="r|", tarinfo=_StrictMember, errorlevel=2) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile keeps every header it has seen
                refuse.member = member.name
                self._meter.count_member(member.size, refuse)
                source.allow(member.size + bounds.header_bytes)
                self._write(archive, member, refuse)
                refuse.member = ""
                source.allow(bounds.header_bytes + tarfile.RECORDSIZE)
                yield member.name
        self._tree.check_links(refuse)

    def _write(self, archive: tarfile.TarFile, member: tarfile.TarInfo, refuse: Refusal) -> None:
        path = self._tree.path_of(member.name, refuse)
        if member.size < 0:
            refuse("has a negative size")
        if member.issparse():
            refuse("is a sparse file")
        if member.isdir():
            self._tree.add_directory(path, refuse)
        elif member.issym():
            self._tree.add_symlink(path, member.linkname, refuse)
        elif member.islnk():
            self._tree.add_hard_link(path, self._tree.path_of(member.linkname, refuse), refuse)
        elif member.isreg():
            content = archive.extractfile(member)
            if content is None:
                refuse("has no content")
            self._tree.add_file(path, content, member.mode, refuse)
        else:
            refuse(f"is {_KINDS.get(member.type, f'of the unknown type {member.type!r}')}")
