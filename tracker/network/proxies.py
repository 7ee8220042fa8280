"""Which proxy stands between this machine and an address: the configured one, else what the environment says."""

from __future__ import annotations

import base64
import ipaddress
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.protocols import NetworkSettings


def proxy_for(url: str, network: NetworkSettings) -> str:
    """Return the proxy's address for a connection to ``url``, empty for none; it may hold a password.

    The environment (``HTTPS_PROXY``, ``NO_PROXY`` and their like; on Windows also the user's settings) is asked only
    where tracker.toml names no proxy, and then alone.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _configured(network)
    if network.proxy:
        return "" if is_direct(host, port, network.no_proxy) else _configured(network)
    found = urllib.request.getproxies()
    proxy = found.get(parts.scheme.lower()) or found.get("all") or ""
    if not proxy or urllib.request.proxy_bypass(f"{host}:{port}" if port else host):
        return ""
    return with_scheme(proxy)


def all_proxies(network: NetworkSettings) -> tuple[str, ...]:
    """Return every proxy that may be used."""
    if network.proxy:
        return (_configured(network),)
    found = urllib.request.getproxies()
    return tuple(dict.fromkeys(with_scheme(found[name]) for name in ("http", "https", "all") if found.get(name)))


def _configured(network: NetworkSettings) -> str:
    """Return the configured proxy's address with name and password.

    Raises:
        ConfigError: these cannot be read, or are none; they are not shown.
    """
    if network.proxy_login is None or not network.proxy:
        return network.proxy
    name, colon, password = network.proxy_login.reveal().partition(":")
    if not (name and colon and (name + password).isprintable()):
        message = f"network.proxy_login: {network.proxy_login.title} does not hold one line NAME:PASSWORD"
        raise ConfigError(message, hint="Its content is not shown here.")
    parts = urlsplit(with_scheme(network.proxy))
    return urlunsplit(parts._replace(netloc=f"{quote(name, safe='')}:{quote(password, safe='')}@{parts.netloc}"))


def with_scheme(proxy: str) -> str:
    """Return a proxy's address; ``HOST:PORT``, as environments say it, is one of http."""
    return proxy if "://" in proxy else f"http://{proxy}"


def is_direct(host: str, port: int | None, no_proxy: Iterable[str]) -> bool:
    """Return whether ``host`` is one of those that are reached without a proxy."""
    return any(_matches(host.lower(), port, one.strip().lower()) for one in no_proxy)


def _matches(host: str, port: int | None, pattern: str) -> bool:
    if pattern == "*":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host) in ipaddress.ip_network(pattern, strict=False)
    name, _, wanted = pattern.removeprefix("*").removeprefix(".").partition(":")
    if not name or (wanted and wanted != str(port)):
        return False
    return host == name or host.endswith(f".{name}")


def shown_proxy(proxy: str) -> str:
    """Return a proxy's host and port, and nothing else of its address."""
    return urlsplit(proxy).netloc.rpartition("@")[2]


def proxy_secrets(proxy: str) -> tuple[str, ...]:
    """Return what of a proxy's address must be shown nowhere, in every form in which it travels."""
    user, _, _ = urlsplit(proxy).netloc.rpartition("@")
    if not user:
        return ()
    name, colon, password = user.partition(":")
    plain = f"{unquote(name)}:{unquote(password)}"
    coded = base64.b64encode(plain.encode()).decode()
    # A name alone may be a token.
    own = (password, unquote(password)) if colon else (name, unquote(name))
    return tuple(dict.fromkeys(one for one in (f"{user}@", plain, coded, *own) if one.strip("@:")))


def basic(proxy: str) -> str:
    """Return the value of ``Proxy-Authorization`` for a proxy's address; empty when it holds no name."""
    user, _, _ = urlsplit(proxy).netloc.rpartition("@")
    name, _, password = user.partition(":")
    return "Basic " + base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode() if user else ""
