"""What no name in an archive may be, whichever system it was made for.

A name must be text that a person can be shown, and mean the same place to every program that reads it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal

PART_BYTES = 255
"""What the file systems of Linux and Windows take for one name."""
PATH_BYTES = 2048
"""Half of what Linux takes for a whole path: the prefix itself has one too."""
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")


def decode_name(raw: bytes, refuse: Refusal) -> str:
    """Return a name as text and make it the member that ``refuse`` tells of.

    Raises:
        UnpackError: it is no UTF-8.
    """
    refuse.member = raw.decode("utf-8", "backslashreplace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        refuse("has a name that is no UTF-8 text")


def check_text(name: str, refuse: Refusal) -> None:
    """Refuse a name that cannot be shown, or is longer than any file system takes.

    Raises:
        UnpackError: that is so.
    """
    if bad := _UNSHOWABLE.search(name):
        refuse(f"has the control character {bad[0]!r} in its name")
    if len(name.encode()) > PATH_BYTES:
        refuse(f"has a path of {len(name.encode())} bytes, more than {PATH_BYTES}")
    for part in name.split("/"):
        if len(part.encode()) > PART_BYTES:
            refuse(f"has a name of {len(part.encode())} bytes, more than {PART_BYTES}")


def relative_parts(name: str, refuse: Refusal) -> tuple[str, ...]:
    r"""Return the parts of a relative path, without those that say nothing.

    What is relative here must be relative on Windows too: ``C:/x``, ``\\host\x`` and ``..\x`` are refused everywhere,
    while a backslash inside a name is one (systemd's units have some).

    Raises:
        UnpackError: it is absolute, climbs, or cannot be a name.
    """
    check_text(name, refuse)
    if name.startswith(("/", "\\")):
        refuse("has an absolute path")
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if any(part.startswith("\\") for part in parts):
        refuse("has an absolute path, as Windows reads it")
    if parts and _DRIVE.match(parts[0]):
        refuse("has a drive letter in its path")
    if ".." in name.replace("\\", "/").split("/"):
        refuse("has '..' in its path")
    return parts


def check_target(target: str, refuse: Refusal, *, is_portable: bool) -> None:
    """Refuse the text of a symbolic link that Windows reads in another way than others do.

    Args:
        target: where it leads to.
        refuse: names archive and member.
        is_portable: no backslash may be in it, not even inside a name.

    Raises:
        UnpackError: that is so.
    """
    if not target:
        refuse("is a symbolic link to nothing")
    check_text(target, refuse)
    if _DRIVE.match(target):
        refuse(f"is a symbolic link to a drive, {target!r}")
    if "\\" in target:
        climbs = ".." in target.replace("\\", "/").split("/")
        if is_portable or climbs or target.startswith("\\"):
            refuse(f"is a symbolic link that Windows reads otherwise, to {target!r}")
