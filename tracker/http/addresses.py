"""Addresses: how they are shown, and which files of this machine ``file:`` addresses mean."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from tracker.errors import UnreachableError


def shown(url: str) -> str:
    """Return ``url`` without what may be secret: user, password, fragment and the values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address that cannot be read)"
    query = "&".join(f"{name.partition('=')[0]}=..." for name in parts.query.split("&")) if parts.query else ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def is_file(url: str) -> bool:
    """Return whether ``url`` names a file of this machine."""
    return url[:5].lower() == "file:"


def local_path(url: str) -> Path:
    """Return the file that a ``file:`` address means; ``file:/x`` is as good as ``file:///x``.

    Raises:
        UnreachableError: the address names another machine, or no absolute path.
    """
    parts = urlsplit(url)
    path = Path(url2pathname(parts.path))
    if parts.netloc not in {"", "localhost"} or not path.is_absolute():
        message = f"{shown(url)}: names no file of this machine"
        raise UnreachableError(message, hint="Write file:///path/to/the/file.")
    return path
