"""Names that Windows reads in its own way, which are therefore refused on every platform.

``NUL.txt`` is a device there, ``a:b`` a second stream of the file ``a``, ``a.`` the file ``a``, and ``Nat.exe`` the
same file as ``nat.exe``.

Source: Microsoft, "Naming Files, Paths, and Namespaces".
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tracker.smoke.unpack.names import check_text

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Refusal

_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN = re.compile(r'[*?"<>|]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)


def check_name(name: str, refuse: Refusal) -> None:
    """Refuse a relative path, written with ``/``, that is something else on Windows than it is elsewhere.

    Raises:
        UnpackError: that is so, or it is absolute or climbs.
    """
    check_text(name, refuse)
    if "\\" in name:
        refuse("has a backslash in its name")
    if name.startswith("/"):
        refuse("has an absolute path")
    if _DRIVE.match(name):
        refuse("has a drive letter in its path")
    if ":" in name:
        refuse("has ':' in its name, which means a second stream of a file on Windows")
    if bad := _FORBIDDEN.search(name):
        refuse(f"has {bad[0]!r} in its name, which Windows does not allow")
    for part in name.removesuffix("/").split("/"):
        _check_part(part, refuse)


def _check_part(part: str, refuse: Refusal) -> None:
    if part == ".":
        return
    if part in {"", ".."}:
        refuse(f"has {part!r} in its path")
    if _DEVICE.fullmatch(part):
        refuse(f"has {part!r} in its path, which is a device on Windows")
    if part[-1] in ". ":
        refuse("has a name that ends in a dot or a space, which Windows leaves out")


class Spellings:
    """Paths, compared without regard to case as Windows does, nor to Unicode's forms as other systems do."""

    def __init__(self) -> None:
        self._spelt: dict[str, str] = {}
        self._members: set[str] = set()

    def add(self, parts: tuple[str, ...], refuse: Refusal) -> None:
        """Take up the path of a member.

        Raises:
            UnpackError: another member has it, or it or a directory above it was spelt otherwise before.
        """
        for depth in range(1, len(parts) + 1):
            self.spell("/".join(parts[:depth]), refuse)
        path = "/".join(parts)
        if path in self._members:
            refuse("collides with another member of the same name")
        self._members.add(path)

    def spell(self, path: str, refuse: Refusal) -> None:
        """Take up the spelling of a path, whose directories were taken up before.

        Raises:
            UnpackError: it was spelt otherwise before.
        """
        spelt = self._spelt.setdefault(folded(path), path)
        if spelt == path:
            return
        if unicodedata.normalize("NFC", spelt) == unicodedata.normalize("NFC", path):
            refuse(f"differs from {spelt!r} in the form of its Unicode letters alone, which looks the same")
        refuse(f"differs in case alone from {spelt!r}, which is the same on Windows")


def folded(path: str) -> str:
    """Return the form that all spellings of a path have in common."""
    if path.isascii():
        return path.lower()
    # Windows compares what each letter's capital is, and the capital of the dotless i is I, which case folding alone
    # keeps apart.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).upper().casefold())
