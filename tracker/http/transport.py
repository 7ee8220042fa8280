"""The HTTP library, set up: one attempt, with redirects, credentials and limits. Nothing above this sees httpx."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx

from tracker.errors import OfflineError, RateLimitedError, UnreachableError
from tracker.http.addresses import is_file, origin_of, shown
from tracker.http.bodies import read_message
from tracker.http.connections import build_connections
from tracker.http.failures import explain
from tracker.http.pacing import Pacer
from tracker.http.redaction import harmless, kept_out, secrets_of
from tracker.http.retry import Answered, PassingError, check_status, is_success
from tracker.network.proxies import all_proxies, proxy_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from tracker.http.credentials import Credential
    from tracker.http.parking import Parking
    from tracker.http.redaction import Secrets
    from tracker.protocols import NetworkSettings
    from tracker.protocols.network import Route

_REDIRECTS = 10
_SAFE_ELSEWHERE = frozenset(
    {"accept", "accept-encoding", "connection", "host", "if-modified-since", "if-none-match", "if-range", "range"}
    | {"user-agent"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        url: where.
        headers: names in lower case; what the caller sends besides.
        method: ``"GET"``, which follows redirects, or ``"POST"``, which does not.
        content: of a POST.
        credential: is added when the address is of its origin and the caller sends none of its own.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "GET"
    content: bytes | None = field(default=None, repr=False)
    credential: Credential | None = None

    def secrets(self, further: tuple[str, ...] = ()) -> Secrets:
        """Return what must not be shown of it, nor ``further``."""
        return secrets_of(self.url, self.headers, (self.credential.token if self.credential else "", *further))


class Transport:
    """Makes single attempts; safe to use from several threads."""

    def __init__(self, network: NetworkSettings, parking: Parking, clock: Callable[[], datetime]) -> None:
        self._pacer = Pacer()
        self._parking = parking
        self._clock = clock
        self._network = network
        self._http = build_connections(network)
        self._own_secrets = tuple(one for proxy in all_proxies(network) for one in proxy_secrets(proxy))

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def secrets(self, question: Question) -> Secrets:
        """Return what must be shown nowhere while ``question`` is asked: its own credentials and the proxies'."""
        return question.secrets(self._own_secrets)

    @contextmanager
    def open(self, question: Question) -> Iterator[httpx.Response]:
        """Ask once, following redirects, and hand out the answer before its body is read.

        Yields:
            an answer of a status below 300, or 304; its body is read with ``iter_raw``.

        Raises:
            PassingError: worth another attempt; also while the body is being read.
            UnreachableError: a failure that stays.
            RateLimitedError: the host asked to wait longer than a retry does, or did so before.
        """
        secrets = self.secrets(question)
        with kept_out(secrets):
            response, whom = self._send(question, secrets)
            try:
                self._check(response, whom, secrets)
                yield response
            except httpx.TransportError as error:
                raise self._failed(question, response.request, error, secrets) from error
            finally:
                response.close()

    def _send(self, question: Question, secrets: Secrets) -> tuple[httpx.Response, tuple[str, str]]:
        try:
            headers = {"accept-encoding": "identity", **question.headers}
            request = self._request(question.method, self._routed(question.url), headers, question.content)
            return self._follow(request, question, secrets)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            message = f"{shown(question.url)}: cannot be asked: {harmless(secrets.text(str(error)))}"
            raise UnreachableError(message) from error

    def _request(
        self, method: str, route: Route, headers: Mapping[str, str], content: bytes | None = None
    ) -> httpx.Request:
        request = self._http.build_request(method, route.actual, headers=headers, content=content)
        request.extensions["route"] = route
        return request

    def _routed(self, url: str) -> Route:
        """Return where ``url`` leads.

        Raises:
            OfflineError: it may not be asked.
            UnreachableError: it leads to a file of this machine, and only the first address of a question may.
        """
        check_online(self._network, url)
        route = self._network.route(url)
        if is_file(route.actual) and route.actual != url:
            message = f"{shown(url)}: a redirect leads here, and [network.rewrite] on to a file"
            raise UnreachableError(message, hint="Let [network.rewrite] lead the redirecting address to a file, too.")
        return route

    def _follow(
        self, request: httpx.Request, question: Question, secrets: Secrets
    ) -> tuple[httpx.Response, tuple[str, str]]:
        whom = origin_of(request.url), ""
        if question.credential is not None and question.credential.goes_with(request, route_of(request)):
            whom = whom[0], question.credential.identity
            request.headers["authorization"] = f"Bearer {question.credential.token}"
        for _ in range(_REDIRECTS):
            address = told_address(request)
            self._parking.check(whom, address)
            self._pacer.wait(whom)
            # Another thread may have met the limit in the meantime.
            self._parking.check(whom, address)
            try:
                response = self._http.send(request, stream=True)
            except httpx.UnsupportedProtocol:
                raise
            except httpx.TransportError as error:
                raise self._failed(question, request, error, secrets) from error
            following = response.next_request
            if following is None or question.method != "GET":
                return response, whom
            response.close()
            request = self._redirected(request, following, secrets)
            if origin_of(request.url) != whom[0]:
                whom = origin_of(request.url), ""
        message = f"{shown(question.url)}: more than {_REDIRECTS} redirects"
        raise UnreachableError(message)

    def _redirected(self, request: httpx.Request, following: httpx.Request, secrets: Secrets) -> httpx.Request:
        """Return the request that a redirect asks for, with nothing in it that was meant for the first host alone."""
        address, url = told_address(request), str(following.url)
        before = route_of(request)
        undone = before.rewrite.undone(url, before.original) if before.rewrite and before.rewrite.is_rule else None
        # Behind a mirror without TLS there may be a host that was asked for with it.
        asked = {request.url.scheme} if undone else {request.url.scheme, before.original.partition(":")[0].lower()}
        if following.url.scheme not in {"http", "https"} or (following.url.scheme == "http" and "https" in asked):
            scheme = "https" if "https" in asked else request.url.scheme
            message = f"{address}: redirects from {scheme} to {following.url.scheme}, which is not followed"
            raise UnreachableError(message)
        if origin_of(request.url) != origin_of(following.url) and secrets.are_in(url):
            message = f"{address}: redirects to another host with the credential in the address, which is not followed"
            raise UnreachableError(message)
        route = replace(before, original=undone, actual=url) if undone else self._routed(url)
        headers = {name: value for name, value in following.headers.items() if name.lower() != "host"}
        if origin_of(request.url) != origin_of(httpx.URL(route.actual)):
            headers = {name: value for name, value in headers.items() if name.lower() in _SAFE_ELSEWHERE}
        return self._request("GET", route, headers)

    def _check(self, response: httpx.Response, whom: tuple[str, str], secrets: Secrets) -> None:
        if is_success(response.status_code):
            self._parking.free(whom)
            return
        answered = Answered(
            status=response.status_code,
            headers=secrets.headers(response.headers),
            address=secrets.text(told_address(response.request)),
            message=harmless(secrets.text(read_message(response))),
            method=response.request.method,
            is_authorized=bool(whom[1]),
            asked_at=secrets.text(shown(str(response.url))),
        )
        try:
            check_status(answered, now=self._clock(), strikes=self._parking.strikes(whom))
        except PassingError as error:
            error.whom = whom
            if error.wait_seconds is not None:
                self._pacer.hold(whom, error.wait_seconds)
            raise
        except RateLimitedError as error:
            self._parking.park(whom, error)
            raise

    def _failed(
        self, question: Question, request: httpx.Request, error: httpx.TransportError, secrets: Secrets
    ) -> PassingError | UnreachableError:
        failure = explain(error, str(request.url), self._network)
        reason = harmless(secrets.text(failure.reason)) or type(error).__name__
        verdict = UnreachableError(f"{told_address(request)}: no answer: {reason}", hint=failure.hint)
        # Somebody may be working on what was posted.
        is_late = question.method != "GET" and isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout))
        return PassingError(verdict) if failure.is_passing and not is_late else verdict


def route_of(request: httpx.Request) -> Route:
    """Return where the address of ``request`` came from."""
    route: Route = request.extensions["route"]
    return route


def told_address(request: httpx.Request) -> str:
    """Return the address of ``request`` for people; where a mirror was asked, both addresses."""
    route = route_of(request)
    if route.actual == route.original:
        return shown(str(request.url))
    return f"{shown(route.original)} (asked at {shown(route.actual)})"


def check_online(network: NetworkSettings, url: str) -> None:
    """Return when ``url`` may be asked.

    Raises:
        OfflineError: ``offline`` is set, and no mirror is named for it.
    """
    if not network.may_ask(url):
        message = f"{shown(url)}: not asked, since [network] offline is true"
        raise OfflineError(message, hint="Name a mirror in [network.rewrite], or set network.offline = false.")
