"""The published site in a real browser: its Content-Security-Policy holds, and nothing asks another host."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tracker.render import Snapshot, places, publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: apt-get install chromium")

FORBIDDEN = """<script>document.title = "ran"</script><img src="https://elsewhere.invalid/pixel.png" alt="">"""


class Recorder(SimpleHTTPRequestHandler):
    """Serves the site and keeps what was asked and how it was answered."""

    answers: list[tuple[str, int]]

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del size
        self.answers.append((self.path, int(code)))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, snapshot: Snapshot) -> Iterator[tuple[str, Path, list[Any]]]:
    site = tmp_path_factory.mktemp("served")
    publish(snapshot, site)
    answers: list[tuple[str, int]] = []
    handler = type("Handler", (Recorder,), {"answers": answers})
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", site, answers
        server.shutdown()
        thread.join()


def visit(url: str, work: Path) -> tuple[str, list[str], list[str]]:
    """Return the page as the browser has it, what its console says, and which addresses the page asked."""
    assert BROWSER is not None
    log = work / "net.json"
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--enable-logging=stderr",
            "--virtual-time-budget=2000",
            f"--user-data-dir={work / 'profile'}",
            f"--log-net-log={log}",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "HOME": str(work)},
    )
    console = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    parameters = (event.get("params", {}) for event in json.loads(log.read_text(encoding="utf-8"))["events"])
    asked = [one["url"] for one in parameters if "url" in one and one.get("initiator") not in {None, "not an origin"}]
    return done.stdout, console, asked


@pytest.mark.parametrize("name", ["index", "matrix", "health", "a run", "a release"])
def test_pages_load_without_a_word_on_the_console_and_ask_nobody_else(
    served: tuple[str, Path, list[Any]], tmp_path: Path, snapshot: Snapshot, name: str
) -> None:
    release = snapshot.releases[0].release
    paths = {
        "a run": places.run(snapshot.runs[0].id),
        "a release": places.release(release.component, release.version),
    }
    host, _, answers = served
    answers.clear()

    page, console, asked = visit(f"{host}/{paths.get(name, name)}.html", tmp_path)

    assert snapshot.title in page
    assert console == []
    assert asked
    assert all(address.startswith(f"{host}/") for address in asked)
    assert "/style.css" in {path for path, _ in answers}
    assert {code for _, code in answers} == {200}


def test_a_page_that_did_what_is_forbidden_would_have_been_noticed(
    served: tuple[str, Path, list[Any]], tmp_path: Path
) -> None:
    host, site, _ = served
    whole = (site / "index.html").read_text(encoding="utf-8")
    (site / "forbidden.html").write_text(whole.replace("</main>", f"{FORBIDDEN}</main>"), encoding="utf-8")

    page, console, asked = visit(f"{host}/forbidden.html", tmp_path)

    assert "<title>ran" not in page
    assert len(console) == 2
    assert not any("elsewhere" in address for address in asked)


def test_the_style_applies_without_a_server(served: tuple[str, Path, list[Any]], tmp_path: Path) -> None:
    _, site, _ = served

    _, console, _ = visit((site / "runs" / "1.html").as_uri(), tmp_path)

    assert console == []
