"""Writes members of an archive below one directory and nowhere else.

Rules: no absolute path, no ``..``, nothing through a symbolic link, every name once (as the file system compares
names, so that names that differ in case alone are refused where it ignores case), hard links to earlier files only,
no set-user-id, set-group-id or sticky bit. Absolute symbolic links are read as Debian means them, from the root of
the tree, and written relative; links that lead out of the tree, on their own or through others, are refused.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal

_MODE_MASK = 0o755
_LINK_STEPS = 40
_IS_WINDOWS = os.name == "nt"


class Tree:
    """A directory that members are written below.

    Args:
        root: an existing directory that nobody else writes to.
        depth: how many directories a member may lie below.
    """

    def __init__(self, root: Path, *, depth: int) -> None:
        self.root = root
        self._depth = depth
        self._directories: set[PurePosixPath] = {PurePosixPath()}
        self._files: set[PurePosixPath] = set()
        self._links: set[PurePosixPath] = set()

    def path_of(self, name: str, refuse: Refusal) -> PurePosixPath:
        """Return the path of a member called ``name``, relative to the tree.

        Raises:
            UnpackError: the name is absolute, climbs, or cannot be a file name here.
        """
        if name.startswith("/"):
            refuse("has an absolute path")
        parts = [part for part in name.split("/") if part not in {"", "."}]
        if ".." in parts:
            refuse("has '..' in its path")
        if len(parts) > self._depth:
            refuse(f"lies more than {self._depth} directories deep")
        if "\0" in name or (_IS_WINDOWS and any(sign in name for sign in '\\:*?"<>|')):
            refuse("has a character in its name that this system does not allow")
        return PurePosixPath(*parts)

    def add_directory(self, path: PurePosixPath, refuse: Refusal) -> None:
        """Make a directory and those above it; one that is there stays."""
        for directory in (*reversed(path.parents), path):
            if directory in self._directories:
                continue
            if directory in self._links:
                refuse(f"lies behind the symbolic link '{directory}'")
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
        if not target or "\0" in target:
            refuse("is a symbolic link to nothing")
        self._prepare(path, refuse)
        if target.startswith("/"):
            inside = PurePosixPath(target.lstrip("/"))
            target = str(PurePosixPath(*[".."] * len(path.parent.parts), inside))
        os.symlink(target, self._at(path))  # noqa: PTH211 - the text of the link must stay as it is
        self._links.add(path)

    def check_links(self, refuse: Refusal) -> None:
        """Follow every symbolic link through the finished tree.

        Raises:
            UnpackError: one leads out of the tree, or in a circle.
        """
        for link in sorted(self._links):
            refuse.member = str(link)
            self._follow(link, refuse)
        refuse.member = ""

    def _follow(self, link: PurePosixPath, refuse: Refusal) -> None:
        pending = list(reversed(link.parts))
        reached: list[str] = []
        steps = 0
        while pending:
            part = pending.pop()
            if part == "..":
                if not reached:
                    refuse("is a symbolic link that leads out of the prefix")
                reached.pop()
                continue
            here = PurePosixPath(*reached, part)
            if here in self._links:
                steps += 1
                if steps > _LINK_STEPS:
                    refuse("is a symbolic link that leads in a circle")
                pending.extend(reversed(PurePosixPath(self._at(here).readlink().as_posix()).parts))
            else:
                reached.append(part)

    def _prepare(self, path: PurePosixPath, refuse: Refusal) -> None:
        if not path.parts:
            refuse("has no name")
        self.add_directory(path.parent, refuse)
        if os.path.lexists(self._at(path)):
            refuse("collides with another member of the same name")

    def _at(self, path: PurePosixPath) -> Path:
        return self.root.joinpath(*path.parts)
