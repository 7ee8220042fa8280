"""Why no answer came, in words: which hop failed, and what to do about it."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from tracker.network.proxies import proxy_for, shown_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.protocols import NetworkSettings

UNKNOWN_ISSUER_HINT = (
    "If a proxy opens TLS here, name the company's certificate authority in network.ca_file,"
    " or put it into the operating system's store."
)
PROXY_LOGIN_HINT = (
    "Write NAME:PASSWORD into a file of your own and name that in network.proxy_login; for NTLM or Kerberos put a"
    " local forwarder in between."
)
PROXY_REFUSES_HINT = "Ask whoever runs the proxy to allow the host, or name a mirror in [network.rewrite]."
_LOOK_HINT = "Look at [network] in tracker.toml when a proxy or a certificate authority of your own is in the way."
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21})
"""OpenSSL's codes for an issuer that is not at hand, or not trusted (x509_vfy.h)."""
_STATUS = re.compile(r"(\d{3})\b")
_LOGIN, _REFUSED, _UNAVAILABLE = 407, 403, frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a connection did not come about.

    Attributes:
        reason: the predicate of a sentence; it quotes the library where that says more.
        hint: what to do.
        is_passing: another attempt may succeed.
    """

    reason: str
    hint: str = _LOOK_HINT
    is_passing: bool = True


def explain(error: httpx.TransportError, url: str, network: NetworkSettings) -> Failure:
    """Return why ``url``, to which was connected, gave no answer."""
    proxy = shown_proxy(proxy_for(url, network))
    told = str(error) or type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return explain_refusal(told, proxy, httpx.URL(url).host)
    causes = tuple(_causes(error))
    refused = next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return _distrusted(refused, told)
    if any(isinstance(one, socket.gaierror) for one in causes):
        whose = f"the proxy's name {proxy}" if proxy else f"the name {httpx.URL(url).host}"
        hint = "Look at network.proxy." if proxy else "Look at the name, or set network.proxy where one is needed."
        return Failure(reason=f"{whose} cannot be looked up: {told}", hint=hint)
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        whom = f"the proxy {proxy}" if proxy else httpx.URL(url).host
        return Failure(
            reason=f"{whom} cannot be reached: {told}", hint="Look at network.proxy." if proxy else _LOOK_HINT
        )
    return Failure(reason=told)


def explain_refusal(told: str, proxy: str, host: str) -> Failure:
    """Return why a proxy makes no connection to ``host``, from the status line of its answer."""
    match = _STATUS.match(told)
    status = int(match[1]) if match else 0
    if status == _LOGIN:
        # Asking again with the same password locks accounts.
        reason = f"the proxy {proxy} wants a name and password, or does not take these ({told})"
        return Failure(reason=reason, hint=PROXY_LOGIN_HINT, is_passing=False)
    if status in _UNAVAILABLE:
        return Failure(reason=f"the proxy {proxy} cannot reach {host} ({told})", hint="Is the name right?")
    reason = f"the proxy {proxy} refuses a connection to {host} ({told})"
    return Failure(reason=reason, hint=PROXY_REFUSES_HINT, is_passing=status != _REFUSED)


def _distrusted(error: ssl.SSLCertVerificationError, told: str) -> Failure:
    if getattr(error, "verify_code", None) in _UNKNOWN_ISSUER:
        reason = f"its certificate is by an issuer that is unknown here ({told})"
        return Failure(reason=reason, hint=UNKNOWN_ISSUER_HINT, is_passing=False)
    return Failure(reason=f"its certificate does not hold ({told})", hint=UNKNOWN_ISSUER_HINT, is_passing=False)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
