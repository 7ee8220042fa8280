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
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tracker import __version__
from tracker.errors import StoreError
from tracker.network.proxies import basic, proxy_for, proxy_secrets, shown_proxy

if TYPE_CHECKING:
    from tracker.protocols import NetworkSettings

MOST_BYTES = 200_000_000
_LONGEST_SECONDS = 300
_CHUNK_BYTES = 1 << 16
_MISSING = (404, 410)
_PROXY_LOGIN = 407
_PROXY_HINT = "Write NAME:PASSWORD into a file of your own and name that in network.proxy_login."
_ISSUER_HINT = "If a proxy opens TLS here, name the company's certificate authority in network.ca_file."
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
    if not network.may_ask(url):
        message = f"{shown}: [network] offline is set"
        raise StoreError(message, hint="Name a file or directory: --from FILE, or a mirror in [network.rewrite].")
    actual = network.route(url).actual
    if actual.startswith("file:"):
        return _read_file(actual, shown)
    try:
        with _opener(network).open(_request(actual), timeout=network.timeout_seconds) as response:
            data = _read(response, shown)
            return _inflated(data, shown) if response.headers.get("Content-Encoding") == "gzip" else data
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error, shown) from None
    except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
        raise _failed(error, shown, (url, actual), network) from None


def _read_file(url: str, shown: str) -> bytes:
    path = Path(urllib.request.url2pathname(urlsplit(url).path))
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        message = f"{shown}: the mirror has no {path}"
        raise NotThereError(message, hint=_HINT) from None
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise StoreError(message, hint=_HINT) from error
    _check_size(len(data), shown)
    return data


def _refused(error: urllib.error.HTTPError, shown: str) -> StoreError:
    if error.code == _PROXY_LOGIN:
        message = f"{shown}: the proxy wants a name and password, or does not take these (407)"
        return StoreError(message, hint=_PROXY_HINT)
    message = f"{shown}: the site answers {error.code} {error.reason}"
    return (NotThereError if error.code in _MISSING else StoreError)(message, hint=_HINT)


def _failed(error: Exception, shown: str, addresses: tuple[str, str], network: NetworkSettings) -> StoreError:
    cause = getattr(error, "reason", error)
    hint = _HINT
    said = str(cause) or type(error).__name__
    if isinstance(cause, ssl.SSLCertVerificationError):
        said, hint = f"its certificate is not trusted here: {said}", _ISSUER_HINT
    elif str(_PROXY_LOGIN) in said:
        said, hint = f"the proxy wants a name and password, or does not take these: {said}", _PROXY_HINT
    message = f"{shown}: cannot be fetched: {said}"
    # What went wrong names the address as it was given.
    for url in addresses:
        message = message.replace(url, without_credentials(url))
    for secret in proxy_secrets(proxy_for(addresses[1], network)):
        message = message.replace(secret, "...")
    return StoreError(message, hint=hint)


def without_credentials(where: str) -> str:
    """Return an address without a name and password; anything else as it is."""
    if "://" not in where:
        return where
    scheme, _, rest = where.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to where [network.rewrite] says that an address lies, and never from https to http."""

    def __init__(self, network: NetworkSettings) -> None:
        self._network = network

    def redirect_request(self, req: urllib.request.Request, *others: Any) -> urllib.request.Request | None:  # noqa: ANN401 - as the library hands them on
        answer, code, reason, headers, url = others
        # The library turns a request for https through a proxy into one for the proxy.
        was_safe = req.full_url.lower().startswith("https:")
        if not url.lower().startswith("https:" if was_safe else ("http:", "https:")):
            message = f"it leads from {req.full_url.partition(':')[0]} to {url.partition(':')[0]}"
            raise urllib.error.URLError(message)
        if not self._network.may_ask(url):
            message = f"it leads to {without_credentials(url)}, and [network] offline is set"
            raise urllib.error.URLError(message)
        actual = self._network.route(url).actual
        if not actual.startswith(("http:", "https:")):
            message = f"it leads to {without_credentials(url)}, and [network.rewrite] on to a file"
            raise urllib.error.URLError(message)
        return super().redirect_request(req, answer, code, reason, headers, actual)


class _Proxies(urllib.request.BaseHandler):
    """Takes each request through the proxy that stands before its host, or to the host itself."""

    handler_order = 100

    def __init__(self, network: NetworkSettings) -> None:
        self._network = network

    def http_open(self, req: urllib.request.Request) -> None:
        proxy = proxy_for(req.full_url, self._network)
        if not proxy:
            return
        if not proxy.startswith("http://"):
            message = f"the proxy {shown_proxy(proxy)} is no http:// one, which `check --from` cannot use"
            raise urllib.error.URLError(message)
        # For https the library sends these with its CONNECT, and never to the host itself.
        if login := basic(proxy):
            req.add_unredirected_header("Proxy-Authorization", login)
        req.set_proxy(shown_proxy(proxy), "http")

    https_open = http_open


class _Connection(http.client.HTTPSConnection):
    """Closes what it has read from a proxy that refuses the tunnel, which Python 3.11 leaves open."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as the library hands them on
        super().__init__(*arguments, **options)
        self._answers: list[http.client.HTTPResponse] = []
        self.response_class = self._answer  # type: ignore[assignment]

    def connect(self) -> None:
        try:
            super().connect()
        except BaseException:
            for answer in self._answers:
                answer.close()
            raise

    def _answer(self, *arguments: Any, **options: Any) -> http.client.HTTPResponse:  # noqa: ANN401 - as above
        answer = http.client.HTTPResponse(*arguments, **options)
        self._answers.append(answer)
        return answer


class _Https(urllib.request.HTTPSHandler):
    """Opens connections of the class above."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._trust = context

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req, context=self._trust)


def _opener(network: NetworkSettings) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context()
    if network.ca_file is not None:
        context.load_verify_locations(network.ca_file)
    return urllib.request.build_opener(
        # An empty one keeps the library from asking the environment by itself.
        urllib.request.ProxyHandler({}),
        _Proxies(network),
        _Https(context),
        _Redirects(network),
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
