"""The next page of a list, read from a ``Link`` header; pure.

Grammar as in RFC 8288, section 3, read 2026-11-23; OCI registries write ``</v2/NAME/tags/list?n=..>; rel="next"``.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_LINK = re.compile(r"\s*,*\s*<([^<>]*)>")
_PARAMETER = re.compile(
    r"""\s*;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+\*?)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;<>]+)))?""", re.DOTALL
)
_PORTS = {"http": 80, "https": 443}


def next_page(header: str, base: str) -> str | None:
    """Return the address of the next page, absolute; ``None`` when the header names none.

    Args:
        header: of the answer; several are one, joined by commas. What breaks the grammar ends the reading.
        base: address of the answer, against which a relative one counts.

    Raises:
        ValueError: there is one, and its address cannot be read.
    """
    at = 0
    while link := _LINK.match(header, at):
        at = link.end()
        relations: set[str] = set()
        while parameter := _PARAMETER.match(header, at):
            at = parameter.end()
            if parameter[1].lower() == "rel" and not relations:
                relations = {word.lower() for word in (parameter[2] or parameter[3] or "").split()}
        if "next" in relations:
            return urljoin(base, str(link[1]))
    return None


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address; a port that is the scheme's own is the same as none written.

    Raises:
        ValueError: the address cannot be read.
    """
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme.lower())
