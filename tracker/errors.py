"""Errors that a person is shown: what failed, on which value, and what to do about it.

Each carries the exit code with which a command ends. Foreign exceptions (httpx, SQLAlchemy, ``OSError``)
are translated into one of these by the module that owns the library, never above it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class ExitCode(IntEnum):
    """Exit codes of every command; ``check`` alone uses 1, 4 and 5 for verdicts."""

    OK = 0
    BROKEN = 1
    USAGE = 2
    INCOMPLETE = 3
    UNKNOWN = 4
    STALE = 5


class TrackerError(Exception):
    """Base of all errors that are shown as one message, without a traceback.

    Args:
        message: what failed and on which value.
        hint: what the reader can do about it; shown on a line of its own.
    """

    exit_code: ExitCode = ExitCode.INCOMPLETE

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(TrackerError):
    """The command line asks for something that does not exist or is ambiguous."""

    exit_code = ExitCode.USAGE


class ConfigError(TrackerError):
    """tracker.toml or the machine's own configuration cannot be used."""

    exit_code = ExitCode.USAGE


class PluginError(TrackerError):
    """A plugin broke its contract; the message names the plugin."""

    exit_code = ExitCode.USAGE


class OutputError(TrackerError):
    """An answer could not be written to where it was sent."""


class StoreError(TrackerError):
    """The store could not be read or written."""


class StoreDamagedError(StoreError):
    """The store's file is no longer a whole database; a pass sets it aside and restores the last good copy."""


class UntrustedError(StoreError):
    """No key that is trusted here has signed a file; unlike one that cannot be reached, it is never passed over."""


class SignatureError(UntrustedError):
    """A file is not what its signature is over."""


class SchemaTooNewError(StoreError):
    """The store was written by a newer program; this one must not touch it."""


class SourceError(TrackerError):
    """An upstream could not be looked at: the answer is unknown, which is not "no news"."""


class UnreachableError(SourceError):
    """No answer came: name resolution, connection, time-out, or a server error after all retries."""


class RefusedError(UnreachableError):
    """The host answered, with a status that no retry changes.

    Args:
        status: of the answer.
        headers: of the answer, names in lower case; a 401 tells in them how to ask.
        asked_at: address that answered, which may be a mirror's; without credentials, may be empty.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        headers: Mapping[str, str] | None = None,
        asked_at: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.asked_at = asked_at
        self.status = status
        self.headers: Mapping[str, str] = headers or {}


class OfflineError(UnreachableError):
    """Nobody was asked, since ``[network] offline`` is set and no mirror is named: that is no failure."""


class RateLimitedError(SourceError):
    """The upstream asked to wait.

    Args:
        retry_at: aware UTC time from which the host may be asked again.
        reason: which limit it is, in a few words that also hold later.
    """

    def __init__(self, message: str, *, retry_at: datetime, reason: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_at = retry_at
        self.reason = reason


class VerificationError(SourceError):
    """A signature, digest, size or date does not hold; nothing of that answer may be used."""


class SmokeError(TrackerError):
    """Our test, the host or the network is at fault: the run is an ERROR and says nothing of the software."""


class MisfitError(TrackerError):
    """Parts of a combination contradict each other: the run is a FAIL.

    Args:
        message: which of them, and where it is said, in one sentence.
        factors: the factors whose values it is about.
        cause: the line of upstream's own that tells it.
        cause_name: lower-case identifier of the kind of contradiction.
        log: how it was found, for people.
    """

    def __init__(self, message: str, *, factors: frozenset[str], cause: str, cause_name: str, log: str = "") -> None:
        super().__init__(message)
        self.factors = factors
        self.cause = cause
        self.cause_name = cause_name
        self.log = log


class NotApplicableError(TrackerError):
    """Nothing was published that could be tried on this host: the run is a SKIP."""


class UnpackError(SmokeError):
    """An archive was refused; the message names the member and the rule that it broke."""


class RenderError(TrackerError):
    """The site could not be built; what was published before stays."""


class LockedError(TrackerError):
    """Another process is at the same work."""
