"""Verdicts from somewhere else: a published site, its ``matrix.json``, or the verdicts file of another home."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.errors import StoreError
from tracker.snapshot.document import SCHEMA, from_parts
from tracker.snapshot.file import from_bytes, open_snapshot
from tracker.snapshot.opened import in_memory

if TYPE_CHECKING:
    from tracker.protocols import NetworkSettings
    from tracker.snapshot.opened import OpenSnapshot

MATRIX = "matrix.json"
_VERDICTS = "verdicts.sqlite"
_MOST_BYTES = 2_000_000_000
_SQLITE = b"SQLite format 3\0"
_HINT = "Name a site's directory or URL, its matrix.json, or a verdicts.sqlite."


def open_published(where: str, network: NetworkSettings) -> OpenSnapshot:
    """Return the snapshot at ``where`` to ask it; close it after use.

    Args:
        where: a directory with a site or a home, a ``matrix.json``, a verdicts file, or a URL of them (http, https or
            file). Of a site's URL its ``matrix.json`` is taken.
        network: how to connect.

    Raises:
        StoreError: it cannot be reached, or is none.
    """
    scheme, _, rest = where.partition("://")
    if rest and scheme.lower() in {"http", "https"}:
        from tracker.snapshot.fetching import fetch, without_credentials

        url = _document_of(where)
        return _opened(fetch(url, network), without_credentials(url))
    path = _path_of(where) if where.lower().startswith("file:") else Path(where)
    if path.is_dir():
        path = next((path / name for name in (MATRIX, _VERDICTS) if (path / name).is_file()), path / MATRIX)
    return _from_file(path, where)


def _path_of(url: str) -> Path:
    from urllib.request import url2pathname

    return Path(url2pathname(urlsplit(url).path))


def _document_of(url: str) -> str:
    parts = urlsplit(url)
    before, _, last = parts.path.rpartition("/")
    if last.endswith((".json", ".sqlite")):
        return url
    path = before if last.endswith((".html", ".htm")) else parts.path.rstrip("/")
    return parts._replace(path=f"{path}/{MATRIX}", fragment="").geturl()


def _from_file(path: Path, where: str) -> OpenSnapshot:
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
            if head == _SQLITE:
                return open_snapshot(path)
            data = head + file.read(_MOST_BYTES)
    except OSError as error:
        message = f"{where}: no verdicts can be read there: {error.strerror or error}"
        raise StoreError(message, hint=_HINT) from error
    return _opened(data, where)


def _opened(data: bytes, name: str) -> OpenSnapshot:
    if data.startswith(_SQLITE):
        return from_bytes(data, name)
    try:
        document: Any = json.loads(data)
        if document["schema"] != SCHEMA:
            message = f"{name}: is of schema {document['schema']!r}, this program reads {SCHEMA}"
            raise StoreError(message, hint="Ask for a site that this version of tracker made.")
        return in_memory(from_parts(document, document["rows"]), name)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        sqlite3.Error,
    ) as error:
        message = f"{name}: holds no verdicts of tracker ({type(error).__name__}: {error})"
        raise StoreError(message, hint=_HINT) from error
