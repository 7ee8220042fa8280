"""A registry on loopback that serves one image layout, so that containerd pulls what was fetched and verified before.

It answers the pulling half of the OCI distribution specification 1.1 (read 2026-11-24): GET and HEAD of manifests and
blobs, each by its digest, blobs also in parts.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from io import BufferedIOBase
    from pathlib import Path
    from types import TracebackType

REPOSITORY = "smoke/image"
_PATH = re.compile(rf"/v2/{REPOSITORY}/(manifests|blobs)/(sha256|sha512):([0-9a-f]{{64}}(?:[0-9a-f]{{64}})?)")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class ImageServer:
    """Serves a layout while the block lasts, on a free port of 127.0.0.1 and nowhere else.

    Args:
        layout: directory of the OCI image layout; only read.
    """

    def __init__(self, layout: Path) -> None:
        self._server = _Server(layout)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def reference(self, digest: str) -> str:
        """Return the name under which a client pulls the manifest with ``digest``."""
        return f"127.0.0.1:{self._server.server_address[1]}/{REPOSITORY}@{digest}"

    @property
    def blobs_served(self) -> int:
        """How many blobs were asked for so far, wholly or in part."""
        return self._server.blobs_served

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, layout: Path) -> None:
        self.layout = layout
        self.blobs_served = 0
        self._counting = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def count_blob(self) -> None:
        """Count a blob that is sent."""
        with self._counting:
            self.blobs_served += 1

    def media_type(self, digest: str) -> str:
        """Return what the layout's index says that a manifest is."""
        manifests = json.loads((self.layout / "index.json").read_text(encoding="utf-8"))["manifests"]
        return next((str(one["mediaType"]) for one in manifests if one["digest"] == digest), _MANIFEST)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"
    """containerd up to 1.7 tries TLS first, and plain HTTP when the refusal is in HTTP."""
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        """Say nothing: the client's own words are in the run's log."""

    def _answer(self, *, with_body: bool) -> None:
        if self.path in {"/v2", "/v2/"}:
            self._send(HTTPStatus.OK, b"{}", "application/json", with_body=with_body)
            return
        asked = _PATH.fullmatch(self.path)
        path = self.server.layout / "blobs" / asked[2] / asked[3] if asked else None
        if asked is None or path is None or not path.is_file():
            error = {"errors": [{"code": "NOT_FOUND", "message": "this registry has one image alone"}]}
            self._send(HTTPStatus.NOT_FOUND, json.dumps(error).encode(), "application/json", with_body=with_body)
            return
        digest = f"{asked[2]}:{asked[3]}"
        kind = self.server.media_type(digest) if asked[1] == "manifests" else "application/octet-stream"
        if with_body and asked[1] == "blobs":
            self.server.count_blob()
        with path.open("rb") as content:
            self._send_file(content, path.stat().st_size, kind, digest, with_body=with_body)

    def _send(self, status: HTTPStatus, body: bytes, kind: str, *, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _send_file(self, content: IO[bytes], size: int, kind: str, digest: str, *, with_body: bool) -> None:
        start, end = self._part(size)
        if start >= size > 0:
            self._send(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", kind, with_body=False)
            return
        is_part = (start, end) != (0, size)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Docker-Content-Digest", digest)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start))
        if is_part:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.end_headers()
        if with_body:
            content.seek(start)
            _copy(content, self.wfile, end - start)

    def _part(self, size: int) -> tuple[int, int]:
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked is None:
            return 0, size
        return int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size


def _copy(source: IO[bytes], target: BufferedIOBase, count: int) -> None:
    if count == 0:
        return
    while count > 0 and (data := source.read(min(count, shutil.COPY_BUFSIZE))):  # type: ignore[attr-defined]  # not in the stubs
        target.write(data)
        count -= len(data)
