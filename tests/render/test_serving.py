"""A look at the site on loopback: what is served, to whom, and what never is."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UsageError
from tracker.render.serving import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVE = """
import sys
from pathlib import Path
from tracker.cli.site import _show
_show(Path(sys.argv[1]), 0)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    where = tmp_path / "site"
    (where / "runs").mkdir(parents=True)
    for name in ("index.html", "index.md", "a.json", "a.svg", "a.js", "a.xml", "a.pagefind", ".tracker-site.json"):
        (where / name).write_text(name, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return where


@pytest.fixture
def port(site: Path) -> Iterator[int]:
    with open_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(port: int, path: str, host: str = "", method: str = "GET") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host=bool(host))
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    said = (answer.status, answer.headers.get("Content-Type", ""), answer.read())
    connection.close()
    return said


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("index.md", "text/markdown; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.xml", "application/atom+xml"),
        ("a.pagefind", "application/octet-stream"),
    ],
)
def test_each_kind_of_file_is_served_as_what_it_is(port: int, name: str, kind: str) -> None:
    assert ask(port, f"/{name}") == (200, kind, name.encode())


def test_the_front_page_is_what_the_root_shows(port: int) -> None:
    assert ask(port, "/")[2] == b"index.html"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/runs/../../secret.txt",
        "/..%2fsecret.txt",
        "/link.txt",
        "/.tracker-site.json",
        "/runs/",
        "/nothing",
        "/%00",
    ],
)
def test_nothing_outside_nothing_hidden_and_no_directory_is_served(port: int, site: Path, path: str) -> None:
    if sys.platform != "win32":
        (site / "link.txt").symlink_to(site.parent / "secret.txt")

    status, _, content = ask(port, path)

    assert status == 404
    assert b"secret\n" not in content
    assert content != b"secret"


def test_whoever_asks_by_another_machines_name_gets_nothing(port: int) -> None:
    assert ask(port, "/index.html", host="evil.example")[0] == 421
    assert ask(port, "/index.html", host=f"localhost:{port}")[0] == 200


def test_nothing_can_be_sent(port: int) -> None:
    assert ask(port, "/index.html", method="POST")[0] == 501


def test_a_port_that_is_taken_is_told(port: int, site: Path) -> None:
    with pytest.raises(UsageError, match=f"--serve {port}: cannot listen there"):
        open_server(site, port)
    with pytest.raises(UsageError, match="--serve 70000"):
        open_server(site, 70000)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_ends_it_without_an_error(site: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, site], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("http://127.0.0.1:")
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert (process.returncode, said) == (0, "")
