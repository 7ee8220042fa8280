"""The HTTP library, set up: one attempt, with redirects, credentials and limits. Nothing above this sees httpx."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from tracker.errors import RateLimitedError, UnreachableError
from tracker.http.addresses import origin_of, shown
from tracker.http.bodies import read_message
from tracker.http.connections import build_connections
from tracker.http.pacing import Pacer
from tracker.http.redaction import harmless, kept_out, secrets_of
from tracker.http.retry import Answered, PassingError, check_status, is_success

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from tracker.http.credentials import Credential
    from tracker.http.parking import Parking
    from tracker.http.redaction import Secrets
    from tracker.protocols import NetworkSettings

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

    def secrets(self) -> Secrets:
        """Return what must not be shown of it."""
        return secrets_of(self.url, self.headers, self.credential.token if self.credential else "")


class Transport:
    """Makes single attempts; safe to use from several threads."""

    def __init__(self, network: NetworkSettings, parking: Parking, clock: Callable[[], datetime]) -> None:
        self._pacer = Pacer()
        self._parking = parking
        self._clock = clock
        self._http = build_connections(network)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

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
        secrets = question.secrets()
        with kept_out(secrets):
            response, whom = self._send(question, secrets)
            try:
                self._check(response, whom, secrets)
                yield response
            except httpx.TransportError as error:
                raise _failed(question, error, secrets) from error
            finally:
                response.close()

    def _send(self, question: Question, secrets: Secrets) -> tuple[httpx.Response, tuple[str, str]]:
        try:
            headers = {"accept-encoding": "identity", **question.headers}
            request = self._http.build_request(question.method, question.url, headers=headers, content=question.content)
            return self._follow(request, question, secrets)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            message = f"{shown(question.url)}: cannot be asked: {harmless(secrets.text(str(error)))}"
            raise UnreachableError(message) from error
        except httpx.TransportError as error:
            raise _failed(question, error, secrets) from error

    def _follow(
        self, request: httpx.Request, question: Question, secrets: Secrets
    ) -> tuple[httpx.Response, tuple[str, str]]:
        whom = origin_of(request.url), ""
        if question.credential is not None and question.credential.belongs_to(request):
            whom = whom[0], question.credential.identity
            request.headers["authorization"] = f"Bearer {question.credential.token}"
        for _ in range(_REDIRECTS):
            address = shown(str(request.url))
            self._parking.check(whom, address)
            self._pacer.wait(whom)
            # Another thread may have met the limit in the meantime.
            self._parking.check(whom, address)
            response = self._http.send(request, stream=True)
            following = response.next_request
            if following is None or question.method != "GET":
                return response, whom
            response.close()
            request = _redirected(request, following, secrets)
            if origin_of(request.url) != whom[0]:
                whom = origin_of(request.url), ""
        message = f"{shown(question.url)}: more than {_REDIRECTS} redirects"
        raise UnreachableError(message)

    def _check(self, response: httpx.Response, whom: tuple[str, str], secrets: Secrets) -> None:
        if is_success(response.status_code):
            self._parking.free(whom)
            return
        answered = Answered(
            status=response.status_code,
            headers=secrets.headers(response.headers),
            address=secrets.text(shown(str(response.url))),
            message=harmless(secrets.text(read_message(response))),
            method=response.request.method,
            is_authorized=bool(whom[1]),
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


def _redirected(request: httpx.Request, following: httpx.Request, secrets: Secrets) -> httpx.Request:
    """Return the request that a redirect asks for, with nothing in it that was meant for the first host alone."""
    address = shown(str(request.url))
    if following.url.scheme not in {"http", "https"} or (request.url.scheme, following.url.scheme) == ("https", "http"):
        message = f"{address}: redirects from {request.url.scheme} to {following.url.scheme}, which is not followed"
        raise UnreachableError(message)
    if origin_of(request.url) != origin_of(following.url):
        if secrets.are_in(str(following.url)):
            message = f"{address}: redirects to another host with the credential in the address, which is not followed"
            raise UnreachableError(message)
        for name in [name for name in following.headers if name.lower() not in _SAFE_ELSEWHERE]:
            del following.headers[name]
    return following


def _failed(question: Question, error: httpx.TransportError, secrets: Secrets) -> PassingError | UnreachableError:
    reason = harmless(secrets.text(str(error))) or type(error).__name__
    message = f"{shown(question.url)}: no answer: {reason}"
    hint = "Look at [network] in tracker.toml when a proxy or a certificate authority of your own is in the way."
    verdict = UnreachableError(message, hint=hint)
    # Somebody may be working on what was posted.
    is_late = question.method != "GET" and isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout))
    return verdict if is_late else PassingError(verdict)
