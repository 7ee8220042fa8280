"""Verdicts from somewhere else: a published site, its ``matrix.json``, or the file of another home.

A site is fetched with the standard library alone, so that ``check`` starts as fast as ever.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tracker.errors import StoreError
from tracker.snapshot.document import SCHEMA, from_parts
from tracker.snapshot.opened import OpenSnapshot, in_memory

MATRIX = "matrix.json"
_MOST_BYTES = 200_000_000
_TIMEOUT_SECONDS = 30
_HINT = "Name a site's directory or URL, its matrix.json, or a verdicts.sqlite."


def open_published(where: str) -> OpenSnapshot:
    """Return the snapshot at ``where``: a directory of a site, a ``matrix.json``, a verdicts file, or a URL of them.

    Raises:
        StoreError: it cannot be reached, or is none.
    """
    if where.startswith(("http://", "https://")):
        return _parsed(_fetched(where if where.endswith(".json") else f"{where.rstrip('/')}/{MATRIX}"), where)
    path = Path(where.removeprefix("file://"))
    if path.is_dir():
        path /= MATRIX
    if path.suffix == ".sqlite":
        from tracker.snapshot.file import open_snapshot

        return open_snapshot(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{where}: no verdicts can be read there: {error.strerror}"
        raise StoreError(message, hint=_HINT) from error
    return _parsed(data, where)


def _fetched(url: str) -> bytes:
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - http and https alone get here
            data: bytes = response.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        message = f"{_plain(url)}: cannot be fetched: {reason}"
        raise StoreError(message, hint="Is it the address of a published site?") from error
    if len(data) > _MOST_BYTES:
        message = f"{_plain(url)}: more than {_MOST_BYTES} bytes"
        raise StoreError(message, hint="That is no matrix.json of a site.")
    return data


def _plain(url: str) -> str:
    """Return ``url`` without a name and password."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _parsed(data: bytes, where: str) -> OpenSnapshot:
    try:
        document: Any = json.loads(data)
        if document["schema"] != SCHEMA:
            message = f"{_plain(where)}: is of schema {document['schema']!r}, this program reads {SCHEMA}"
            raise StoreError(message, hint="Ask for a site that this version of tracker made.")
        return in_memory(from_parts(document, document["rows"]), _plain(where))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{_plain(where)}: holds no verdicts of tracker ({type(error).__name__}: {error})"
        raise StoreError(message, hint=_HINT) from error
