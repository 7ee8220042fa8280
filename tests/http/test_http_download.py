from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import Reply, Request
from tracker.errors import UnreachableError, VerificationError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.conftest import Server
    from tracker.http import Client

DATA = bytes(range(256)) * 1000
DIGEST = f"sha256:{hashlib.sha256(DATA).hexdigest()}"


def _ranged(data: bytes, etag: str = "", *, cut_at: int | None = None) -> object:
    """Answer as a server that knows ranges; the first answer is cut off where ``cut_at`` says."""
    cuts = [cut_at] if cut_at is not None else []

    def script(request: Request) -> Reply:
        headers = {"ETag": etag} if etag else {}
        if request.start and request.headers.get("If-Range", etag) == etag:
            if request.start >= len(data):
                return Reply(status=416)
            rest = data[request.start :]
            headers["Content-Range"] = f"bytes {request.start}-{len(data) - 1}/{len(data)}"
            return Reply(status=206, body=rest, headers=headers)
        sent = data[: cuts.pop()] if cuts else data
        return Reply(body=sent, length=len(data), headers=headers)

    return script


def _left(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_file_appears_whole_under_its_name(client: Client, server: Server, tmp_path: Path) -> None:
    server.answer(Reply(body=DATA))

    digest = client.download(server.url, tmp_path / "deep" / "file", size=len(DATA), digest=DIGEST)

    assert digest == DIGEST
    assert (tmp_path / "deep" / "file").read_bytes() == DATA
    assert _left(tmp_path / "deep") == ["file"]


@pytest.mark.parametrize(
    ("size", "digest", "said"),
    [
        (len(DATA) - 1, None, "is longer than"),
        (len(DATA) + 1, None, "is 256000 bytes long, not 256001"),
        (len(DATA), "sha256:" + "0" * 64, f"digest is {DIGEST}, not sha256:0"),
    ],
)
def test_a_file_that_is_not_what_was_told_leaves_nothing(
    size: int, digest: str | None, said: str, client: Client, server: Server, tmp_path: Path
) -> None:
    server.answer(Reply(body=DATA))
    old = tmp_path / "file"
    old.write_bytes(b"old")

    with pytest.raises(VerificationError, match=said) as caught:
        client.download(f"{server.url}/a", old, size=size, digest=digest)

    assert f"{server.url}/a" in str(caught.value)
    assert _left(tmp_path) == ["file"]
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("etag", "digest"), [('"strong"', None), ("", DIGEST), ('"strong"', DIGEST), ('W/"weak"', DIGEST)]
)
def test_what_was_cut_off_goes_on_where_it_ended(
    etag: str, digest: str | None, client: Client, server: Server, tmp_path: Path
) -> None:
    server.script = _ranged(DATA, etag, cut_at=100_000)  # type: ignore[assignment]

    assert client.download(server.url, tmp_path / "file", size=None, digest=digest) == DIGEST

    assert [request.headers.get("Range") for request in server.requests] == [None, "bytes=100000-"]
    assert server.requests[1].headers.get("If-Range") == (etag if etag.startswith('"') else None)
    assert (tmp_path / "file").read_bytes() == DATA
    assert _left(tmp_path) == ["file"]


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_digest_and_strong_validator_a_part_is_worth_nothing(
    etag: str, client: Client, server: Server, tmp_path: Path
) -> None:
    server.script = _ranged(DATA, etag, cut_at=100_000)  # type: ignore[assignment]

    assert client.download(server.url, tmp_path / "file", size=None, digest=None) == DIGEST

    assert [request.headers.get("Range") for request in server.requests] == [None, None]


def test_the_part_of_an_earlier_process_is_used(client: Client, server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(DATA[:1000])
    server.script = _ranged(DATA)  # type: ignore[assignment]

    assert client.download(server.url, tmp_path / "file", size=len(DATA), digest=DIGEST) == DIGEST

    assert [request.headers.get("Range") for request in server.requests] == ["bytes=1000-"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(client: Client, server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"old" * 100)
    (tmp_path / "file.part.etag").write_text('"old"')
    server.script = _ranged(DATA, '"new"')  # type: ignore[assignment]

    assert client.download(server.url, tmp_path / "file", size=None, digest=None) == DIGEST

    assert server.requests[0].headers["If-Range"] == '"old"'
    assert (tmp_path / "file").read_bytes() == DATA


def test_a_part_of_another_file_is_thrown_away_and_the_whole_fetched(
    client: Client, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "file.part").write_bytes(b"x" * 1000)
    server.script = _ranged(DATA)  # type: ignore[assignment]

    assert client.download(server.url, tmp_path / "file", size=len(DATA), digest=DIGEST) == DIGEST

    assert [request.headers.get("Range") for request in server.requests] == ["bytes=1000-", None]


@pytest.mark.parametrize("length", [len(DATA), len(DATA) + 10])
def test_a_part_that_is_no_part_is_thrown_away(length: int, client: Client, server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes((DATA + b"x" * 10)[:length])
    server.script = _ranged(DATA)  # type: ignore[assignment]

    assert client.download(server.url, tmp_path / "file", size=None, digest=DIGEST) == DIGEST


def test_another_part_than_asked_for_is_not_believed(client: Client, server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(DATA[:1000])
    wrong = Reply(status=206, body=DATA[500:], headers={"Content-Range": f"bytes 500-{len(DATA) - 1}/{len(DATA)}"})
    server.answer(wrong, Reply(body=DATA))

    assert client.download(server.url, tmp_path / "file", size=None, digest=DIGEST) == DIGEST


def test_a_part_is_kept_for_the_next_time_when_the_host_stays_away(
    client: Client, server: Server, tmp_path: Path
) -> None:
    server.answer(Reply(body=DATA[:1000], length=len(DATA)), Reply(status=503))

    with pytest.raises(UnreachableError, match="answered 503"):
        client.download(server.url, tmp_path / "file", size=len(DATA), digest=DIGEST)

    assert _left(tmp_path) == ["file.part"]
    server.script = _ranged(DATA)  # type: ignore[assignment]
    assert client.download(server.url, tmp_path / "file", size=len(DATA), digest=DIGEST) == DIGEST
    assert server.requests[-1].headers["Range"] == "bytes=1000-"


def test_a_file_of_this_machine_is_verified_as_well(client: Client, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(DATA)

    assert client.download(source.as_uri(), tmp_path / "copy", size=len(DATA), digest=DIGEST) == DIGEST
    assert (tmp_path / "copy").read_bytes() == DATA
    with pytest.raises(VerificationError):
        client.download(source.as_uri(), tmp_path / "other", size=1, digest=DIGEST)
    with pytest.raises(UnreachableError, match="cannot be read"):
        client.download((tmp_path / "none").as_uri(), tmp_path / "other", size=None, digest=None)
    assert _left(tmp_path) == ["copy", "source"]
