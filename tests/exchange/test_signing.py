"""A signature vouches for one file of one kind, and its private half is never lost or shown to others."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ConfigError, SignatureError
from tracker.signing import EVIDENCE, MATRIX, new_key, public_key, sign, verify

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def key_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "home" / "signing-key.pem"
    new_key(path)
    return path


def test_what_was_signed_is_verified_with_the_public_key(key_path: Path) -> None:
    signature = sign(b"text", EVIDENCE, key_path)

    assert verify(b"text", EVIDENCE, signature, "f") == public_key(key_path)
    assert signature == sign(b"text", EVIDENCE, key_path)


@given(data=st.binary(max_size=50), place=st.integers(0, 60), byte=st.integers(0, 255))
def test_a_changed_file_is_refused(key_path: Path, data: bytes, place: int, byte: int) -> None:
    signature = sign(data, EVIDENCE, key_path)
    changed = data[:place] + bytes([byte]) + data[place + 1 :]

    if changed != data:
        with pytest.raises(SignatureError, match="does not fit"):
            verify(changed, EVIDENCE, signature, "f")


def test_a_signature_over_evidence_vouches_for_no_matrix(key_path: Path) -> None:
    with pytest.raises(SignatureError, match="is no matrix of that key"):
        verify(b"text", MATRIX, sign(b"text", EVIDENCE, key_path), "f")


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"nothing",
        b"[]",
        b"null",
        b"[" * 3000,
        b'{"schema": "signature/2", "key": "x", "signature": "y"}',
        b'{"schema": "signature/1", "key": 5, "signature": "y"}',
        b'{"schema": "signature/1", "key": "ed25519:AAAA", "signature": "y"}',
        b'{"schema": "signature/1", "key": "ed25519:' + b"A" * 43 + b'=", "signature": "?"}',
    ],
)
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(SignatureError):
        verify(b"text", EVIDENCE, signature, "f")


def test_a_private_key_is_its_owners_alone(key_path: Path) -> None:
    assert stat.S_IMODE(key_path.stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(key_path: Path) -> None:
    before = key_path.read_bytes()

    with pytest.raises(ConfigError, match="File exists"):
        new_key(key_path)
    assert key_path.read_bytes() == before


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("something else")

    with pytest.raises(ConfigError, match="is no private key"):
        public_key(tmp_path / "key")
    with pytest.raises(ConfigError, match="cannot be read"):
        public_key(tmp_path / "missing")
