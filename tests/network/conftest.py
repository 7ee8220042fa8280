"""An upstream that remembers who asked it, and a real proxy in front of it."""

from __future__ import annotations

import ssl
import tempfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.network import squid as proxies
from tests.network.certificates import Authority, make_authority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.network.squid import Squid


@dataclass
class Upstream:
    """A server with TLS or without; a path ``/to?URL`` redirects there."""

    scheme: str
    port: int
    files: dict[str, bytes] = field(default_factory=dict)
    peers: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "upstream.example") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


@pytest.fixture(scope="session")
def upstream_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), "Upstream CA")


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("company"), "Company Proxy CA")


@pytest.fixture(scope="session")
def squid(company: Authority, upstream_authority: Authority) -> Iterator[Squid]:
    if said := proxies.obstacle():
        pytest.skip(said)
    # pytest's own directories are closed to the user that the proxy becomes.
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        running = proxies.start(Path(directory), company, upstream_authority)
        yield running
        running.close()


def _serve(made: Upstream, server: ThreadingHTTPServer) -> threading.Thread:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.peers.append(str(self.client_address[0]))
            made.heard.append(f"{self.path} {dict(self.headers)}")
            path, _, to = self.path.partition("?")
            body = made.files.get(path, b"ok")
            self.send_response(302 if path == "/to" else 200)
            if path == "/to":
                self.send_header("Location", to)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the base class looks for this name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    return thread


@pytest.fixture
def plain() -> Iterator[Upstream]:
    """An upstream without TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    made = Upstream("http", server.server_port)
    thread = _serve(made, server)
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def secure(upstream_authority: Authority, tmp_path: Path) -> Iterator[Upstream]:
    """An upstream with TLS, by an authority of the tests' own."""
    certificate = upstream_authority.certificate(tmp_path / "server.pem", *proxies.HOSTS, proxies.REFUSED, "localhost")
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made = Upstream("https", server.server_port)
    thread = _serve(made, server)
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def login() -> str:
    """Name and password as they stand in an address."""
    return f"{proxies.USER}:{quote(proxies.PASSWORD, safe='')}"
