"""Verdicts of a published site answer as those of the own home, and what is none of it is refused."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from tests.snapshot.small_world import small_world
from tracker.configured import TrustConfig
from tracker.errors import SignatureError, StoreError
from tracker.protocols import NetworkSettings
from tracker.signing import EVIDENCE, new_key, sign
from tracker.signing import MATRIX as MATRIX_KIND
from tracker.snapshot import to_document, write_snapshot
from tracker.snapshot.published import open_published

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

OPEN = NetworkSettings(timeout_seconds=10)
MATRIX = json.dumps(to_document(small_world())).encode()


@pytest.fixture(autouse=True)
def missing_files(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site has no signature where a test gives it none."""
    monkeypatch.setattr(httpserver, "no_handler_status_code", 404)


def read(where: str, network: NetworkSettings = OPEN) -> None:
    with open_published(where, network, TrustConfig(), accept_unsigned=True) as found:
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


def signed_site(tmp_path: Path, kind: str = MATRIX_KIND) -> tuple[Path, str]:
    site = tmp_path / "site"
    site.mkdir()
    key = new_key(tmp_path / "key.pem")
    (site / "matrix.json").write_bytes(MATRIX)
    (site / "matrix.json.sig").write_bytes(sign(MATRIX, kind, tmp_path / "key.pem"))
    return site, key


def test_a_site_that_a_trusted_key_signed_is_read_with_its_name(tmp_path: Path, httpserver: HTTPServer) -> None:
    site, key = signed_site(tmp_path)
    trust = TrustConfig(keys={"other": "ed25519:" + "A" * 43 + "=", "box": key})
    for name in ("matrix.json", "matrix.json.sig"):
        httpserver.expect_request(f"/{name}").respond_with_data((site / name).read_bytes())

    for where in (str(site), str(site / "matrix.json"), httpserver.url_for("/")):
        with open_published(where, OPEN, trust) as found:
            assert found.signed_by == "box"
            assert found.on(0).signed_by == "box"


def test_what_nobody_trusted_signed_is_refused_unless_that_is_accepted(tmp_path: Path, httpserver: HTTPServer) -> None:
    site, key = signed_site(tmp_path)
    httpserver.expect_request("/matrix.json").respond_with_data(MATRIX)

    with pytest.raises(StoreError, match=f"is signed by {re.escape(key)}, which is not trusted here"):
        open_published(str(site), OPEN, TrustConfig())
    with pytest.raises(StoreError, match="is not signed"):
        open_published(httpserver.url_for("/"), OPEN, TrustConfig(keys={"box": key}))
    with open_published(str(site), OPEN, TrustConfig(), accept_unsigned=True) as found:
        assert not found.signed_by


def test_a_wrong_signature_is_refused_even_where_none_is_needed(tmp_path: Path) -> None:
    site, _ = signed_site(tmp_path, kind=EVIDENCE)

    with pytest.raises(SignatureError, match="does not fit"):
        open_published(str(site), OPEN, TrustConfig(), accept_unsigned=True)


def test_a_site_that_is_being_published_is_asked_once_more(tmp_path: Path, httpserver: HTTPServer) -> None:
    site, key = signed_site(tmp_path)
    httpserver.expect_ordered_request("/matrix.json").respond_with_data(MATRIX + b" ")
    httpserver.expect_ordered_request("/matrix.json.sig").respond_with_data((site / "matrix.json.sig").read_bytes())
    httpserver.expect_ordered_request("/matrix.json").respond_with_data(MATRIX)
    httpserver.expect_ordered_request("/matrix.json.sig").respond_with_data((site / "matrix.json.sig").read_bytes())

    with open_published(httpserver.url_for("/"), OPEN, TrustConfig(keys={"box": key})) as found:
        assert found.signed_by == "box"


def test_a_signature_that_cannot_be_fetched_is_no_missing_one(tmp_path: Path, httpserver: HTTPServer) -> None:
    signed_site(tmp_path)
    httpserver.expect_request("/matrix.json").respond_with_data(MATRIX)
    httpserver.expect_request("/matrix.json.sig").respond_with_data("broken", status=500)

    with pytest.raises(StoreError, match="the site answers 500"):
        open_published(httpserver.url_for("/"), OPEN, TrustConfig(), accept_unsigned=True)
