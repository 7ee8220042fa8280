"""The HTTP library, set up: trust, proxy, time limits, redirects. Nothing above this module sees httpx."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx
import truststore

from tracker import __version__
from tracker.errors import ConfigError, UnreachableError
from tracker.http.addresses import shown
from tracker.http.pacing import Pacer
from tracker.http.retry import PassingError, check_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.config import NetworkSettings

_REDIRECTS = 10
_SAFE_ELSEWHERE = frozenset(
    {"accept", "accept-encoding", "connection", "host", "if-modified-since", "if-none-match", "if-range", "range"}
    | {"user-agent"}
)


class Transport:
    """Makes single attempts; safe to use from several threads."""

    def __init__(self, network: NetworkSettings) -> None:
        self._pacer = Pacer()
        self._http = _build(network)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Ask once, following redirects, and hand out the answer before its body is read.

        Yields:
            an answer of a status below 300, or 304; its body is read with ``iter_raw``.

        Raises:
            PassingError: worth another attempt; also while the body is being read.
            UnreachableError: a failure that stays.
            RateLimitedError: the host asked to wait longer than a retry does.
        """
        try:
            request = self._http.build_request("GET", url, headers={"accept-encoding": "identity", **headers})
            response = self._follow(request)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            message = f"{shown(url)}: cannot be asked: {error}"
            raise UnreachableError(message) from error
        except httpx.TransportError as error:
            raise _passing(url, error) from error
        try:
            self._check(response)
            yield response
        except httpx.TransportError as error:
            raise _passing(url, error) from error
        finally:
            response.close()

    def _follow(self, request: httpx.Request) -> httpx.Response:
        first = request
        for _ in range(_REDIRECTS):
            self._pacer.wait(request.url.host)
            response = self._http.send(request, stream=True)
            following = response.next_request
            if following is None:
                return response
            response.close()
            request = _redirected(request, following)
        message = f"{shown(str(first.url))}: more than {_REDIRECTS} redirects"
        raise UnreachableError(message)

    def _check(self, response: httpx.Response) -> None:
        try:
            check_status(response.status_code, response.headers, shown(str(response.url)), now=datetime.now(UTC))
        except PassingError as error:
            if error.wait_seconds is not None:
                self._pacer.hold(response.url.host, error.wait_seconds)
            raise


def _redirected(request: httpx.Request, following: httpx.Request) -> httpx.Request:
    """Return the request that a redirect asks for, with nothing in it that was meant for the first host alone."""
    address = shown(str(request.url))
    if following.url.scheme not in {"http", "https"} or (request.url.scheme, following.url.scheme) == ("https", "http"):
        message = f"{address}: redirects from {request.url.scheme} to {following.url.scheme}, which is not followed"
        raise UnreachableError(message)
    same = (request.url.scheme, request.url.host, request.url.port)
    if same != (following.url.scheme, following.url.host, following.url.port):
        for name in [name for name in following.headers if name.lower() not in _SAFE_ELSEWHERE]:
            del following.headers[name]
    return following


def _passing(url: str, error: httpx.TransportError) -> PassingError:
    reason = str(error) or type(error).__name__
    message = f"{shown(url)}: no answer: {reason}"
    hint = "Look at [network] in tracker.toml when a proxy or a certificate authority of your own is in the way."
    return PassingError(UnreachableError(message, hint=hint))


def _build(network: NetworkSettings) -> httpx.Client:
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if network.ca_file is not None:
        try:
            trust.load_verify_locations(cafile=str(network.ca_file))
        except OSError as error:
            message = f"network.ca_file = {str(network.ca_file)!r}: cannot be used: {error.strerror or error}"
            raise ConfigError(message, hint="Name a file of certificates in PEM form.") from error
    try:
        return httpx.Client(
            verify=trust,
            proxy=_proxy(network.proxy, trust) if network.proxy else None,
            timeout=network.timeout_seconds,
            # An upstream's cookie would make one look depend on the look before it.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"user-agent": f"tracker/{__version__}"},
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        where = "network.proxy" if network.proxy else "the proxy that the environment names"
        message = f"{where}: cannot be used"
        raise ConfigError(message, hint="Write http://HOST:PORT or https://HOST:PORT.") from error


def _proxy(url: str, trust: ssl.SSLContext) -> httpx.Proxy:
    # httpcore refuses trust for a proxy that is spoken to without TLS.
    return httpx.Proxy(url, ssl_context=trust if url.lower().startswith("https:") else None)
