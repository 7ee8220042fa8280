"""The HTTP client as plugins see it; the one implementation lies in ``tracker.http``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with a body.

    Attributes:
        status: 200, or 304 when the caller's validators still hold (``body`` is empty then).
        url: the final address after redirects, without credentials.
        body: decoded from transfer, not from content, encodings of archives.
        headers: names in lower case.
    """

    status: int
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpClient(Protocol):
    """Bounded, paced and retried requests; every failure is a ``SourceError`` that names the address."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = 64 << 20) -> Fetched:
        """Return the answer to a GET, following redirects; blocks.

        Raises:
            UnreachableError: no answer, a server error after all retries, any status but 200 and 304, an answer
                longer than ``max_bytes``, or ``[network] offline``.
            RateLimitedError: the host asked to wait longer than a retry does.
        """

    def download(self, url: str, destination: Path, *, size: int | None, digest: str | None) -> str:
        """Fetch a file to ``destination``, resuming a part that is there, and return its ``sha256:`` digest.

        The file appears under its name only when size and digest hold.

        Raises:
            VerificationError: another size or digest than told; nothing is kept.
            UnreachableError: as for ``get``.
        """
