"""Bounded, paced and retried requests over HTTP, and the same for files of this machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Self

from tracker.errors import UnreachableError
from tracker.http.addresses import is_file, local_path, read_origin, shown
from tracker.http.bodies import too_long
from tracker.http.credentials import check_token
from tracker.http.download import Download
from tracker.http.exchange import Exchange
from tracker.http.remembered import Remembered
from tracker.http.transport import Question
from tracker.protocols import CredentialHint
from tracker.protocols.http import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from tracker.http.credentials import Credential
    from tracker.protocols import HttpClient, NetworkSettings

_MAX_BYTES = 64 << 20


class View:
    """Implements ``tracker.protocols.HttpClient``, with a token or without; safe to use from several threads."""

    def __init__(self, exchange: Exchange, credential: Credential | None) -> None:
        self._exchange = exchange
        self._credential = credential

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = _MAX_BYTES,
        revalidate: bool = False,
    ) -> Fetched:
        """Return the answer to a GET; see ``HttpClient.get``. A ``file:`` address is read, also when offline."""
        actual = self._exchange.route(url)
        if is_file(actual):
            return _read_file(actual, url, max_bytes)
        question = self._question(url, headers)
        if revalidate:
            return self._exchange.ask_whether_changed(question, max_bytes)
        return self._exchange.ask(question, max_bytes)

    def post(
        self,
        url: str,
        document: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = _MAX_BYTES,
    ) -> Fetched:
        """Return the answer to a POST of JSON; see ``HttpClient.post``."""
        told = {"accept": "application/json", **_lower(headers), "content-type": "application/json"}
        content = json.dumps(document).encode()
        question = Question(url=url, headers=told, method="POST", content=content, credential=self._credential)
        return self._exchange.ask(question, max_bytes)

    def download(
        self,
        url: str,
        destination: Path,
        *,
        size: int | None,
        digest: str | None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Fetch a file and return its digest; see ``HttpClient.download``.

        A part that an interrupted download left (``NAME.part``) is resumed when the digest is known or the host gave
        it a strong validator. Two downloads to one destination at the same time are the caller's to prevent.

        Raises:
            OSError: the destination cannot be written.
        """
        download = Download(url, destination, size=size, digest=digest)
        actual = self._exchange.route(url)
        if is_file(actual):
            with _opened(actual) as stream:
                return download.copy(stream)
        return self._exchange.download(self._question(url, headers), download)

    def _question(self, url: str, headers: Mapping[str, str] | None) -> Question:
        return Question(url=url, headers=_lower(headers), credential=self._credential)


class Client(View):
    """The one client of a process. Close it when done; nothing is opened before the first request.

    Args:
        network: how hosts are reached.
        cache: file that answers and rests are remembered in; ``None`` to remember nothing longer than this object
            lives, and no answer at all.
        clock: tells the aware UTC time.
    """

    def __init__(
        self,
        network: NetworkSettings,
        cache: Path | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(Exchange(network, Remembered(cache), clock), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        self._exchange.close()

    def authorized(self, origin: CredentialHint | str, token: str) -> HttpClient:
        """Return a view of this client that sends ``token`` to ``origin``, and to no other place.

        It shares connections, pacing and memory with this client, and is closed with it.

        Raises:
            ConfigError: the origin is none, or the token cannot be sent; it is not shown.
        """
        named = origin.origin if isinstance(origin, CredentialHint) else origin
        return View(self._exchange, self._exchange.credential(read_origin(named), check_token(token, named)))


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}


def _opened(url: str) -> IO[bytes]:
    path = local_path(url)
    try:
        return path.open("rb")
    except OSError as error:
        message = f"{shown(url)}: cannot be read: {error.strerror or error}"
        raise UnreachableError(message) from error


def _read_file(url: str, asked: str, max_bytes: int) -> Fetched:
    with _opened(url) as stream:
        body = stream.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise too_long(shown(url), max_bytes)
    return Fetched(status=200, url=shown(asked), body=body)
