"""The signed head of a suite: whose word it is, how old it may be, and which index files it vouches for.

Formats as in the Debian wiki's RepositoryFormat and gnupg's doc/DETAILS (status lines), read 2026-11-23.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from debian.deb822 import Deb822

from tracker.api import SourceError, VerificationError

from .signatures import check_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .keyrings import Keys

_TIME_LIMIT_SECONDS = 60
_FUTURE_TOLERANCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """An index file that the signature covers: its size in bytes and its ``sha256:`` digest."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InRelease:
    """What the signed text says.

    Attributes:
        digest: SHA-256 of the signed text alone, in hex: a new signature under the same text is no news.
        suite: the name that moves on with releases (``stable``); may be empty.
        codename: the name that stays (``trixie``); may be empty.
        date: when it was made, aware UTC; ``None`` when it does not say.
        valid_until: aware UTC; ``None`` when it does not say.
        by_hash: whether index files can be had under their digest, safe from a race with the next update.
        files: index files by path below the suite.
    """

    digest: str
    suite: str
    codename: str
    date: datetime | None
    valid_until: datetime | None
    by_hash: bool
    files: Mapping[str, IndexFile] = field(default_factory=dict)


def verified_text(signed: bytes, keys: Keys, address: str) -> str:
    """Return the text that a key of ``keys`` has signed, and nothing else of ``signed``.

    Args:
        signed: a clear-signed file.
        keys: whose signature counts.
        address: of the file, for errors.

    Raises:
        VerificationError: no key of ours signed it, or a signature is wrong.
        SourceError: gpgv is missing or cannot run.
    """
    program = shutil.which("gpgv")
    if program is None:
        message = f"{address}: cannot be verified: the program gpgv is missing"
        raise SourceError(message, hint="Install the package gpgv.")
    with tempfile.TemporaryDirectory(prefix="tracker-gpgv-") as name:
        home = Path(name)
        options = [option for path in _written_keys(home, keys, address) for option in ("--keyring", str(path))]
        (home / "InRelease").write_bytes(signed)
        files = ["--output", str(home / "text"), str(home / "InRelease")]
        try:
            said = subprocess.run(
                [program, "--homedir", str(home), "--status-fd", "1", *options, *files],
                capture_output=True,
                check=False,
                timeout=_TIME_LIMIT_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            message = f"{address}: cannot be verified: gpgv does not answer: {error}"
            raise SourceError(message) from error
        check_status(said.stdout.decode(errors="replace"), keys, address)
        return (home / "text").read_text(encoding="utf-8", errors="replace")


def _written_keys(home: Path, keys: Keys, address: str) -> list[Path]:
    try:
        material = keys.material()
    except (OSError, ValueError) as error:
        message = f"{address}: cannot be verified: a keyring cannot be used: {error}"
        raise VerificationError(message, hint="Set sources.debian.keyring, or Signed-By in apt's entry.") from error
    if not any(material):
        message = f"{address}: cannot be verified: no key is known for it"
        raise VerificationError(message, hint="Set sources.debian.keyring, or Signed-By in apt's entry.")
    paths = [home / f"{number}.gpg" for number in range(len(material))]
    for path, one in zip(paths, material, strict=True):
        path.write_bytes(one)
    return paths


def parse_inrelease(text: str, address: str) -> InRelease:
    """Return what the verified text says.

    Raises:
        VerificationError: it is malformed.
    """
    fields = Deb822(text.splitlines(keepends=True))
    try:
        rows = [line.split() for line in fields.get("SHA256", "").splitlines() if line.strip()]
        files = {path: IndexFile(size=int(size), digest=f"sha256:{digest}") for digest, size, path in rows}
        date, valid_until = _time(fields.get("Date")), _time(fields.get("Valid-Until"))
    except ValueError as error:
        message = f"{address}: is malformed: {error}"
        raise VerificationError(message) from error
    return InRelease(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        suite=fields.get("Suite", ""),
        codename=fields.get("Codename", ""),
        date=date,
        valid_until=valid_until,
        by_hash=fields.get("Acquire-By-Hash", "").lower() == "yes",
        files=files,
    )


def check_dates(release: InRelease, address: str, now: datetime, *, valid_until: bool, date: bool) -> None:
    """Return when the index is neither too old nor from the future, as far as apt is set to care.

    Args:
        release: what is dated.
        address: for errors.
        now: aware UTC time.
        valid_until: whether ``Valid-Until`` counts.
        date: whether ``Date`` counts.

    Raises:
        VerificationError: it may not be used now.
    """
    if valid_until and release.valid_until is not None and release.valid_until < now:
        message = f"{address}: was valid until {release.valid_until:%Y-%m-%d %H:%M} UTC only"
        hint = "Where an old index is meant to be used, set sources.debian.check_valid_until = false."
        raise VerificationError(message, hint=hint)
    if date and release.date is not None and release.date > now + _FUTURE_TOLERANCE:
        message = f"{address}: comes from the future ({release.date:%Y-%m-%d %H:%M} UTC)"
        raise VerificationError(message, hint="Look at this machine's clock.")


def check_name(release: InRelease, suite: str, address: str) -> None:
    """Return when the index is that of ``suite``: a signed index of another suite must not pass for it.

    Raises:
        VerificationError: it is another suite's.
    """
    names = {name for name in (release.suite, release.codename) if name}
    # The security archive was once laid out as bookworm/updates with the plain code name.
    if names and not names & {suite, suite.removesuffix("/updates"), suite.replace("/updates", "-security")}:
        message = f"{address}: is the index of {' or '.join(sorted(names))}, not of {suite}"
        raise VerificationError(message)


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    time = parsedate_to_datetime(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
