"""One file from a published site, with the standard library alone: ``check`` loads no network client.

The rules are those of every connection: the system's trust store and ``ca_file``, the configured proxy, no name or
password in any message or on its way to another host, no way from https back to http, bounds on size and time.
"""

from __future__ import annotations

import base64
import http.client
import ssl
import time
import urllib.error
import urllib.request
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tracker import __version__
from tracker.errors import StoreError

if TYPE_CHECKING:
    from tracker.protocols import NetworkSettings

MOST_BYTES = 200_000_000
_LONGEST_SECONDS = 300
_CHUNK_BYTES = 1 << 16
_MISSING = (404, 410)
_HINT = "Is it the address of a published site? A downloaded matrix.json answers as well: --from FILE."


class NotThereError(StoreError):
    """The site answers that it has no such file."""


def fetch(url: str, network: NetworkSettings) -> bytes:
    """Return what is at ``url``, which begins with http or https.

    Raises:
        NotThereError: the site has no such file.
        StoreError: it cannot be reached, is too large, or this machine works without network.
    """
    shown = without_credentials(url)
    if network.offline:
        message = f"{shown}: [network] offline is set"
        raise StoreError(message, hint="Name a file or directory: --from FILE.")
    try:
        with _opener(network).open(_request(url), timeout=network.timeout_seconds) as response:
            data = _read(response, shown)
            return _inflated(data, shown) if response.headers.get("Content-Encoding") == "gzip" else data
    except urllib.error.HTTPError as error:
        with error:
            message = f"{shown}: the site answers {error.code} {error.reason}"
        kind = NotThereError if error.code in _MISSING else StoreError
        raise kind(message, hint=_HINT) from None
    except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
        reason = str(getattr(error, "reason", error)) or type(error).__name__
        message = f"{shown}: cannot be fetched: {reason}"
        # What went wrong names the address as it was given.
        raise StoreError(message.replace(url, shown), hint=_HINT) from None


def without_credentials(where: str) -> str:
    """Return an address without a name and password; anything else as it is."""
    if "://" not in where:
        return where
    scheme, _, rest = where.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: urllib.request.Request, *others: Any) -> urllib.request.Request | None:  # noqa: ANN401 - as the library hands them on
        found = super().redirect_request(req, *others)
        if found is not None and found.type not in {"https", req.type}:
            message = f"it leads from {req.type} to {found.type}"
            raise urllib.error.URLError(message)
        return found


def _opener(network: NetworkSettings) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context()
    if network.ca_file is not None:
        context.load_verify_locations(network.ca_file)
    proxies = {"http": network.proxy, "https": network.proxy} if network.proxy else None
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context), _Redirects
    )


def _request(url: str) -> urllib.request.Request:
    request = urllib.request.Request(  # noqa: S310 - the caller lets http and https pass alone
        without_credentials(url), headers={"User-Agent": f"tracker/{__version__}", "Accept-Encoding": "gzip"}
    )
    parts = urlsplit(url)
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        # Unredirected: another host must not see it.
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
    return request


def _read(response: http.client.HTTPResponse, shown: str) -> bytes:
    end = time.monotonic() + _LONGEST_SECONDS
    chunks, size = [], 0
    while chunk := response.read(_CHUNK_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        _check_size(size, shown)
        if time.monotonic() > end:
            message = f"no end after {_LONGEST_SECONDS} seconds"
            raise TimeoutError(message)
    return b"".join(chunks)


def _inflated(data: bytes, shown: str) -> bytes:
    inflating = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    found = inflating.decompress(data, MOST_BYTES + 1)
    _check_size(len(found), shown)
    if not inflating.eof:
        message = "the answer ends in its middle"
        raise ValueError(message)
    return found


def _check_size(size: int, shown: str) -> None:
    if size > MOST_BYTES:
        message = f"{shown}: is larger than {MOST_BYTES} bytes"
        raise StoreError(message, hint="That is no matrix.json of a site.")
