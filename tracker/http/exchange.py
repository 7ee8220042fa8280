"""Questions and their answers: retried, remembered, and bounded; what ``client`` offers is made of these."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import stamina

from tracker.errors import RateLimitedError, UnreachableError
from tracker.http.addresses import origin_or_nothing, shown
from tracker.http.bodies import is_text, read_body
from tracker.http.credentials import Credential
from tracker.http.parking import Parking
from tracker.http.retry import ATTEMPTS, PassingError, backoff
from tracker.http.transport import Transport, check_online, route_of
from tracker.protocols.http import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    import httpx

    from tracker.http.download import Download
    from tracker.http.redaction import Secrets
    from tracker.http.remembered import Remembered
    from tracker.http.transport import Question
    from tracker.protocols import NetworkSettings
    from tracker.protocols.network import Route

_T = TypeVar("_T")
# stamina tells every retry to the log; without a handler Python would print that on stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())

_WAIT_INITIAL_SECONDS = 0.1
_WAIT_JITTER_SECONDS = 0.2
_OK = 200
_NOT_MODIFIED = 304
_LONGEST_VALIDATOR = 1024
_LINK = re.compile(r"<([^<>]*)>")
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})


class Exchange:
    """Shared by the client and all its authorised views; safe to use from several threads.

    Nothing is opened before the first question, so that a command that needs no network pays nothing for it.
    """

    def __init__(self, network: NetworkSettings, remembered: Remembered, clock: Callable[[], datetime]) -> None:
        self._network = network
        self._remembered = remembered
        self._clock = clock
        self._parking = Parking(remembered, clock)
        self._lock = threading.Lock()
        self._transport: Transport | None = None

    def route(self, url: str) -> str:
        """Return where an address really leads, which may be a file of this machine."""
        return self._network.route(url).actual

    def close(self) -> None:
        """Close all connections and the file; a later question opens new ones."""
        with self._lock:
            if self._transport is not None:
                self._transport.close()
                self._transport = None
            self._remembered.close()

    def credential(self, origin: str, token: str) -> Credential:
        """Return a token that is ready to be sent."""
        return Credential(origin=origin, identity=self._remembered.identity(token), token=token)

    def ask(self, question: Question, max_bytes: int) -> Fetched:
        """Return the answer; blocks."""
        return self._taken(question, max_bytes).fetched

    def ask_whether_changed(self, question: Question, max_bytes: int) -> Fetched:
        """Return the answer, which is the remembered one when the host says that it still holds; blocks."""
        headers = {name: value for name, value in question.headers.items() if name not in _CONDITIONS}
        question = replace(question, headers=headers)
        if not self._remembered.is_on:
            return self.ask(question, max_bytes)
        self._online(question.url)
        key = self._remembered.key(question.url, headers, self._identity(question))
        kept = self._remembered.find(key, max_bytes=max_bytes)
        condition = {} if kept is None else {"if-none-match": kept.validator}
        taken = self._taken(replace(question, headers={**headers, **condition}), max_bytes)
        if kept is not None and taken.fetched.status == _NOT_MODIFIED:
            if taken.fetched.url == kept.answer.url:
                return kept.answer
            # It was another address, to which a redirect leads now, that knows the validator.
            taken = self._taken(question, max_bytes)
        if taken.validator:
            self._remembered.keep(key, taken.validator, taken.fetched)
        return taken.fetched

    def download(self, question: Question, download: Download) -> str:
        """Fetch a file and return its digest; blocks."""
        transport = self._online(question.url)

        def opened(more: Mapping[str, str]) -> AbstractContextManager[httpx.Response]:
            return transport.open(replace(question, headers={**question.headers, **more}))

        return self._retried(lambda: download.fetch(opened))

    def _taken(self, question: Question, max_bytes: int) -> _Taken:
        transport = self._online(question.url)
        taken = self._retried(lambda: _take(transport, question, max_bytes))
        if taken.fetched.status != _NOT_MODIFIED or _CONDITIONS & question.headers.keys():
            return taken
        # Nobody asked whether anything changed.
        taken = self._retried(lambda: _take(transport, question, max_bytes))
        if taken.fetched.status == _NOT_MODIFIED:
            message = f"{taken.fetched.url}: answered 304 to a question that named no earlier answer"
            raise UnreachableError(message, hint="Look at a proxy or cache that may be in the way.")
        return taken

    def _identity(self, question: Question) -> str:
        if own := question.headers.get("authorization", ""):
            return self._remembered.identity(own)
        credential = question.credential
        return credential.identity if credential and credential.origin == origin_or_nothing(question.url) else ""

    def _online(self, url: str) -> Transport:
        check_online(self._network, url)
        with self._lock:
            if self._transport is None:
                self._transport = Transport(self._network, self._parking, self._clock)
            return self._transport

    def _retried(self, attempt: Callable[[], _T]) -> _T:
        attempts = stamina.retry_context(
            on=backoff,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=_WAIT_INITIAL_SECONDS,
            wait_jitter=_WAIT_JITTER_SECONDS,
        )
        try:
            for one in attempts:
                with one:
                    return attempt()
        except PassingError as error:
            if isinstance(error.verdict, RateLimitedError) and error.whom is not None:
                self._parking.park(error.whom, error.verdict)
            raise error.verdict from error
        raise AssertionError  # stamina ends with a result or an error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """An answer, and the validator to remember it by; empty when it must not be remembered."""

    fetched: Fetched
    validator: str


def _take(transport: Transport, question: Question, max_bytes: int) -> _Taken:
    secrets = transport.secrets(question)
    with transport.open(question) as response:
        route = route_of(response.request)
        address = secrets.text(shown(route.original))
        body = secrets.body(read_body(response, address, max_bytes))
        headers = secrets.headers(response.headers)
        if route.rewrite is not None and "link" in headers:
            # The next page lies on the mirror, and is asked for by the address of which that is a copy.
            headers["link"] = _undone_links(headers["link"], route)
        if is_text(response):
            # The body is as it was before it was packed.
            headers.pop("content-encoding", None)
        fetched = Fetched(status=response.status_code, url=address, body=body, headers=headers)
        return _Taken(fetched=fetched, validator=_validator(response, question, secrets))


def _undone_links(header: str, route: Route) -> str:
    def undone(match: re.Match[str]) -> str:
        original = route.rewrite.undone(match[1], route.original) if route.rewrite else None
        return f"<{original or match[1]}>"

    return _LINK.sub(undone, header)


def _validator(response: httpx.Response, question: Question, secrets: Secrets) -> str:
    headers = response.headers
    tag = headers.get("etag", "")
    # Of a body whose end is told by nothing but the end of the connection, a part may be missing.
    is_whole = "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()
    asked, answered = question.url, route_of(response.request).original
    is_ours = response.status_code == _OK and origin_or_nothing(answered) == origin_or_nothing(asked)
    may_be_kept = "no-store" not in headers.get("cache-control", "").lower()
    is_sendable = 0 < len(tag) <= _LONGEST_VALIDATOR and tag.isascii() and tag.isprintable() and not secrets.are_in(tag)
    return tag if is_whole and is_ours and may_be_kept and is_sendable else ""
