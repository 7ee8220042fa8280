"""The running double: two origins on loopback, and what tests ask of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from .asked import Answer, Asked, Refused, read_query
from .control import PREFIX, Control
from .faults import Faults
from .graph import ADDRESSES, Graph
from .limits import Limits
from .rest import Rest
from .shapes import Links
from .storage import Storage
from .web import Web
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from werkzeug.serving import BaseWSGIServer

    from .faults import Fault

GOOD_TOKEN = "ghp_example"  # noqa: S105 - known to the double only


class GitHubDouble:
    """A GitHub on loopback; a context manager that runs from entry to exit.

    Args:
        world: what it shows; an empty one by default.
        tokens: the credentials that it knows; any other is 401. "ghp_example" by default.
        port: of the API and web origin; 0 takes any that is free.

    Attributes:
        world: change it between two looks.
        limits: the rate limits.
        faults: what goes wrong on purpose.
        requests: all that arrived since the start or the last ``forget()``, oldest first, of both origins.
        tokens: a set that may be changed.
    """

    def __init__(self, world: World | None = None, *, tokens: Iterable[str] = (GOOD_TOKEN,), port: int = 0) -> None:
        self.world = world or World()
        self.tokens = set(tokens)
        self.limits = Limits()
        self.faults = Faults()
        self.requests: list[Asked] = []
        self._storage = Storage(self.world)
        self._rest = Rest(self.world, self._storage, self.limits, self.tokens)
        self._web = Web(self._rest)
        self._graph = Graph(self._rest)
        self._control = Control(self.world, self.limits, self.faults)
        self._lock = threading.RLock()
        self._port = port
        self._servers: list[BaseWSGIServer] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Start both servers."""
        self._servers = [self._serve(self._api_app, self._port), self._serve(self._storage_app, 0)]
        self._storage.url = self.storage_url
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both servers, and let go of whom a slow answer holds."""
        self.faults.clear()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join(10)

    @property
    def api_url(self) -> str:
        """The base of REST; GraphQL is at ``/graphql`` below it. No trailing slash."""
        return f"http://127.0.0.1:{self._servers[0].port}"

    @property
    def graphql_url(self) -> str:
        """The address of GraphQL."""
        return self.api_url + "/graphql"

    @property
    def web_url(self) -> str:
        """The base of pages, feeds, downloads and git; the same origin as the API."""
        return self.api_url

    @property
    def storage_url(self) -> str:
        """The origin of the files' bytes."""
        return f"http://127.0.0.1:{self._servers[1].port}"

    def forget(self) -> None:
        """Empty ``requests``."""
        self.requests.clear()

    def paths(self, origin: str | None = None) -> list[str]:
        """Return the paths of all requests, of one origin when it is given."""
        return [asked.path for asked in self.requests if origin in {None, asked.origin}]

    def _serve(self, app: Callable[[Asked, WSGIEnvironment, Fault | None], Answer], port: int) -> BaseWSGIServer:
        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return self._respond(app, environ, start_response)

        return make_server("127.0.0.1", port, application, threaded=True, request_handler=_QuietHandler)

    def _respond(
        self,
        app: Callable[[Asked, WSGIEnvironment, Fault | None], Answer],
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        asked = _read(environ, "storage" if app == self._storage_app else "api")
        if asked.origin == "api" and self._web.answers(asked):
            asked.origin = "web"
        page = asked.query.get("page", "1")
        is_command = asked.path.startswith(PREFIX)
        fault = (
            None
            if is_command
            else self.faults.take(f"{asked.path}?{asked.query_string}", int(page) if page.isdigit() else 1)
        )
        if not is_command:
            with self._lock:
                self.requests.append(asked)
        try:
            self.faults.before(fault)
            answer = app(asked, environ, fault)
        except Refused as refused:
            answer = self._rest.refused(asked, refused.answer) if asked.origin == "api" else refused.answer
        answer = self.faults.spoil(fault, answer)
        asked.status = answer.status
        response = Response(answer.body, answer.status, content_type=answer.content_type)
        response.headers.extend(answer.headers)
        response.headers["content-length"] = str(len(answer.body))
        if answer.status == 304:
            del response.headers["content-type"], response.headers["content-length"]
        if fault is not None and fault.kind == "cut" and asked.method != "HEAD":
            response.response = _half(answer.body)
        return response(environ, start_response)

    def _api_app(self, asked: Asked, environ: WSGIEnvironment, fault: Fault | None) -> Answer:
        links = Links(self.api_url, self.web_url)
        if asked.origin == "web":
            return self._web.answer(asked, environ, links, self._lock)
        with self._lock:
            if asked.path.startswith(PREFIX):
                return self._control.answer(asked)
            if asked.path in ADDRESSES:
                return self._graph.answer(asked, links)
            return self._rest.answer(asked, links, fault)

    def _storage_app(self, asked: Asked, _environ: WSGIEnvironment, fault: Fault | None) -> Answer:
        with self._lock:
            return self._storage.answer(asked, fault)


class _QuietHandler(WSGIRequestHandler):
    """Serves without a line for each request; HTTP/1.1 as GitHub does."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the server's own name
        """Say nothing: the double records requests itself."""


def _read(environ: WSGIEnvironment, origin: str) -> Asked:
    request = Request(environ)
    path, _, query_string = str(environ["RAW_URI"]).partition("?")
    return Asked(
        request.method,
        origin,
        path,
        read_query(query_string),
        query_string,
        {name.lower(): value for name, value in request.headers.items()},
        request.get_data(),
    )


def _half(body: bytes) -> Iterator[bytes]:
    """Give half of a body and end the connection."""
    yield body[: len(body) // 2]
    raise ConnectionResetError
