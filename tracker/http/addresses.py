"""Addresses: how they are shown, whom they ask, and which files of this machine ``file:`` addresses mean."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

import httpx

from tracker.errors import ConfigError, UnreachableError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def shown(url: str) -> str:
    """Return ``url`` without what may be secret: user, password, fragment and the values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address that cannot be read)"
    query = "&".join(f"{name.partition('=')[0]}=..." for name in parts.query.split("&")) if parts.query else ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def origin_of(url: httpx.URL) -> str:
    """Return scheme, host and port of ``url``, in one spelling; the sender's own reading of it, and no other."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}:{url.port or _DEFAULT_PORTS.get(url.scheme, 0)}"


def origin_or_nothing(url: str) -> str:
    """Return ``origin_of`` for the text of an address; empty when it cannot be read."""
    try:
        return origin_of(httpx.URL(url))
    except (httpx.InvalidURL, UnicodeError):
        return ""


def read_origin(text: str) -> str:
    """Return ``origin_of`` for what a person wrote, ``https://api.github.com`` say.

    Raises:
        ConfigError: it names no host of the web, or more than scheme, host and port.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, TypeError):
        url = httpx.URL()
    is_more = bool(url.userinfo or url.query or url.fragment or url.path.strip("/"))
    if url.scheme not in _DEFAULT_PORTS or not url.host or is_more:
        message = f"{shown(text)}: is no origin that a token can be sent to"
        raise ConfigError(message, hint="Write scheme, host and port alone: https://HOST or https://HOST:PORT.")
    return origin_of(url)


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
