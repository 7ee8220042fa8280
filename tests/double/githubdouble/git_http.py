"""Git over smart HTTP: the machine's own ``git http-backend`` behind one address of the double."""

from __future__ import annotations

import gzip
import os
import subprocess
from typing import TYPE_CHECKING

from .asked import Answer, Asked

if TYPE_CHECKING:
    from pathlib import Path
    from wsgiref.types import WSGIEnvironment

_SECONDS = 60


def answer_git(asked: Asked, environ: WSGIEnvironment, directory: Path, rest: str) -> Answer:
    """Answer ``info/refs`` and ``git-upload-pack``; pushing is not offered."""
    body = asked.body
    if asked.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "HTTP_"))},
        "GIT_PROJECT_ROOT": str(directory.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": asked.headers.get("git-protocol", ""),
        "PATH_INFO": f"/{directory.name}{rest}",
        "REQUEST_METHOD": asked.method,
        "QUERY_STRING": asked.query_string,
        "CONTENT_TYPE": asked.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": str(environ.get("REMOTE_ADDR", "127.0.0.1")),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    }
    command = ["git", "http-backend"]
    done = subprocess.run(command, input=body, env=variables, capture_output=True, timeout=_SECONDS, check=False)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode("latin-1").split("\r\n"))
    headers = {name.lower(): value for name, _, value in lines if name}
    status = int(headers.pop("status", "200 OK").split()[0])
    kind = headers.pop("content-type", "text/plain")
    headers.pop("content-length", None)
    return Answer(status, content, headers, kind)
