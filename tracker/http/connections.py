"""How connections are made: trust, proxy, time limits."""

from __future__ import annotations

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx
import truststore

from tracker import __version__
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.protocols import NetworkSettings


def build_connections(network: NetworkSettings) -> httpx.Client:
    """Return a pool of connections, none of which is open yet.

    Raises:
        ConfigError: the proxy or the certificates cannot be used.
    """
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
