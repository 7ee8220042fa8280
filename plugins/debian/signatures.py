"""What gpgv's status lines say of a file's signatures.

As apt decides it: one good signature by a key of ours is enough (an archive signs with several keys, of which an
older keyring knows only some), but one wrong signature spoils the file. Lines as in gnupg's doc/DETAILS, read
2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.api import VerificationError

if TYPE_CHECKING:
    from .keyrings import Keys

_PREFIX = "[GNUPG:] "
_BROKEN_HASHES = frozenset({"1", "2", "3"})
_REASONS = {
    "BADSIG": "the signature is wrong",
    "EXPSIG": "the signature has expired",
    "EXPKEYSIG": "the key has expired",
    "REVKEYSIG": "the key was revoked",
    "NO_PUBKEY": "the key is unknown",
    "NODATA": "it is not signed",
}


def check_status(status: str, keys: Keys, address: str) -> None:
    """Return when the file was signed well by a key that counts.

    Args:
        status: all that gpgv wrote with ``--status-fd``.
        keys: whose signature counts.
        address: of the file, for errors.

    Raises:
        VerificationError: it was not; the message says why.
    """
    lines = [line.removeprefix(_PREFIX).split() for line in status.splitlines() if line.startswith(_PREFIX)]
    words = [line[0] for line in lines if line]
    is_whole = words.count("PLAINTEXT") == 1
    if is_whole and "BADSIG" not in words and any(_is_good(part, keys) for part in _signatures(lines)):
        return
    message = f"{address}: is not signed by a key that is trusted for it: {_why(lines)}"
    raise VerificationError(message, hint="Look at the keyring that apt's entry or sources.debian.keyring names.")


def _signatures(lines: list[list[str]]) -> list[list[list[str]]]:
    """Return the lines of each signature."""
    parts: list[list[list[str]]] = []
    for line in lines:
        if line[:1] == ["NEWSIG"]:
            parts.append([])
        elif parts:
            parts[-1].append(line)
    return parts


def _is_good(lines: list[list[str]], keys: Keys) -> bool:
    if not any(line[:1] == ["GOODSIG"] for line in lines):
        return False
    for line in lines:
        if line[:1] == ["VALIDSIG"]:
            fingerprint, hash_algorithm, primary = line[1], line[8], line[-1]
            return hash_algorithm not in _BROKEN_HASHES and keys.accepts(fingerprint, primary)
    return False


def _why(lines: list[list[str]]) -> str:
    found = [f"{_REASONS[line[0]]} ({' '.join(line[1:2])})" for line in lines if line and line[0] in _REASONS]
    return ", ".join(dict.fromkeys(found)) or "its signature cannot be checked"
