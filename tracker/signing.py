"""Signatures over files that leave this machine: made with one key per home, verified against pinned keys, offline.

Ed25519 (RFC 8032), by the library cryptography. What is signed begins with what the file claims to be, so that a
signature over evidence vouches for no matrix. A signature says whose file it is and that nobody changed it; it does
not say that the file is the newest.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError, SignatureError

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SCHEMA = "signature/1"
PUBLIC_KEY = r"ed25519:[A-Za-z0-9+/]{43}="
"""How a public key is written, as a regular expression for the whole of it."""
SUFFIX = ".sig"
"""What the file with the signature is called besides the file that it signs."""
BUNDLE, EVIDENCE, MATRIX = "bundle", "evidence", "matrix"
HOW_TO_TRUST = (
    "Ask its owner for the key that `tracker key` prints there and write it into [trust.keys] of tracker.toml,\n"
    "or set accept_unsigned = true in [trust]."
)
_PREFIX = "ed25519:"
_KEY_BYTES = 32
_MOST_BYTES = 4096


def new_key(path: Path) -> str:
    """Write a new private key that its owner alone can read, and return the public one, ``ed25519:`` and base64.

    Raises:
        ConfigError: there is one already, which is never overwritten, or it cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = f"{path}: no key can be written: {error.strerror or error}"
        raise ConfigError(message, hint="A key is never overwritten; move the old one away first.") from error
    return public_key(path)


def public_key(path: Path) -> str:
    """Return the public half of the private key at ``path``: ``ed25519:`` and base64.

    Raises:
        ConfigError: it cannot be read, or is no Ed25519 key.
    """
    return _PREFIX + base64.b64encode(_private(path).public_key().public_bytes_raw()).decode()


def sign(data: bytes, kind: str, path: Path) -> bytes:
    """Return the signature file for ``data``, which claims to be ``kind``, by the private key at ``path``.

    The same data and key give the same bytes.

    Raises:
        ConfigError: the key cannot be used.
    """
    signature = _private(path).sign(_signed(data, kind))
    document = {"schema": SCHEMA, "key": public_key(path), "signature": base64.b64encode(signature).decode()}
    return (json.dumps(document, indent=1) + "\n").encode()


def verify(data: bytes, kind: str, signature: bytes, name: str) -> str:
    """Return the public key whose signature over ``data`` is in ``signature``; whether it is trusted is not known.

    Args:
        data: the file as it came.
        kind: what it has to be.
        signature: the signature file as it came.
        name: what errors call the signed file.

    Raises:
        SignatureError: the signature is damaged, or belongs to something else.
    """
    from cryptography.exceptions import InvalidSignature

    try:
        document: Any = json.loads(signature[: _MOST_BYTES + 1])
        key = document["key"]
        _require(document["schema"])
        _public(key).verify(base64.b64decode(document["signature"], validate=True), _signed(data, kind))
    except InvalidSignature:
        message = f"{name}: the signature does not fit: it was changed, cut short, or is no {kind} of that key"
        raise SignatureError(message, hint="Fetch it again; do not use it as it is.") from None
    except (LookupError, RecursionError, TypeError, ValueError) as error:
        message = f"{name}{SUFFIX}: is no signature ({error})"
        raise SignatureError(message, hint="Fetch it again with its signature.") from error
    return str(key)


def untrusted(name: str, key: str) -> str:
    """Return why a file is not read that was signed by ``key``, or by nobody where that is empty."""
    return f"{name}: is signed by {key}, which is not trusted here" if key else f"{name}: is not signed"


def _require(schema: object) -> None:
    if schema != SCHEMA:
        message = f"it is of schema {schema!r}, this program reads {SCHEMA}"
        raise ValueError(message)


def _signed(data: bytes, kind: str) -> bytes:
    return b"tracker " + kind.encode() + b"\0" + data


def _private(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        message = f"{path}: the key cannot be read: {error.strerror or error}"
        raise ConfigError(message, hint="`tracker key --new` makes one.") from error
    except (ValueError, TypeError) as error:
        message = f"{path}: is no private key"
        raise ConfigError(message, hint="Move it away and make one with `tracker key --new`.") from error
    if not isinstance(key, Ed25519PrivateKey):
        message = f"{path}: is a key of another kind than Ed25519"
        raise ConfigError(message, hint="Move it away and make one with `tracker key --new`.")
    return key


def _public(text: object) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    message = f"a key is {_PREFIX} and 44 characters of base64"
    if not isinstance(text, str) or not text.startswith(_PREFIX):
        raise ValueError(message)
    try:
        raw = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(message) from error
    if len(raw) != _KEY_BYTES:
        raise ValueError(message)
    return Ed25519PublicKey.from_public_bytes(raw)
