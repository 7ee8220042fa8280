"""One file, fetched to its place: resumed, verified while it comes, and there under its name only when it holds."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

from tracker.durable import make_directory, put_in_place
from tracker.errors import UnreachableError, VerificationError
from tracker.http.addresses import shown
from tracker.http.retry import PassingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx

_CHUNK = 1 << 20
_LONGEST_UNTOLD = 4 << 30
_PARTIAL = 206


class Download:
    """A file on its way to ``destination``.

    Args:
        url: where it is fetched from.
        destination: its directory is made when it is missing.
        size: in bytes, or ``None`` when nobody told it.
        digest: ``sha256:`` digest, or ``None`` when nobody told it.
    """

    def __init__(self, url: str, destination: Path, *, size: int | None, digest: str | None) -> None:
        self._url = url
        self._destination = destination
        self._part = destination.with_name(f"{destination.name}.part")
        self._validator = destination.with_name(f"{destination.name}.part.etag")
        self._size = size
        self._digest = digest
        make_directory(destination.parent)

    def copy(self, stream: IO[bytes]) -> str:
        """Take the whole file from ``stream``, whatever part there is, and return its digest."""
        self._forget()
        return self._take(iter(lambda: stream.read(_CHUNK), b""), resumed=False)

    def fetch(self, opened: Callable[[Mapping[str, str]], AbstractContextManager[httpx.Response]]) -> str:
        """Make one attempt and return the file's digest; what came of the file is kept for the next attempt.

        Args:
            opened: asks for the file, with further headers.

        Raises:
            PassingError: worth another attempt.
            VerificationError: another size or digest than told; nothing is kept.
        """
        headers = self._resume_headers()
        try:
            with opened(headers) as response:
                resumed = self._is_rest(response, wanted=bool(headers))
                if not resumed:
                    self._forget()
                    self._keep_validator(response)
                # In the pieces that come: a piece that waits to be whole would be lost with the connection.
                return self._take(response.iter_raw(), resumed=resumed)
        except PassingError:
            if not self._is_resumable():
                self._forget()
            raise
        except (UnreachableError, VerificationError):
            # With a part of another file the whole would be wrong, or the host refuses to go on (416): start anew.
            self._forget()
            if headers:
                return self.fetch(opened)
            raise

    def _is_resumable(self) -> bool:
        return self._digest is not None or self._validator.exists()

    def _resume_headers(self) -> dict[str, str]:
        if not self._part.exists() or not self._is_resumable():
            return {}
        length = self._part.stat().st_size
        if length == 0 or (self._size is not None and length >= self._size):
            return {}
        headers = {"range": f"bytes={length}-"}
        if self._validator.exists():
            headers["if-range"] = self._validator.read_text(encoding="ascii")
        return headers

    def _is_rest(self, response: httpx.Response, *, wanted: bool) -> bool:
        if response.status_code != _PARTIAL:
            return False
        start = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
        if wanted and start == str(self._part.stat().st_size):
            return True
        message = f"{shown(self._url)}: answered with another part of the file than asked for"
        raise UnreachableError(message)

    def _keep_validator(self, response: httpx.Response) -> None:
        tag = response.headers.get("etag", "")
        # A weak tag may name different bytes (RFC 9110, section 13.1.5).
        if tag.startswith('"') and tag.isascii():
            self._validator.write_text(tag, encoding="ascii")

    def _take(self, chunks: Iterable[bytes], *, resumed: bool) -> str:
        try:
            with self._part.open("ab" if resumed else "wb") as part:
                found = self._write(part, chunks, resumed=resumed)
        except VerificationError:
            self._forget()
            raise
        put_in_place(self._part, self._destination)
        self._validator.unlink(missing_ok=True)
        return found

    def _write(self, part: IO[bytes], chunks: Iterable[bytes], *, resumed: bool) -> str:
        digest = hashlib.sha256()
        length = 0
        if resumed:
            with self._part.open("rb") as before:
                for chunk in iter(lambda: before.read(_CHUNK), b""):
                    digest.update(chunk)
                    length += len(chunk)
        most = _LONGEST_UNTOLD if self._size is None else self._size
        for chunk in chunks:
            length += len(chunk)
            if length > most:
                message = f"{shown(self._url)}: is longer than {most} bytes"
                raise VerificationError(message)
            digest.update(chunk)
            part.write(chunk)
        if self._size is not None and length != self._size:
            message = f"{shown(self._url)}: is {length} bytes long, not {self._size}"
            raise VerificationError(message)
        found = f"sha256:{digest.hexdigest()}"
        if self._digest not in {None, found}:
            message = f"{shown(self._url)}: digest is {found}, not {self._digest}"
            raise VerificationError(message)
        return found

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        self._validator.unlink(missing_ok=True)
