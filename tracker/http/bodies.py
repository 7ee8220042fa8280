"""Bodies of answers, within bounds.

Nothing is asked for in a packed form. What a host packs all the same is unpacked when it is text; an archive is handed
on as it is, since its packing belongs to it.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING

import httpx

from tracker.errors import TrackerError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOT_MODIFIED = 304
_LARGEST_MESSAGE = 64 << 10
_TEXT = re.compile(r"text/.*|application/(json|xml|javascript|x-ndjson)|.*\+(json|xml)", re.IGNORECASE)
_PACKED_NAME = re.compile(r"\.(gz|tgz|xz|txz|bz2|zst|lz4|lzma|br|zip)$", re.IGNORECASE)
_ENCODING = re.compile(r"[a-z]{1,10}(, ?[a-z]{1,10})?", re.ASCII)
_GZIP = 16 + zlib.MAX_WBITS


def read_body(response: httpx.Response, address: str, max_bytes: int) -> bytes:
    """Return the body of an answer that was not read yet.

    Raises:
        UnreachableError: it is longer than ``max_bytes``, or packed in a way that is not understood.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"} or response.status_code == _NOT_MODIFIED or not is_text(response):
        return _collected(response.iter_raw(), address, max_bytes)
    if encoding not in {"gzip", "x-gzip"}:
        named = f" ({encoding})" if _ENCODING.fullmatch(encoding) else ""
        message = f"{address}: the answer is packed{named}, though it was asked for as it is"
        raise UnreachableError(message, hint="Look at a proxy that may be in the way.")
    packed = _bounded(response.iter_raw(), address, max_bytes)
    return _collected(_unpacked(packed, address, max_bytes), address, max_bytes)


def is_text(response: httpx.Response) -> bool:
    """Return whether an answer is text, and not an archive, by its kind, name and what was asked for."""
    if _PACKED_NAME.search(response.url.path):
        return False
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    return _TEXT.fullmatch(kind) is not None or (not kind and "json" in response.request.headers.get("accept", ""))


def read_message(response: httpx.Response) -> str:
    """Return what a refusal says to people in the ``message`` of its JSON; empty when it says nothing of the kind."""
    try:
        body = read_body(response, "", _LARGEST_MESSAGE)
        document = json.loads(body)
    except (TrackerError, httpx.TransportError, ValueError, RecursionError):
        return ""
    told = document.get("message") if isinstance(document, dict) else None
    return told if isinstance(told, str) else ""


def too_long(address: str, max_bytes: int) -> UnreachableError:
    """Return the error for an answer beyond its bound."""
    return UnreachableError(f"{address}: the answer is longer than {max_bytes} bytes")


def _collected(chunks: Iterable[bytes], address: str, max_bytes: int) -> bytes:
    return b"".join(_bounded(chunks, address, max_bytes))


def _bounded(chunks: Iterable[bytes], address: str, max_bytes: int) -> Iterator[bytes]:
    length = 0
    for chunk in chunks:
        length += len(chunk)
        if length > max_bytes:
            raise too_long(address, max_bytes)
        yield chunk


def _unpacked(chunks: Iterable[bytes], address: str, max_bytes: int) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(_GZIP)
    is_empty = True
    try:
        for chunk in chunks:
            waiting = chunk
            is_empty = is_empty and not chunk
            while waiting:
                if unpacking.eof:
                    # A further member of the same file.
                    unpacking = zlib.decompressobj(_GZIP)
                yield unpacking.decompress(waiting, max_bytes + 1)
                waiting = unpacking.unconsumed_tail or unpacking.unused_data
    except zlib.error as error:
        message = f"{address}: the answer is said to be packed with gzip, and is not"
        raise UnreachableError(message) from error
    if not (unpacking.eof or is_empty):
        message = f"{address}: the answer, packed with gzip, is not whole"
        raise UnreachableError(message)
