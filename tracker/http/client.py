"""Bounded, paced and retried requests over HTTP, and the same for files of this machine."""

from __future__ import annotations

import logging
import threading
from typing import IO, TYPE_CHECKING, Self, TypeVar

import stamina

from tracker.errors import UnreachableError
from tracker.http.addresses import is_file, local_path, shown
from tracker.http.download import Download
from tracker.http.retry import ATTEMPTS, PassingError, backoff
from tracker.http.transport import Transport
from tracker.protocols.http import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from tracker.config import NetworkSettings

_T = TypeVar("_T")
# stamina tells every retry to the log; without a handler Python would print that on stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())

_WAIT_INITIAL_SECONDS = 0.1
_WAIT_JITTER_SECONDS = 0.2


class Client:
    """Implements ``tracker.protocols.HttpClient``; safe to use from several threads. Close it when done.

    Nothing is opened before the first request, so that a command that needs no network pays nothing for it.
    """

    def __init__(self, network: NetworkSettings) -> None:
        self._network = network
        self._lock = threading.Lock()
        self._transport: Transport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        with self._lock:
            if self._transport is not None:
                self._transport.close()
                self._transport = None

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = 64 << 20) -> Fetched:
        """Return the answer to a GET; see ``HttpClient.get``. A ``file:`` address is read, also when offline."""
        if is_file(url):
            return _read_file(url, max_bytes)
        transport = self._online(url)

        def attempt() -> Fetched:
            with transport.open(url, headers or {}) as response:
                address = shown(str(response.url))
                body = bytearray()
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > max_bytes:
                        raise _too_long(address, max_bytes)
                found = {name.lower(): value for name, value in response.headers.items()}
                return Fetched(status=response.status_code, url=address, body=bytes(body), headers=found)

        return _retried(attempt)

    def download(self, url: str, destination: Path, *, size: int | None, digest: str | None) -> str:
        """Fetch a file and return its digest; see ``HttpClient.download``.

        A part that an interrupted download left (``NAME.part``) is resumed when the digest is known or the host gave
        it a strong validator. Two downloads to one destination at the same time are the caller's to prevent.

        Raises:
            OSError: the destination cannot be written.
        """
        download = Download(url, destination, size=size, digest=digest)
        if is_file(url):
            with _opened(url) as stream:
                return download.copy(stream)
        transport = self._online(url)
        return _retried(lambda: download.fetch(transport))

    def _online(self, url: str) -> Transport:
        if self._network.offline:
            message = f"{shown(url)}: not asked, since [network] offline is true"
            raise UnreachableError(message, hint="Name a file: mirror, or set network.offline = false.")
        with self._lock:
            if self._transport is None:
                self._transport = Transport(self._network)
            return self._transport


def _retried(attempt: Callable[[], _T]) -> _T:
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
        raise error.verdict from error
    raise AssertionError  # stamina ends with a result or an error


def _opened(url: str) -> IO[bytes]:
    path = local_path(url)
    try:
        return path.open("rb")
    except OSError as error:
        message = f"{shown(url)}: cannot be read: {error.strerror or error}"
        raise UnreachableError(message) from error


def _read_file(url: str, max_bytes: int) -> Fetched:
    with _opened(url) as stream:
        body = stream.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise _too_long(shown(url), max_bytes)
    return Fetched(status=200, url=shown(url), body=body)


def _too_long(address: str, max_bytes: int) -> UnreachableError:
    return UnreachableError(f"{address}: the answer is longer than {max_bytes} bytes")
