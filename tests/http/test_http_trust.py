from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UnreachableError
from tracker.http import Client
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.http.conftest import Server

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="not installed: openssl")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        _, _, elsewhere = self.path.partition("?to=")
        self.send_response(302 if elsewhere else 200)
        if elsewhere:
            self.send_header("Location", elsewhere)
        self.send_header("X-Sent", str(self.headers["Authorization"]))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        pass


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(path)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return path


@pytest.fixture
def secure_url(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_of_ones_own_is_trusted_where_the_configuration_names_it(
    secure_url: str, certificate: Path
) -> None:
    with Client(NetworkSettings(ca_file=certificate)) as client:
        assert client.get(secure_url).body == b"ok"


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_url: str) -> None:
    with Client(NetworkSettings()) as client, pytest.raises(UnreachableError, match=r"no answer: .*CERTIFICATE"):
        client.get(secure_url)


def test_a_redirect_from_an_encrypted_address_to_an_open_one_is_not_followed(
    secure_url: str, certificate: Path, server: Server
) -> None:
    with Client(NetworkSettings(ca_file=certificate)) as client:
        known = client.authorized(secure_url, "a-long-token")
        with pytest.raises(UnreachableError, match="redirects from https to http, which is not followed"):
            known.get(f"{secure_url}?to={server.url}")

    assert server.requests == []


def test_a_token_for_the_open_address_is_not_sent_to_the_encrypted_one_nor_the_other_way(
    secure_url: str, certificate: Path, server: Server
) -> None:
    with Client(NetworkSettings(ca_file=certificate)) as client:
        fetched = client.authorized(secure_url.replace("https", "http"), "a-long-token").get(secure_url)
        client.authorized(server.url.replace("http", "https"), "a-long-token").get(server.url)
        own = client.authorized(secure_url, "a-long-token").get(secure_url)

    assert fetched.headers["x-sent"] == "None"
    assert server.sent == [None]
    assert own.headers["x-sent"] == "Bearer [redacted]"
