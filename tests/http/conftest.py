"""A real HTTP server on loopback that does what a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path


@dataclass
class Reply:
    """What the server answers.

    Attributes:
        status: of the answer.
        body: what is really sent.
        headers: besides the length and the date; a ``Date`` here is sent instead, an empty one not at all.
        length: what Content-Length says; the body's own by default.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass
class Request:
    """What the server was asked."""

    path: str
    headers: Message
    method: str = "GET"
    body: bytes = b""

    @property
    def start(self) -> int:
        """First byte that a Range header asks for."""
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))


Script = Callable[[Request], Reply]


class Server:
    """Serves until it is closed; ``script`` may be replaced at any time."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.script: Script = lambda _: Reply()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                request = Request(self.path, self.headers, self.command, sent)
                outer.requests.append(request)
                reply = outer.script(request)
                self.send_response_only(reply.status)
                length = len(reply.body) if reply.length is None else reply.length
                usual = {"Date": self.date_time_string(), "Content-Length": str(length)}
                for name, value in {**usual, **reply.headers}.items():
                    if value or name not in usual:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
                if length != len(reply.body):
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815 - the base class looks for this name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def sent(self) -> list[str | None]:
        """What was sent as Authorization, request by request."""
        return [request.headers["Authorization"] for request in self.requests]

    def answer(self, *replies: Reply) -> None:
        """Give these answers in turn, the last one for ever."""
        waiting = list(replies)
        self.script = lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cache" / "http.sqlite"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def other_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(NetworkSettings(timeout_seconds=10)) as client:
        yield client
