"""A layout on disk is served as a registry does, to this machine alone, and nothing else of the disk is."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest
from tracker.plugins.windows_containers.image_server import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYER = b"layer" * 1000


def _blob(layout: Path, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    path = layout / "blobs" / "sha256" / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"sha256:{digest}"


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    directory = tmp_path / "layout"
    config = _blob(directory, b'{"os":"windows","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}')
    size = (directory / "blobs" / "sha256" / config.removeprefix("sha256:")).stat().st_size
    kinds = "application/vnd.oci.image"
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{kinds}.manifest.v1+json",
        "config": {"mediaType": f"{kinds}.config.v1+json", "digest": config, "size": size},
        "layers": [{"mediaType": f"{kinds}.layer.v1.tar+gzip", "digest": _blob(directory, LAYER), "size": len(LAYER)}],
    }
    body = json.dumps(manifest).encode()
    entry = {"mediaType": manifest["mediaType"], "digest": _blob(directory, body), "size": len(body)}
    (directory / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}), encoding="utf-8")
    (directory / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}', encoding="utf-8")
    (tmp_path / "secret").write_text("not for everybody", encoding="utf-8")
    return directory


@pytest.fixture
def digest(layout: Path) -> str:
    (entry,) = json.loads((layout / "index.json").read_text(encoding="utf-8"))["manifests"]
    found: str = entry["digest"]
    return found


@pytest.fixture
def server(layout: Path) -> Iterator[ImageServer]:
    with ImageServer(layout) as running:
        yield running


def _url(server: ImageServer, digest: str, kind: str = "manifests") -> str:
    host, _, name = server.reference(digest).partition("@")[0].partition("/")
    return f"http://{host}/v2/{name}/{kind}/{digest}"


def test_a_manifest_is_told_with_its_kind_and_digest(server: ImageServer, digest: str) -> None:
    answer = httpx.get(_url(server, digest))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.oci.image.manifest.v1+json"
    assert answer.headers["docker-content-digest"] == digest
    assert f"sha256:{hashlib.sha256(answer.content).hexdigest()}" == digest


def test_a_question_for_the_head_alone_tells_the_size_and_sends_nothing(server: ImageServer, digest: str) -> None:
    answer = httpx.head(_url(server, digest))

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    assert server.blobs_served == 0


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [("bytes=0-9", 206, 0, 10), ("bytes=4990-", 206, 4990, 5000), ("bytes=0-9999", 200, 0, 5000)],
)
def test_a_blob_is_sent_in_parts(server: ImageServer, wanted: str, status: int, start: int, end: int) -> None:
    layer = f"sha256:{hashlib.sha256(LAYER).hexdigest()}"

    answer = httpx.get(_url(server, layer, "blobs"), headers={"range": wanted})

    assert (answer.status_code, answer.content) == (status, LAYER[start:end])
    assert server.blobs_served == 1


def test_a_part_beyond_the_end_is_refused(server: ImageServer) -> None:
    layer = f"sha256:{hashlib.sha256(LAYER).hexdigest()}"

    assert httpx.get(_url(server, layer, "blobs"), headers={"range": "bytes=5000-"}).status_code == 416


@pytest.mark.parametrize(
    "path", ["/v2/smoke/image/blobs/sha256:../../../secret", "/v2/smoke/image/tags/list", "/secret", "/v2/other/x"]
)
def test_nothing_but_the_image_is_there(server: ImageServer, digest: str, path: str) -> None:
    origin = _url(server, digest).partition("/v2/")[0]

    answer = httpx.get(origin + path)

    assert answer.status_code == 404
    assert "errors" in answer.json()


def test_whoever_begins_with_tls_is_refused_in_http(server: ImageServer, digest: str) -> None:
    with pytest.raises(httpx.ConnectError, match=r"(?i)ssl|wrong version|record"):
        httpx.get(_url(server, digest).replace("http:", "https:"), verify=False)  # noqa: S501 - it must not get so far


def test_nobody_listens_after_the_block(layout: Path, digest: str) -> None:
    with ImageServer(layout) as running:
        url = _url(running, digest)

    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_another_client_pulls_the_whole_image(server: ImageServer, digest: str, tmp_path: Path) -> None:
    if shutil.which("skopeo") is None:
        pytest.skip("not installed: skopeo")
    source = f"docker://{server.reference(digest)}"

    done = subprocess.run(
        ["skopeo", "copy", "--src-tls-verify=false", source, f"dir:{tmp_path / 'copy'}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "copy" / hashlib.sha256(LAYER).hexdigest()).read_bytes() == LAYER
