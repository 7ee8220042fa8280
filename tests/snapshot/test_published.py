"""Verdicts of a published site answer as those of the own home, and what is none of it is refused."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from tests.snapshot.small_world import small_world
from tracker.errors import StoreError
from tracker.protocols import NetworkSettings
from tracker.snapshot import to_document, write_snapshot
from tracker.snapshot.published import open_published

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

OPEN = NetworkSettings(timeout_seconds=10)
MATRIX = json.dumps(to_document(small_world())).encode()


def read(where: str, network: NetworkSettings = OPEN) -> None:
    with open_published(where, network) as found:
        assert found.whole() == small_world()


@pytest.mark.parametrize("path", ["/site", "/site/", "/site/index.html", "/site/matrix.json", "/site/?a=b"])
def test_every_address_of_a_site_leads_to_its_matrix(httpserver: HTTPServer, path: str) -> None:
    httpserver.expect_request("/site/matrix.json").respond_with_data(MATRIX)

    read(httpserver.url_for(path))


def test_a_verdicts_file_is_read_from_anywhere(httpserver: HTTPServer, tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"
    write_snapshot(path, small_world())
    (tmp_path / "renamed").write_bytes(path.read_bytes())
    httpserver.expect_request("/verdicts.sqlite").respond_with_data(path.read_bytes())

    for where in (httpserver.url_for("/verdicts.sqlite"), str(path), str(tmp_path / "renamed"), str(tmp_path)):
        read(where)


def test_a_file_may_be_named_by_its_address(tmp_path: Path) -> None:
    site = tmp_path / "a site"
    site.mkdir()
    (site / "matrix.json").write_bytes(MATRIX)

    for where in (site.as_uri(), (site / "matrix.json").as_uri(), str(site)):
        read(where)


def test_a_compressed_answer_is_read(httpserver: HTTPServer) -> None:
    packed = gzip.compress(MATRIX)
    httpserver.expect_request("/matrix.json").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    httpserver.expect_request("/cut/matrix.json").respond_with_data(
        packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"}
    )

    read(httpserver.url_for("/"))
    with pytest.raises(StoreError, match="ends in its middle"):
        read(httpserver.url_for("/cut"))


def test_a_name_and_password_reach_their_host_and_no_other(httpserver: HTTPServer) -> None:
    seen: dict[str, str | None] = {}

    def lead_away(request: Request) -> Response:
        seen["first"] = request.headers.get("Authorization")
        return Response(
            status=302, headers={"Location": httpserver.url_for("/other").replace("localhost", "127.0.0.1")}
        )

    def answer(request: Request) -> Response:
        seen["second"] = request.headers.get("Authorization")
        return Response(MATRIX)

    httpserver.expect_request("/matrix.json").respond_with_handler(lead_away)
    httpserver.expect_request("/other").respond_with_handler(answer)

    read(httpserver.url_for("/").replace("//", "//me:s3cret@"))

    assert seen["first"] is not None
    assert seen["first"].startswith("Basic ")
    assert seen["second"] is None


@pytest.mark.parametrize("status", [401, 404, 500])
def test_what_the_site_answers_is_told_without_the_password(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/matrix.json").respond_with_data("no", status=status)

    with pytest.raises(StoreError, match=str(status)) as told:
        read(httpserver.url_for("/").replace("//", "//me:s3cret@"))

    assert "s3cret" not in str(told.value)


def test_a_host_that_nobody_knows_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match=r"nowhere\.invalid/matrix\.json: cannot be fetched") as told:
        read("https://me:s3cret@nowhere.invalid/")

    assert "s3cret" not in str(told.value)


def test_the_configured_proxy_is_asked(httpserver: HTTPServer) -> None:
    asked = []

    def answer(request: Request) -> Response:
        asked.append(request.url)
        return Response(MATRIX)

    httpserver.expect_request("/matrix.json").respond_with_handler(answer)

    read("http://site.invalid/", NetworkSettings(proxy=httpserver.url_for("")))

    assert asked


def test_without_network_only_files_are_read(httpserver: HTTPServer) -> None:
    with pytest.raises(StoreError, match="offline is set"):
        read(httpserver.url_for("/"), NetworkSettings(offline=True))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1f\x8b",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"schema": "matrix/99"}',
        b'{"schema": "matrix/2"}',
        b"<!DOCTYPE html>",
        MATRIX[:-20],
        MATRIX.replace(b'"factor": "engine"', b'"factor": {"engine": 1}'),
        MATRIX.replace(b'"verdicts": {"runs"', b'"verdicts": {"walks"'),
        MATRIX.replace(b"+00:00", b""),
        MATRIX.replace(b'"verdict": "broken"', b'"verdict": "so-so"'),
        b"SQLite format 3\0" + b"\0" * 4096,
    ],
)
def test_something_else_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "matrix.json"
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"matrix\.json"):
        read(str(path))


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no verdicts can be read there"):
        read(str(tmp_path / "nothing"))


def test_a_directory_without_any_verdicts_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no verdicts can be read there"):
        read(str(tmp_path))
