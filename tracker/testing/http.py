"""The host's HTTP client without a network, and one that breaks at a chosen request."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from tracker.errors import RateLimitedError, RefusedError, UnreachableError, VerificationError
from tracker.protocols import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tracker.errors import SourceError
    from tracker.protocols import HttpClient

_T = TypeVar("_T")
NOISE = b"\xff\xfe{]<\x00\n\x00\xff is no document of any kind \x00"
_OK, _LIMITED, _REFUSED, _BROKEN = 200, 429, 400, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a source asked.

    Attributes:
        url: as asked.
        headers: names as the source wrote them.
        document: what was posted; ``None`` for a GET.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an upstream answers.

    Attributes:
        body: as bytes.
        status: as HTTP has it; from 400 on the client raises what the host's own client raises.
        headers: names in lower case.
    """

    body: bytes = b""
    status: int = _OK
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, document: object) -> Answer:
        """Return ``document`` as JSON."""
        return cls(body=json.dumps(document).encode(), headers={"content-type": "application/json"})


class FakeHttp:
    """An ``HttpClient`` over answers that a test gives; it opens no connection, waits for nothing and forgets nothing.

    Args:
        answers: by address; or a function that returns the answer to a request, ``None`` for a 404.

    Attributes:
        requests: all that was asked, in order.
    """

    def __init__(self, answers: Mapping[str, Answer | bytes] | Callable[[Request], Answer | None]) -> None:
        self._answers = answers
        self.requests: list[Request] = []

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 << 20,
        revalidate: bool = False,  # noqa: ARG002 - nothing is remembered
    ) -> Fetched:
        """Return the answer to a GET; see ``HttpClient``."""
        return self._ask(Request(url=url, headers=headers or {}), max_bytes)

    def post(
        self,
        url: str,
        document: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 << 20,
    ) -> Fetched:
        """Return the answer to a POST; see ``HttpClient``."""
        return self._ask(Request(url=url, headers=headers or {}, document=document), max_bytes)

    def download(
        self,
        url: str,
        destination: Path,
        *,
        size: int | None,
        digest: str | None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Write the answer to ``destination`` and return its digest; see ``HttpClient``."""
        body = self.get(url, headers=headers).body
        found = f"sha256:{hashlib.sha256(body).hexdigest()}"
        if (size is not None and size != len(body)) or (digest is not None and digest != found):
            message = f"{url}: is not the file that was told"
            raise VerificationError(message)
        destination.write_bytes(body)
        return found

    def _ask(self, request: Request, max_bytes: int) -> Fetched:
        self.requests.append(request)
        found = self._answers(request) if callable(self._answers) else self._answers.get(request.url)
        answer = Answer(body=found) if isinstance(found, bytes) else found or Answer(status=404)
        if answer.status >= _REFUSED:
            raise error_of(answer.status, request.url, answer.headers)
        if len(answer.body) > max_bytes:
            message = f"{request.url}: the answer is longer than {max_bytes} bytes"
            raise UnreachableError(message)
        return Fetched(status=answer.status, url=request.url, body=answer.body, headers=answer.headers)


def error_of(status: int, url: str, headers: Mapping[str, str] | None = None) -> SourceError:
    """Return what the host's client raises for an answer with a status from 400 on, after all retries."""
    message = f"{url}: answered {status}"
    if status == _LIMITED:
        return RateLimitedError(message, retry_at=datetime.now(UTC) + timedelta(hours=1), reason="too many requests")
    if status >= _BROKEN:
        return UnreachableError(message)
    return RefusedError(message, status=status, headers=headers or {})


class Fault(enum.Enum):
    """What can go wrong with one request."""

    NOT_FOUND = "answers 404"
    GONE = "answers 410"
    LIMITED = "answers 429 with a time to wait"
    SERVER_ERROR = "answers 503"
    CUT_OFF = "ends before its answer does"
    EMPTY = "answers nothing"
    NOISE = "answers what is no document"

    @property
    def status(self) -> int:
        """The status of the answer; 200 where the body is at fault."""
        statuses = {Fault.NOT_FOUND: 404, Fault.GONE: 410, Fault.LIMITED: _LIMITED, Fault.SERVER_ERROR: 503}
        return statuses.get(self, _OK)


class Interrupted:
    """Another client, but one of its requests goes wrong.

    Args:
        inner: answers all others.
        fault: what goes wrong; ``None`` for nothing.
        at: which request, counted from 0; -1 for all.

    Attributes:
        count: how many requests were made.
        is_inside: whether a request is under way, for whoever watches that nothing goes around the client.
    """

    def __init__(self, inner: HttpClient, fault: Fault | None = None, at: int = -1) -> None:
        self._inner = inner
        self._fault = fault
        self._at = at
        self.count = 0
        self.is_inside = False

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 << 20,
        revalidate: bool = False,
    ) -> Fetched:
        """Return the answer to a GET, or what is left of it; see ``HttpClient``."""
        broken = self._broken(url)
        if broken is not None:
            return broken
        return self._inside(lambda: self._inner.get(url, headers=headers, max_bytes=max_bytes, revalidate=revalidate))

    def post(
        self,
        url: str,
        document: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 << 20,
    ) -> Fetched:
        """Return the answer to a POST, or what is left of it; see ``HttpClient``."""
        broken = self._broken(url)
        if broken is not None:
            return broken
        return self._inside(lambda: self._inner.post(url, document, headers=headers, max_bytes=max_bytes))

    def download(
        self,
        url: str,
        destination: Path,
        *,
        size: int | None,
        digest: str | None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Fetch a file, or fail as the host's client does for a body that is not what was told."""
        broken = self._broken(url)
        if broken is not None:
            found = f"sha256:{hashlib.sha256(broken.body).hexdigest()}"
            if size is not None or digest not in {None, found}:
                message = f"{url}: is not the file that was told"
                raise VerificationError(message)
            destination.write_bytes(broken.body)
            return found
        return self._inside(lambda: self._inner.download(url, destination, size=size, digest=digest, headers=headers))

    def _broken(self, url: str) -> Fetched | None:
        number = self.count
        self.count += 1
        if self._fault is None or self._at not in {-1, number}:
            return None
        if self._fault.status != _OK:
            raise error_of(self._fault.status, url)
        if self._fault is Fault.CUT_OFF:
            message = f"{url}: the connection was closed before the end of the answer"
            raise UnreachableError(message)
        return Fetched(status=_OK, url=url, body=b"" if self._fault is Fault.EMPTY else NOISE)

    def _inside(self, ask: Callable[[], _T]) -> _T:
        self.is_inside = True
        try:
            return ask()
        finally:
            self.is_inside = False
