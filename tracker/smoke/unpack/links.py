"""Where the symbolic links of a tree lead, worked out without asking the file system."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tracker.smoke.unpack.windows_names import folded

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal

_LINK_STEPS = 40
"""As many as Linux follows."""


class Links:
    """The symbolic links of one tree.

    Args:
        most_parts: how many names may be looked at to follow all of them.
    """

    def __init__(self, most_parts: int) -> None:
        self._most_parts = most_parts
        self._targets: dict[str, tuple[str, ...]] = {}
        self._spelt: dict[str, str] = {}
        self._left = most_parts

    def add(self, path: PurePosixPath, target: str) -> None:
        """Take up a link, whose target is relative to its directory."""
        self._targets[str(path)] = PurePosixPath(target).parts
        self._spelt.setdefault(folded(str(path)), str(path))

    def is_link(self, path: PurePosixPath) -> bool:
        """Return whether a link of exactly this path is there."""
        return str(path) in self._targets

    def check(self, refuse: Refusal, *, ignore_case: bool) -> None:
        """Follow every link.

        Args:
            refuse: names archive and member.
            ignore_case: a link is also reached by a path that is spelt in another case.

        Raises:
            UnpackError: one leads out of the tree, in a circle, or all take too long to follow.
        """
        self._left = self._most_parts
        for link in sorted(self._targets):
            refuse.member = link
            self._follow(link, refuse, ignore_case=ignore_case)
        refuse.member = ""

    def _follow(self, link: str, refuse: Refusal, *, ignore_case: bool) -> None:
        pending = link.split("/")[::-1]
        reached: list[str] = []
        steps = 0
        while pending:
            part = pending.pop()
            self._left -= 1
            if self._left < 0:
                refuse("is one of too many symbolic links through each other")
            if part == "..":
                if not reached:
                    refuse("is a symbolic link that leads out of the prefix")
                reached.pop()
                continue
            here = "/".join((*reached, part))
            found = self._targets.get(here)
            if found is None and ignore_case:
                found = self._targets.get(self._spelt.get(folded(here), ""))
            if found is None:
                reached.append(part)
                continue
            steps += 1
            if steps > _LINK_STEPS:
                refuse("is a symbolic link that leads in a circle, or through too many others")
            pending.extend(reversed(found))
