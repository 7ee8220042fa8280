"""A server on this machine that tells one word to whoever asks: what a container fetches over its network."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from tracker.api import SmokeError

if TYPE_CHECKING:
    from types import TracebackType


class TokenServer:
    """Serves ``token`` at every path while the block lasts.

    Args:
        address: the address of this machine to listen on, and no other.
        token: the whole answer.

    Attributes:
        port: where it listens.
    """

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._body = token.encode()
        self.port = 0

    def __enter__(self) -> Self:
        body = self._body

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing: the run's log tells what the container saw."""

        try:
            self._server = ThreadingHTTPServer((self._address, 0), Handler)
        except OSError as error:
            message = f"nothing can listen on {self._address}: {error.strerror or error}"
            raise SmokeError(message, hint="Is the host network's own address there?") from error
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
