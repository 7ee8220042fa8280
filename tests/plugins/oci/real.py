"""Debian's docker-registry, started for a test on a port of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.plugins.oci.images import Document, Image

NAME = "windows/nanoserver"
_LISTENING = re.compile(r"listening on 127\.0\.0\.1:(\d+)")


@dataclass
class RealRegistry:
    """A registry that runs; ``headers`` are sent with everything that is pushed."""

    address: str
    headers: dict[str, str]

    @property
    def image(self) -> str:
        return f"{self.address}/{NAME}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/v2/{NAME}"

    def push_image(self, tag: str, image: Image) -> None:
        self._blob(image.config)
        self.push(tag, image.manifest)

    def push(self, tag: str, document: Document) -> None:
        url = f"{self.url}/manifests/{tag}"
        answer = httpx.put(url, content=document.body, headers=self.headers | {"Content-Type": document.media_type})
        assert answer.status_code == 201, answer.text
        assert answer.headers["docker-content-digest"] == document.digest

    def push_index(self, tag: str, index: Document, *children: Image) -> None:
        for child in children:
            self.push_image(child.manifest.digest, child)
        self.push(tag, index)

    def _blob(self, blob: Document) -> None:
        started = httpx.post(f"{self.url}/blobs/uploads/", headers=self.headers)
        assert started.status_code == 202, started.text
        place = urljoin(f"http://{self.address}", started.headers["location"])
        stored = httpx.put(
            place,
            params=dict(httpx.URL(place).params) | {"digest": blob.digest},
            content=blob.body,
            headers=self.headers | {"Content-Type": "application/octet-stream"},
        )
        assert stored.status_code == 201, stored.text


def real_registry(directory: Path, auth: Mapping[str, object]) -> Iterator[RealRegistry]:
    """Run a registry until the test is over; it keeps everything below ``directory``."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("not installed: docker-registry")
    directory.mkdir()
    config = {
        "version": 0.1,
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(directory / "data")}, "delete": {"enabled": True}},
        "http": {"addr": "127.0.0.1:0", "secret": "only for this test"},
        # Children of an index are pushed without their layers' bytes where a test has no use for them.
        "validation": {"disabled": True},
        **({"auth": auth} if auth else {}),
    }
    path = directory / "config.yml"
    path.write_text(json.dumps(config))
    with (
        subprocess.Popen(
            [program, "serve", str(path)], stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            yield RealRegistry(f"127.0.0.1:{_port(process)}", {})
        finally:
            process.terminate()
            process.communicate()


def _port(process: subprocess.Popen[str]) -> int:
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if found := _LISTENING.search(line):
            return int(found[1])
    pytest.fail(f"docker-registry ended: {''.join(said)}")
