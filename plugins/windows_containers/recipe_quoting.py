"""How foreign words are written into a recipe so that they stay words: in PowerShell and in Markdown. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

_PLAIN = re.compile(r"([\x20-\x7e]+)")
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9.+_-]")
_SPECIAL_IN_MARKDOWN = re.compile(r"[\\`*_\[\]<>&~#]")
_URL_SAFE = "/:?#@!$&'*+,;=%~-._"


def literal(text: str) -> str:
    r"""Return ``text`` as an expression of PowerShell, in printable ASCII alone.

    Other characters are named by their number: PowerShell 5 reads a script without a byte order mark in the code page
    of the machine, and takes typographic quotes for quotes.
    """
    parts = [_part(part) for part in _PLAIN.split(text) if part]
    if len(parts) == 1 and parts[0].startswith("'"):
        return parts[0]
    # Text first: what follows is then joined as text and not added as a number.
    return "(" + " + ".join(["''", *parts]) + ")" if parts else "''"


def _part(part: str) -> str:
    if _PLAIN.fullmatch(part):
        return "'" + part.replace("'", "''") + "'"
    units = part.encode("utf-16-be", "surrogatepass")
    pairs = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return " + ".join(f"[char]0x{one:04X}" for one in pairs)


def comment(text: str) -> str:
    """Return ``text`` for the inside of a comment: printable ASCII on one line, without the end of a comment."""
    return "".join(one if " " <= one <= "~" else " " for one in text).replace("#>", "# >")


def file_name(name: str) -> str:
    """Return a name that names a file in the directory where it is put, and nothing elsewhere."""
    safe = _UNSAFE_IN_NAME.sub("_", name)
    return safe if safe.strip(".") else f"_{safe}"


def web_address(url: str) -> str:
    """Return ``url`` in printable ASCII, with nothing that could end it."""
    return quote(url, safe=_URL_SAFE, errors="replace")


def cell(text: str) -> str:
    """Return Markdown that shows ``text`` on one line, also in a table."""
    return _SPECIAL_IN_MARKDOWN.sub(r"\\\g<0>", comment(text)).replace("|", "&#124;")


def code_cell(text: str) -> str:
    """Return ``text`` as a code span where that cannot break a table, else as plain text."""
    flat = comment(text).strip()
    return cell(flat) if not flat or "`" in flat or "|" in flat else f"`{flat}`"
