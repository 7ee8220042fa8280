"""How much an archive may hold, and the counting that enforces it."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import NoReturn

from tracker.errors import UnpackError

_SHOWN = 200
_REFUSED = (
    "The archive was refused; nothing of it was installed. Ask its upstream for one that keeps the rules "
    "(docs/archives.md), or leave this version out."
)
_FULL = "Nothing of it was installed. Free space on the disk that the home lies on; the next run tries again."
_MACHINE = "Nothing of it was installed. See to the disk that the home lies on; the next run tries again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Limits of one prefix, over all archives that are unpacked into it.

    Attributes:
        total_bytes: content after decompression.
        member_bytes: content of one member.
        member_count: members of every kind; files and directories, those among them that no member lists.
        ratio: bytes after decompression for each byte before it.
        ratio_floor_bytes: the ratio is not looked at before this much has come out.
        header_bytes: what may be read to learn of one member (long names, extended headers).
        depth: parts of a member's path.
        link_parts: names that are looked at to follow all symbolic links; some seconds of work, and far above what a
            real tree needs.
    """

    total_bytes: int = 4 << 30
    member_bytes: int = 1 << 30
    member_count: int = 200_000
    ratio: int = 200
    ratio_floor_bytes: int = 16 << 20
    header_bytes: int = 1 << 20
    depth: int = 64
    link_parts: int = 2_000_000


class Refusal:
    """Raises the errors of one archive, each with archive, member and rule."""

    def __init__(self, archive: str) -> None:
        self.archive = archive
        self.member = ""

    def __call__(self, rule: str) -> NoReturn:
        """Raise the error that says that ``member`` of this archive breaks ``rule``."""
        message = f"{self._where()}: {rule}"
        raise UnpackError(message, hint=_REFUSED)

    def because_of(self, error: OSError) -> NoReturn:
        """Raise the error that says that ``member`` could not be read or written for a reason of this machine's."""
        hint = _FULL if error.errno in {errno.ENOSPC, errno.EDQUOT} else _MACHINE
        message = f"{self._where()}: cannot be unpacked: {error.strerror or error}"
        raise UnpackError(message, hint=hint) from error

    def _where(self) -> str:
        if not self.member:
            return self.archive
        member = self.member if len(self.member) <= _SHOWN else f"{self.member[:_SHOWN]}..."
        return f"{self.archive}: member {member!r}"


class Meter:
    """Counts what came out of all archives of one prefix."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._total_bytes = 0
        self._member_count = 0

    def count_member(self, size: int, refuse: Refusal) -> None:
        """Count one member of ``size`` bytes.

        Raises:
            UnpackError: a bound is passed.
        """
        self._member_count += 1
        if self._member_count > self.bounds.member_count:
            refuse(f"more than {self.bounds.member_count} members")
        if size > self.bounds.member_bytes:
            refuse(f"holds {size} bytes, more than {self.bounds.member_bytes} for one member")

    def count_bytes(self, size: int, refuse: Refusal) -> None:
        """Count ``size`` bytes of decompressed content.

        Raises:
            UnpackError: the bound of the whole is passed.
        """
        self._total_bytes += size
        if self._total_bytes > self.bounds.total_bytes:
            refuse(f"unpacks to more than {self.bounds.total_bytes} bytes")
