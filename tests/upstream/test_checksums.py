"""Checksum files as upstreams write them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.api import Asset, checksum_files, checksum_text, read_checksums

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import Component

SHA1, SHA256, SHA512 = (hashlib.new(name, b"the file").hexdigest() for name in ("sha1", "sha256", "sha512"))
OTHER = hashlib.sha256(b"another file").hexdigest()
NAME = "thing-1.6.1-windows-amd64.zip"
POWERSHELL = f"""
Algorithm       Hash                                                                   Path
---------       ----                                                                   ----
SHA256          {SHA256.upper()}       C:\\a\\_output\\{NAME}
SHA256          {OTHER.upper()}       C:\\a\\_output\\other.zip

"""


def read(text: str, file_name: str = "SHA256SUMS") -> str | None:
    return read_checksums(text, file_name=file_name, asset_name=NAME)


@pytest.mark.parametrize(
    "text",
    [
        f"{SHA256}  {NAME}\n",
        f"{SHA256} *{NAME}\n",
        f"{SHA256} {NAME}",
        f"{SHA256}\t{NAME}\n",
        f"{SHA256.upper()}  {NAME}\n",
        f"{SHA256}  ./{NAME}\n",
        f"{SHA256}  _output/{NAME}\n",
        f"{SHA256} *C:\\out\\{NAME}\r\n",
        f"SHA256 ({NAME}) = {SHA256}\n",
        f"SHA256(./{NAME})= {SHA256}\n",
        f"SHA2-256({NAME})= {SHA256}\n",
        f"{OTHER}  other.zip\r\n{SHA256}  {NAME}\r\n",
        f"# checksums\n\n{OTHER}  other-{NAME}\n{SHA256}  {NAME}\n",
        f"{SHA256}  {NAME}\n{SHA256}  ./{NAME}\n",
        POWERSHELL,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_every_usual_writing_is_understood(text: str, encoding: str) -> None:
    body = text.encode(encoding)

    assert read(checksum_text(body)) == f"sha256:{SHA256}"
    assert read(body.decode("utf-8", errors="replace")) == f"sha256:{SHA256}"
    assert read(body.decode("latin-1")) == f"sha256:{SHA256}"


def test_big_endian_text_is_understood() -> None:
    assert read(checksum_text(f"\ufeff{SHA256}  {NAME}".encode("utf-16-be"))) == f"sha256:{SHA256}"


@pytest.mark.parametrize(
    ("digest", "file_name", "expected"),
    [
        (SHA1, f"{NAME}.sha1", f"sha1:{SHA1}"),
        (SHA256, f"{NAME}.sha256sum", f"sha256:{SHA256}"),
        (SHA512, f"{NAME}.sha512", f"sha512:{SHA512}"),
        (SHA512, f"{NAME}.checksum", f"sha512:{SHA512}"),
        (SHA256, f"{NAME}.sha512", None),
        (SHA512, f"{NAME}.sha256", None),
        (SHA256, f"{NAME}.sha3-256", None),
        (SHA512, f"{NAME}.b2", None),
        (SHA512, f"{NAME}.blake2b", None),
        (SHA256[:32], f"{NAME}.md5", None),
        (SHA256[:60], f"{NAME}.sha256", None),
        (SHA256, "SHA256SUMS", None),
        (SHA256, NAME, None),
    ],
)
def test_a_digest_alone_is_of_the_file_that_its_file_is_named_for(
    digest: str, file_name: str, expected: str | None
) -> None:
    assert read(f"{digest}\n", file_name) == expected
    assert read(digest.upper(), file_name) == expected


def test_words_in_the_files_own_name_claim_no_algorithm() -> None:
    name = "sha1-collider-b2.zip"

    assert read_checksums(SHA256, file_name=f"{name}.sum", asset_name=name) == f"sha256:{SHA256}"


def test_a_powershell_table_that_was_cut_tells_no_name() -> None:
    text = f"Algorithm Hash Path\n--------- ---- ----\nSHA256          {SHA256.upper()}       C:\\a\\thing-1...\n"

    assert read(text, f"{NAME}.sha256") == f"sha256:{SHA256}"
    assert read(text, "SHA256SUMS") is None


@pytest.mark.parametrize(
    "text", [f"SHA512 ({NAME}) = {SHA256}", f"MD5 ({NAME}) = {SHA256}", f"SHA512/256 ({NAME}) = {SHA256}"]
)
def test_a_line_that_claims_another_algorithm_than_its_digest_has_is_not_read(text: str) -> None:
    assert read(text, "CHECKSUMS") is None


def test_a_file_that_names_others_alone_says_so() -> None:
    assert read(f"{OTHER}  other.zip\n{OTHER}  {NAME}.old\n{OTHER}  full-{NAME}\n") == ""


@pytest.mark.parametrize(
    "text", ["", "\n\n", "<!DOCTYPE html><p>Not Found</p>", "x" * 100_000, f"{SHA256[:-1]}  {NAME}"]
)
def test_what_tells_no_digest_at_all_says_nothing(text: str) -> None:
    assert read(text) is None


def test_two_digests_of_one_file_are_both_told() -> None:
    assert read(f"{SHA256}  {NAME}\n{OTHER}  ./{NAME}\n") == " ".join(sorted((f"sha256:{SHA256}", f"sha256:{OTHER}")))
    assert (
        read(f"SHA256 ({NAME}) = {SHA256}\nSHA512 ({NAME}) = {SHA512}\n", "CHECKSUMS")
        == f"sha256:{SHA256} sha512:{SHA512}"
    )


@given(text=st.text(), file_name=st.text(min_size=1), asset_name=st.text(min_size=1))
def test_no_text_breaks_the_reader(text: str, file_name: str, asset_name: str) -> None:
    found = read_checksums(text, file_name=file_name, asset_name=asset_name)

    assert found is None or isinstance(found, str)
    assert isinstance(checksum_text(text.encode("utf-8", errors="surrogatepass")), str)


@given(st.lists(st.tuples(st.sampled_from([NAME, "other.zip", "b.tar.gz"]), st.binary(max_size=4)), max_size=6))
def test_what_sha256sum_writes_is_read_back(entries: list[tuple[str, bytes]]) -> None:
    digests = [(name, hashlib.sha256(content).hexdigest()) for name, content in entries]
    own = sorted({f"sha256:{digest}" for name, digest in digests if name == NAME})

    found = read("".join(f"{digest}  {name}\n" for name, digest in digests))

    assert found == (" ".join(own) if own else "" if entries else None)


def test_the_files_that_prove_an_asset_are_found_in_the_order_of_the_rules(
    component: Callable[..., Component], files: Callable[..., tuple[Asset, ...]]
) -> None:
    release = files(NAME, "SHA256SUMS", f"{NAME}.sha512", "other.zip.sha512")

    found = checksum_files(component(checksums="{name}.sha256 {name}.sha512 SHA256SUMS"), release[0], release)

    assert [one.name for one in found] == [f"{NAME}.sha512", "SHA256SUMS"]
    assert checksum_files(component(), release[0], release) == ()
