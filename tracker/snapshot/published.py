"""Verdicts from somewhere else: a published site, its ``matrix.json``, or the verdicts file of another home."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.errors import SignatureError, StoreError, UntrustedError, UsageError
from tracker.signing import HOW_TO_TRUST, PUBLIC_KEY, SUFFIX, untrusted, verify
from tracker.signing import MATRIX as MATRIX_KIND
from tracker.snapshot.document import SCHEMA, from_parts
from tracker.snapshot.file import from_bytes
from tracker.snapshot.opened import in_memory

if TYPE_CHECKING:
    from tracker.configured import TrustConfig
    from tracker.protocols import NetworkSettings
    from tracker.snapshot.opened import OpenSnapshot

MATRIX = "matrix.json"
_VERDICTS = "verdicts.sqlite"
_MOST_BYTES = 2_000_000_000
_SQLITE = b"SQLite format 3\0"
_HINT = "Name a site's directory or URL, its matrix.json, or a verdicts.sqlite."


def open_published(
    where: str, network: NetworkSettings, trust: TrustConfig, *, accept_unsigned: bool = False
) -> OpenSnapshot:
    """Return the snapshot at ``where`` to ask it; close it after use.

    Args:
        where: a directory with a site or a home, a ``matrix.json``, a verdicts file, or a URL of them (http, https or
            file). Of a site's URL its ``matrix.json`` is taken. Its signature lies beside it.
        network: how to connect.
        trust: whose signature counts.
        accept_unsigned: read it although no key that is trusted signed it.

    Raises:
        StoreError: it cannot be reached, or is none.
        UntrustedError: it was changed, or nobody that is trusted signed it.
    """
    scheme, _, rest = where.partition("://")
    if rest and scheme.lower() in {"http", "https"}:
        return _from_url(_document_of(where), network, trust, accept_unsigned=accept_unsigned)
    path = _path_of(where) if where.lower().startswith("file:") else Path(where)
    if path.is_dir():
        path = next((path / name for name in (MATRIX, _VERDICTS) if (path / name).is_file()), path / MATRIX)
    data = _bytes_of(path, where)
    beside = path.with_name(path.name + SUFFIX)
    signature = _bytes_of(beside, where) if beside.is_file() else b""
    holder = _holder(data, signature, where, trust, accept_unsigned=accept_unsigned)
    return _opened(data, where, holder)


def _from_url(url: str, network: NetworkSettings, trust: TrustConfig, *, accept_unsigned: bool) -> OpenSnapshot:
    from tracker.snapshot.fetching import NotThereError, fetch, without_credentials

    parts = urlsplit(url)
    beside = parts._replace(path=parts.path + SUFFIX).geturl()
    name = without_credentials(url)

    def fetched() -> tuple[bytes, bytes]:
        data = fetch(url, network)
        try:
            return data, fetch(beside, network)
        except NotThereError:
            return data, b""

    data, signature = fetched()
    try:
        holder = _holder(data, signature, name, trust, accept_unsigned=accept_unsigned)
    except SignatureError:
        # A site that is being published shows the two from different moments, for a moment.
        data, signature = fetched()
        holder = _holder(data, signature, name, trust, accept_unsigned=accept_unsigned)
    return _opened(data, name, holder)


def _holder(data: bytes, signature: bytes, name: str, trust: TrustConfig, *, accept_unsigned: bool) -> str:
    """Return the name under which the key of a signature is trusted; empty where that may be and none is."""
    key = verify(data, MATRIX_KIND, signature, name) if signature else ""
    holder = trust.holder(key)
    if not holder and not accept_unsigned:
        raise UntrustedError(untrusted(name, key), hint=f"{HOW_TO_TRUST}\nFor once: --unsigned")
    return holder


def require_key(text: str) -> str:
    """Return ``text`` where it is a public key.

    Raises:
        UsageError: it is none.
    """
    if not re.fullmatch(PUBLIC_KEY, text):
        message = f"--key {text}: is no key"
        raise UsageError(message, hint="`tracker key` prints one on the box that published it: ed25519:...")
    return text


def shown(where: str) -> str:
    """Return ``where`` without a name and password."""
    from tracker.snapshot.fetching import without_credentials

    return without_credentials(where) if "://" in where else where


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


def _bytes_of(path: Path, where: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        message = f"{where}: no verdicts can be read there: {error.strerror or error}"
        raise StoreError(message, hint=_HINT) from error


def _opened(data: bytes, name: str, signed_by: str) -> OpenSnapshot:
    if data.startswith(_SQLITE):
        snapshot = from_bytes(data, name)
        snapshot.signed_by = signed_by
        return snapshot
    try:
        document: Any = json.loads(data)
        if document["schema"] != SCHEMA:
            message = f"{name}: is of schema {document['schema']!r}, this program reads {SCHEMA}"
            raise StoreError(message, hint="Ask for a site that this version of tracker made.")
        snapshot = in_memory(from_parts(document, document["rows"]), name)
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
    snapshot.signed_by = signed_by
    return snapshot
