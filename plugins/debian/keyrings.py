"""The keys that a suite's signature is checked against."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .apt_settings import AptSettings
    from .apt_sources import SignedBy

_ARMOR = re.compile(rb"-----BEGIN PGP PUBLIC KEY BLOCK-----\s*?\n(.*?)-----END PGP PUBLIC KEY BLOCK-----", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys whose signature counts.

    Attributes:
        files: keyring files, armored or not.
        block: armored keys besides them.
        fingerprints: when not empty, only these of the keys count; with ``!`` at the end only that very (sub)key.
    """

    files: tuple[Path, ...] = ()
    block: str = ""
    fingerprints: tuple[str, ...] = ()

    def material(self) -> tuple[bytes, ...]:
        """Return the keys in the binary form that gpgv reads, one for each file, then the block's.

        Raises:
            OSError: a file cannot be read.
            ValueError: a file or the block is damaged.
        """
        read = [dearmored(path.read_bytes()) for path in self.files]
        return (*read, dearmored(self.block.encode())) if self.block else tuple(read)

    def accepts(self, fingerprint: str, primary: str) -> bool:
        """Return whether a good signature by ``fingerprint``, a (sub)key of ``primary``, counts."""
        if not self.fingerprints:
            return True
        return (
            fingerprint in self.fingerprints or f"{fingerprint}!" in self.fingerprints or primary in self.fingerprints
        )


def keys_of(signed_by: SignedBy, settings: AptSettings | None) -> Keys:
    """Return the keys that an entry names; without any name all keys that the machine's apt trusts."""
    files = tuple(Path(name) for name in signed_by.keyrings)
    if not files and not signed_by.key_block and settings is not None:
        files = _trusted(settings)
    return Keys(files=files, block=signed_by.key_block, fingerprints=signed_by.fingerprints)


def dearmored(data: bytes) -> bytes:
    """Return keys in binary form; several armored blocks become one keyring (RFC 9580, section 6.2).

    Raises:
        ValueError: the armor is damaged.
    """
    if not data.lstrip().startswith(b"-----BEGIN"):
        return data
    blocks = _ARMOR.findall(data.replace(b"\r\n", b"\n"))
    if not blocks:
        message = "the armor of a key has no end"
        raise ValueError(message)
    return b"".join(_decoded(block) for block in blocks)


def _decoded(block: bytes) -> bytes:
    # Armor headers end with an empty line; without headers the empty line comes first. The last line is a checksum.
    body = block.partition(b"\n\n")[2] if b":" in block else block
    lines = [line.strip() for line in body.splitlines()]
    try:
        return base64.b64decode(b"".join(line for line in lines if not line.startswith(b"=")), validate=True)
    except binascii.Error as error:
        message = f"the armor of a key is damaged: {error}"
        raise ValueError(message) from error


def _trusted(settings: AptSettings) -> tuple[Path, ...]:
    parts = settings.trusted_parts
    named = (path for path in parts.iterdir() if path.suffix in {".gpg", ".asc"}) if parts.is_dir() else ()
    files = [settings.trusted_keyring, *sorted(named, key=lambda path: path.name)]
    return tuple(path for path in files if path.is_file())
