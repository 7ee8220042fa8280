from __future__ import annotations

import contextlib
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.oci.manifest import digest_of, is_digest, read_config, read_document

from tests.plugins.oci.images import INDEX, image, index
from tracker.errors import VerificationError

_KEYS = "mediaType manifests config layers digest size platform os architecture os.version created"
_WORDS = st.sampled_from([*_KEYS.split(), INDEX, "sha256:" + "0" * 64, ""])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(_WORDS, children, max_size=5),
    max_leaves=12,
)


@given(_JSON.map(json.dumps).map(str.encode) | st.binary(max_size=60), st.sampled_from(["", INDEX, "a/b; charset=c"]))
def test_anything_is_a_document_or_refused(body: bytes, content_type: str) -> None:
    with contextlib.suppress(ValueError):
        read_document(body, content_type)
    with contextlib.suppress(ValueError):
        read_config(body)


@given(st.binary(), st.sampled_from(["sha256", "sha512"]))
def test_a_digest_is_that_of_the_bytes(body: bytes, algorithm: str) -> None:
    told = f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"

    assert digest_of(body, told, "here") == told
    assert is_digest(told)
    with pytest.raises(VerificationError, match="here: digest is"):
        digest_of(body + b"x", told, "here")


@pytest.mark.parametrize("text", ["", "sha256:", "sha256:" + "0" * 63, "SHA256:" + "0" * 64, "sha256:" + "A" * 64])
def test_what_cannot_be_checked_is_no_digest(text: str) -> None:
    assert not is_digest(text)


def test_a_document_is_what_it_was_written_as() -> None:
    new = image("windows", "amd64", "10.0.20348.2849")

    document = read_document(index(new.manifest).body, f"{INDEX}; charset=utf-8")

    assert document.manifests is not None
    (child,) = document.manifests
    assert child.platform is not None
    assert (child.digest, child.platform.name, child.platform.os_version) == (
        new.manifest.digest,
        "windows/amd64",
        "10.0.20348.2849",
    )
