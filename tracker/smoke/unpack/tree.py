"""Writes members of an archive below one directory and nowhere else.

Rules: no absolute path, no ``..``, nothing through a symbolic link, every name once (compared as Windows does, without
regard to case, unless the prefix is for POSIX systems alone), hard links to earlier files only, no set-user-id,
set-group-id or sticky bit. Absolute symbolic links are read as Debian means them, from the root of the tree, and
written relative; links that lead out of the tree, on their own or through others, are refused.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from tracker.smoke.unpack.links import Links
from tracker.smoke.unpack.names import check_target, relative_parts
from tracker.smoke.unpack.windows_names import Spellings, check_name

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Bounds, Refusal

_MODE_MASK = 0o755
_IS_WINDOWS = os.name == "nt"


class Tree:
    """A directory that members are written below.

    Args:
        root: an existing directory that nobody else writes to.
        bounds: how deep members may lie, and how many files and directories there may be.
    """

    def __init__(self, root: Path, bounds: Bounds) -> None:
        self.root = root
        self._bounds = bounds
        self._directories: set[PurePosixPath] = {PurePosixPath()}
        self._files: set[PurePosixPath] = set()
        self._links = Links(bounds.link_parts)
        self._spellings = Spellings()
        self._is_portable = True
        self._made = 0

    def allow_posix_names(self) -> None:
        """Allow from now on names that Windows alone reads in its own way; does nothing on Windows."""
        self._is_portable = _IS_WINDOWS

    def path_of(self, name: str, refuse: Refusal) -> PurePosixPath:
        """Return the path of a member called ``name``, relative to the tree.

        Raises:
            UnpackError: the name is absolute, climbs, or cannot be a file name here.
        """
        parts = relative_parts(name, refuse)
        if len(parts) > self._bounds.depth:
            refuse(f"lies more than {self._bounds.depth} directories deep")
        if parts and self._is_portable:
            check_name("/".join(parts), refuse)
        return PurePosixPath(*parts)

    def add_directory(self, path: PurePosixPath, refuse: Refusal) -> None:
        """Make a directory and those above it; one that is there stays."""
        if path in self._directories:
            return
        for directory in (*reversed(path.parents), path):
            if directory in self._directories:
                continue
            if self._links.is_link(directory):
                refuse(f"lies behind the symbolic link '{directory}'")
            self._claim(directory, refuse)
            try:
                self._at(directory).mkdir(mode=_MODE_MASK)
            except FileExistsError:
                refuse(f"collides with another member at '{directory}'")
            self._directories.add(directory)

    def add_file(self, path: PurePosixPath, content: IO[bytes], mode: int, refuse: Refusal) -> None:
        """Write a regular file; of its mode only the permission bits stay, and nobody but the owner may write."""
        self._prepare(path, refuse)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._at(path), flags, (mode & _MODE_MASK) | 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - exclusive creation without following links
            shutil.copyfileobj(content, file, 1 << 18)
        self._files.add(path)

    def add_hard_link(self, path: PurePosixPath, target: PurePosixPath, refuse: Refusal) -> None:
        """Link to a regular file that was written before."""
        if target not in self._files:
            refuse(f"is a hard link to '{target}', which is no earlier file of this prefix")
        self._prepare(path, refuse)
        os.link(self._at(target), self._at(path), follow_symlinks=False)
        self._files.add(path)

    def add_symlink(self, path: PurePosixPath, target: str, refuse: Refusal) -> None:
        """Make a symbolic link; ``check_links`` must follow when all members are there."""
        check_target(target, refuse, is_portable=self._is_portable)
        self._prepare(path, refuse)
        if target.startswith("/"):
            inside = PurePosixPath(target.lstrip("/"))
            target = str(PurePosixPath(*[".."] * len(path.parent.parts), inside))
        os.symlink(target, self._at(path))  # noqa: PTH211 - the text of the link must stay as it is
        self._links.add(path, target)

    def check_links(self, refuse: Refusal) -> None:
        """Follow every symbolic link through the finished tree.

        Raises:
            UnpackError: one leads out of the tree, or in a circle.
        """
        self._links.check(refuse, ignore_case=self._is_portable)

    def _prepare(self, path: PurePosixPath, refuse: Refusal) -> None:
        if not path.parts:
            refuse("has no name")
        self.add_directory(path.parent, refuse)
        if os.path.lexists(self._at(path)):
            refuse("collides with another member of the same name")
        self._claim(path, refuse)

    def _claim(self, path: PurePosixPath, refuse: Refusal) -> None:
        """Count something new, and refuse it where only its spelling tells it from something that is there."""
        if self._is_portable:
            self._spellings.spell(str(path), refuse)
        self._made += 1
        if self._made > self._bounds.member_count:
            refuse(f"more than {self._bounds.member_count} files and directories")

    def _at(self, path: PurePosixPath) -> Path:
        return self.root.joinpath(*path.parts)
