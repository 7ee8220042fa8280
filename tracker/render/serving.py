"""A look at a published site with this machine's own browser: files of one directory, on loopback alone.

It is no web server for others: no TLS, no cache, one directory, two methods.
"""

from __future__ import annotations

import functools
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from tracker.errors import UsageError

if TYPE_CHECKING:
    from io import BytesIO

HOST = "127.0.0.1"
_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})
# Not those of the machine: on Windows its registry may say that a script is plain text.
_TYPES = {
    "": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".xml": "application/atom+xml",
}


class _Handler(SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = _TYPES  # type: ignore[misc]
    server_version = "tracker"
    sys_version = ""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Refuse what is not asked of this machine by its own name, what is hidden, and what lies outside."""
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if name not in _OWN_NAMES:
            # Another site's name that was pointed at this machine, so that its scripts might read the answer.
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        if not self._is_public():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def _is_public(self) -> bool:
        root = Path(self.directory).resolve()
        try:
            path = Path(self.translate_path(self.path)).resolve()
        except (OSError, ValueError):
            return False
        return path.is_relative_to(root) and not any(part.startswith(".") for part in path.relative_to(root).parts)

    def list_directory(self, path: Any) -> None:  # noqa: ANN401 - the library's own kinds of path
        """Show no directory."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Have every answer read as what it says it is, and asked for anew."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the library's names
        """Say nothing: whoever looks sees what comes."""


def open_server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of ``site`` that listens already; the caller lets it serve, and closes it.

    Args:
        site: an existing directory.
        port: 0 for any that is free.

    Raises:
        UsageError: the port cannot be had.
    """
    try:
        return ThreadingHTTPServer((HOST, port), functools.partial(_Handler, directory=str(site)))
    except (OSError, OverflowError) as error:
        message = f"--serve {port}: cannot listen there: {getattr(error, 'strerror', None) or error}"
        raise UsageError(message, hint="Name another port, or 0 for any that is free.") from error
