"""A stack that runs in a moment, for killing what watches and runs it: the example of docs/plugins.md, installed as a
third party's plugin, and its upstream on loopback, which sends its programs in pieces."""

from __future__ import annotations

import hashlib
import http.server
import re
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LANGUAGES = {"1.0": "en", "1.1": "en", "2.0": "en|de"}
_PIECE = 512
_PAUSE_SECONDS = 0.002
_PROGRAM = """#!/bin/sh
case "$1" in
  --version) echo "greet {version}" ;;
  {languages}) echo "greetings in $1" ;;
  *) echo "greet: unknown language '$1'" >&2; exit 1 ;;
esac
exit 0
{padding}
"""


class Upstream:
    """Serves greet; use it as a context."""

    def __init__(self) -> None:
        self._files = {f"/greet-{version}": _program(version) for version in _LANGUAGES}
        listing = [
            f"{version} {hashlib.sha256(self._files[f'/greet-{version}']).hexdigest()}\n" for version in _LANGUAGES
        ]
        self._files["/versions.txt"] = "".join(listing).encode()
        files = self._files

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = files.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                for start in range(0, len(body or b""), _PIECE):
                    self.wfile.write((body or b"")[start : start + _PIECE])
                    time.sleep(_PAUSE_SECONDS)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name in the library
                """Say nothing."""

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:  # whoever asked was killed
                    return

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/versions.txt"


def _program(version: str) -> bytes:
    padding = "\n".join(f"# {version} {number}" for number in range(400))
    return _PROGRAM.format(version=version, languages=_LANGUAGES[version], padding=padding).encode()


def install(directory: Path, repository: Path, url: str) -> dict[str, str]:
    """Write plugin and tracker.toml into ``directory``; return the environment that programs in it need."""
    page = (repository / "docs" / "plugins.md").read_text(encoding="utf-8")
    packages = directory / "packages"
    info = packages / "greetings-1.0.dist-info"
    info.mkdir(parents=True)
    (packages / "greetings.py").write_text("\n".join(_blocks("python", page)), encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[tracker]\ngreetings = greetings\n", encoding="utf-8")
    settings = next(block for block in _blocks("toml", page) if "profile" in block)
    (directory / "tracker.toml").write_text(
        settings.replace("http://localhost/greet/versions.txt", url), encoding="utf-8"
    )
    return {"PYTHONPATH": str(packages), "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def _blocks(language: str, page: str) -> Iterator[str]:
    return iter(re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL))
