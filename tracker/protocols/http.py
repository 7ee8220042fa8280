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
        status: 200, or 304 when the caller's own validators still hold (``body`` is empty then).
        url: the final address after redirects, without credentials.
        body: decoded from transfer encodings, and text (JSON, XML) from gzip; archives come as they are.
        headers: names in lower case; of a remembered answer, those that came with its body.
        is_unchanged: the upstream was asked and said that the remembered answer still holds; ``body`` is that one.
    """

    status: int
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    is_unchanged: bool = False


class HttpClient(Protocol):
    """Bounded, paced and retried requests; every failure is a ``SourceError`` that names the address."""

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 << 20,
        revalidate: bool = False,
    ) -> Fetched:
        """Return the answer to a GET, following redirects; blocks.

        Args:
            url: where to ask.
            headers: what to send besides; the client adds the target's credential where it belongs.
            max_bytes: the longest body that is taken.
            revalidate: remember the answer with its validator, and ask whether it still holds (``If-None-Match``).
                Answers are remembered by address, Accept, API version and credential, across restarts.

        Raises:
            RefusedError: the host answered with a status that no retry changes (404, 403, 410); it carries the status.
            UnreachableError: no answer, a server error after all retries, an answer longer than ``max_bytes``, or
                ``[network] offline``.
            RateLimitedError: the host asked to wait longer than a retry does, or did so before and the time is not
                over: then nothing was sent.
        """

    def post(
        self,
        url: str,
        document: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 << 20,
    ) -> Fetched:
        """Return the answer to a POST of ``document`` as JSON, for questions that change nothing (GraphQL); blocks.

        Raises:
            RefusedError: as for ``get``.
            UnreachableError: as for ``get``; redirects are not followed.
            RateLimitedError: as for ``get``.
        """

    def download(
        self,
        url: str,
        destination: Path,
        *,
        size: int | None,
        digest: str | None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Fetch a file to ``destination``, resuming a part that is there, and return its ``sha256:`` digest.

        The file appears under its name only when size and digest hold. ``headers`` are sent besides, to the first
        host alone but for those that every host may see (``Accept``).

        Raises:
            VerificationError: another size or digest than told; nothing is kept.
            UnreachableError: as for ``get``.
        """
