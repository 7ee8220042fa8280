"""Serves repositories over HTTP with git's own CGI program, as forges do, with or without TLS and a password."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment


class Web:
    """A WSGI application.

    Args:
        base: every repository below it is served.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self.address = ""
        self.login = ""
        self.redirect = ""
        self.heard: list[str] = []
        self.on_request: Callable[[], None] = lambda: None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        self.heard.append(f"{request.host} {request.path} {request.headers.get('Authorization', '-')}")
        self.on_request()
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if self.redirect:
            return Response("", 301, {"Location": f"{self.redirect}{request.full_path}"})
        wanted = f"Basic {base64.b64encode(self.login.encode()).decode()}"
        if self.login and request.headers.get("Authorization") != wanted:
            return Response("", 401, {"WWW-Authenticate": 'Basic realm="git"'})
        return self._from_git(request)

    def _from_git(self, request: Request) -> Response:
        variables = {
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(self.base),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "PATH": os.environ["PATH"],
            "PATH_INFO": request.path,
            "QUERY_STRING": request.query_string.decode(),
            "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_METHOD": request.method,
        }
        done = subprocess.run(
            ["git", "http-backend"], input=request.get_data(), env=variables, capture_output=True, check=True
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return Response(body, headers.pop("Status", "200 OK"), headers)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing of requests."""


@contextmanager
def serving(web: Web, trust: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve on a free port of loopback, and tell the application its address."""
    server = make_server("127.0.0.1", 0, web, threaded=True, request_handler=_Quiet, ssl_context=trust)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    web.address = f"http{'s' if trust else ''}://127.0.0.1:{server.port}"
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def arguments_of_all_programs() -> str:
    """Return what anybody on this machine may read of running programs: their arguments."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue  # it ended in between
    return "\n".join(found)
