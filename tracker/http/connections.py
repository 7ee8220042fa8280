"""How connections are made: trust, proxies, time limits."""

from __future__ import annotations

import ssl
import threading
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx
import truststore

from tracker import __version__
from tracker.errors import ConfigError
from tracker.network.proxies import all_proxies, proxy_for

if TYPE_CHECKING:
    from tracker.protocols import NetworkSettings


def build_connections(network: NetworkSettings) -> httpx.Client:
    """Return a pool of connections, none of which is open yet.

    Raises:
        ConfigError: a proxy or the certificates cannot be used.
    """
    return httpx.Client(
        transport=Routed(network, build_trust(network)),
        trust_env=False,
        timeout=network.timeout_seconds,
        # An upstream's cookie would make one look depend on the look before it.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"user-agent": f"tracker/{__version__}"},
    )


def build_trust(network: NetworkSettings) -> ssl.SSLContext:
    """Return what certificates are held against: the operating system's store, and ``ca_file`` besides.

    Raises:
        ConfigError: ``ca_file`` cannot be used.
    """
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if network.ca_file is not None:
        try:
            trust.load_verify_locations(cafile=str(network.ca_file))
        except OSError as error:
            message = f"network.ca_file = {str(network.ca_file)!r}: cannot be used: {error.strerror or error}"
            raise ConfigError(message, hint="Name a file of certificates in PEM form.") from error
    return trust


class Routed(httpx.BaseTransport):
    """Takes each request through the proxy that stands before its host, or to the host itself.

    Raises:
        ConfigError: one of the proxies cannot be used.
    """

    def __init__(self, network: NetworkSettings, trust: ssl.SSLContext) -> None:
        self._network = network
        self._trust = trust
        self._lock = threading.Lock()
        self._ways: dict[str, httpx.HTTPTransport] = {}
        for proxy in all_proxies(network):
            self._way(proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is read later."""
        return self._way(proxy_for(str(request.url), self._network)).handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for way in self._ways.values():
            way.close()

    def _way(self, proxy: str) -> httpx.HTTPTransport:
        with self._lock:
            if proxy not in self._ways:
                self._ways[proxy] = self._built(proxy)
            return self._ways[proxy]

    def _built(self, proxy: str) -> httpx.HTTPTransport:
        try:
            told = _proxy(proxy, self._trust) if proxy else None
            return httpx.HTTPTransport(verify=self._trust, proxy=told, trust_env=False)
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            where = "network.proxy" if self._network.proxy else "the proxy that the environment names"
            message = f"{where}: cannot be used"
            raise ConfigError(message, hint="Write http://HOST:PORT or https://HOST:PORT.") from error


def _proxy(url: str, trust: ssl.SSLContext) -> httpx.Proxy:
    # httpcore refuses trust for a proxy that is spoken to without TLS.
    return httpx.Proxy(url, ssl_context=trust if url.lower().startswith("https:") else None)
