"""The way to a host, tried with one request: name, proxy, connection, TLS, answer; for ``tracker doctor``."""

from __future__ import annotations

import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from tracker.errors import TrackerError
from tracker.http.addresses import is_file, local_path, origin_of, shown
from tracker.http.connections import Routed, build_trust
from tracker.http.failures import PROXY_LOGIN_HINT, PROXY_REFUSES_HINT, explain
from tracker.http.redaction import Secrets, harmless, kept_out
from tracker.network.proxies import all_proxies, proxy_for, proxy_secrets, shown_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.protocols import NetworkSettings

_HOP_SECONDS = 5.0
_HOPS = 4
_LOGIN, _REFUSED, _SERVER_ERROR = 407, 403, 500
_WEB = ("http", "https")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What became of one request.

    Attributes:
        url: that was asked for; of its host, nothing more is tried.
        is_good: an answer came, or none was wanted.
        found: the hops and the answer, or the hop that failed; without credentials.
        remedy: what to do; empty when all is well.
    """

    url: str
    is_good: bool
    found: str
    remedy: str = ""


def try_ways(urls: Sequence[str], network: NetworkSettings) -> tuple[Way, ...]:
    """Return what becomes of a request to each address, in their order; blocks for some twenty seconds at most.

    All are asked at once; one that hangs, as looking up a name may, is given up and told.
    """
    seconds = min(network.timeout_seconds, _HOP_SECONDS)
    found: dict[str, Way] = {}

    def work(url: str) -> None:
        try:
            found[url] = _try(url, network, seconds)
        except TrackerError as error:
            found[url] = Way(url=url, is_good=False, found=error.message, remedy=error.hint)

    threads = [threading.Thread(target=work, args=(url,), daemon=True) for url in urls]
    for thread in threads:
        thread.start()
    waited = threading.Event()
    for thread in threads:
        # What one has used up is not there for the others: together they have as long as one alone.
        thread.join(0.0 if waited.is_set() else seconds * _HOPS)
        if thread.is_alive():
            waited.set()
    hanging = f"no answer within {seconds * _HOPS:g} seconds; looking up the name may hang"
    return tuple(
        found.get(url) or Way(url=url, is_good=False, found=hanging, remedy="Look at this machine's name service.")
        for url in urls
    )


def _try(url: str, network: NetworkSettings, seconds: float) -> Way:
    route = network.route(url)
    leads = f"rewritten to {shown(route.actual)}; " if route.actual != url else ""
    if not network.may_ask(url):
        return Way(url=url, is_good=True, found="not asked: offline, and no mirror is named")
    if is_file(route.actual):
        is_there = local_path(route.actual).exists()
        remedy = "" if is_there else "Look at the path in [network.rewrite]."
        return Way(url=url, is_good=is_there, found=f"{leads}{'there' if is_there else 'not there'}", remedy=remedy)
    if not route.actual.lower().startswith(("http:", "https:")):
        return Way(url=url, is_good=True, found=f"{leads}not tried: it is no address of the web")
    secrets = Secrets(one for proxy in all_proxies(network) for one in proxy_secrets(proxy))
    with kept_out(secrets):
        way = _ask(url, route.actual, leads, network, seconds)
    return Way(url=url, is_good=way.is_good, found=secrets.text(way.found), remedy=way.remedy)


def _ask(url: str, actual: str, leads: str, network: NetworkSettings, seconds: float) -> Way:
    proxy = shown_proxy(proxy_for(actual, network))
    through = f"{leads}through the proxy {proxy}; " if proxy else leads
    try:
        with (
            httpx.Client(transport=Routed(network, build_trust(network)), timeout=seconds) as client,
            client.stream("HEAD", actual) as response,
        ):
            return _answered(url, response, through, proxy)
    except httpx.TransportError as error:
        failure = explain(error, actual, network)
        issuer = _issuer_anyhow(actual, network, seconds) if "certificate" in failure.reason else ""
        by = f"; the certificate is by {issuer}" if issuer else ""
        return Way(url=url, is_good=False, found=f"{through}{harmless(failure.reason)}{by}", remedy=failure.hint)
    except (httpx.InvalidURL, UnicodeError) as error:
        return Way(url=url, is_good=False, found=f"cannot be asked: {error}", remedy="Look at the address.")


def _answered(url: str, response: httpx.Response, through: str, proxy: str) -> Way:
    status = response.status_code
    issuer = _issuer(response)
    found = f"{through}{f'TLS by {issuer}; ' if issuer else ''}answers {status}"
    if status == _LOGIN:
        return Way(
            url=url, is_good=False, found=f"{found}: the proxy wants a name and password", remedy=PROXY_LOGIN_HINT
        )
    # Without TLS nobody can tell for certain whether the host or the proxy speaks.
    if proxy and not issuer and (status == _REFUSED or status >= _SERVER_ERROR):
        return Way(url=url, is_good=False, found=f"{found}, by the proxy or the host", remedy=PROXY_REFUSES_HINT)
    if status >= _SERVER_ERROR:
        return Way(url=url, is_good=False, found=found, remedy="The host itself is in trouble: wait, or name a mirror.")
    return Way(url=url, is_good=True, found=found)


def _issuer(response: httpx.Response) -> str:
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    return _named(secured.getpeercert(True)) if secured is not None else ""  # noqa: FBT003 - it takes no keyword


def _issuer_anyhow(actual: str, network: NetworkSettings, seconds: float) -> str:
    """Return who signed the certificate that was refused; nothing secret is sent to whoever shows it."""
    if proxy_for(actual, network).lower().startswith("https:"):
        # The proxy's own certificate may be the one that was refused, and the proxy's password goes there.
        return ""
    blind = ssl.create_default_context()
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    with (
        suppress(httpx.TransportError),
        httpx.Client(transport=Routed(network, blind), timeout=seconds) as client,
        client.stream("HEAD", actual) as response,
    ):
        return _issuer(response)
    return ""


def _named(certificate: bytes | None) -> str:
    from cryptography import x509

    if not certificate:
        return ""
    try:
        return harmless(x509.load_der_x509_certificate(certificate).issuer.rfc4514_string())
    except ValueError:
        return "an issuer whose name cannot be read"


def origins(urls: Sequence[str]) -> Iterator[str]:
    """Yield the first of ``urls`` on each host of the web, in their order."""
    seen: set[str] = set()
    for url in urls:
        with suppress(httpx.InvalidURL, UnicodeError):
            parts = httpx.URL(url)
            if parts.scheme in _WEB and origin_of(parts) not in seen:
                seen.add(origin_of(parts))
                yield url
