"""What outlives the process: answers with their validators, and whom not to ask yet.

One SQLite file that can be thrown away at any time. Whatever is wrong with it is no error: a file that cannot be
understood is set aside and started anew, and without a usable file nothing is remembered.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sqlite3
import threading
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from tracker.http.cache_file import open_cache_file, set_aside
from tracker.protocols.http import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_T = TypeVar("_T")
LIMIT_BYTES = 256 << 20
_LARGEST_SHARE = 4
_ROW_BYTES = 256
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer and what the host needs to say whether it still holds.

    Attributes:
        validator: the entity tag, as it came.
        answer: of status 200.
    """

    validator: str
    answer: Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A rest that a host asked for.

    Attributes:
        until: aware UTC time of its end.
        reason: which limit it is, for people.
        strikes: how many rests in a row this is.
    """

    until: datetime
    reason: str
    strikes: int


class Remembered:
    """Answers and rests in one file; safe to use from several threads. It never raises.

    Args:
        path: of the file; its directory is made when it is missing. ``None``: nothing is remembered.
        limit_bytes: how large all answers together may be, compressed; the least recently used ones go first.
    """

    def __init__(self, path: Path | None, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self._path = path
        self._limit_bytes = limit_bytes
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._is_usable = path is not None
        self._salt = b""

    @property
    def is_on(self) -> bool:
        """Whether anything is remembered at all."""
        return self._path is not None

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        with self._lock:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
                self._connection = None
            self._is_usable = self._path is not None

    def identity(self, secret: str) -> str:
        """Return a name for a credential that tells nothing of it; empty for an empty one."""
        return (
            hmac.digest(self._known_salt(), secret.encode(errors="backslashreplace"), "sha256").hex()[:32]
            if secret
            else ""
        )

    def key(self, url: str, headers: Mapping[str, str], identity: str) -> bytes:
        """Return under what an answer is kept.

        Args:
            url: what is asked for; it is not written anywhere.
            headers: what the caller sends besides, names in lower case: each may shape the answer (Accept, a version of
                the API). The credential among them counts by its identity alone.
            identity: of the credential that goes with it.
        """
        own = sorted((name, value) for name, value in headers.items() if name != "authorization")
        parts = [url, own, identity]
        return hmac.digest(self._known_salt(), json.dumps(parts).encode(), "sha256")

    def find(self, key: bytes, *, max_bytes: int) -> Kept | None:
        """Return what is kept under ``key``, unless its body is longer than ``max_bytes``."""

        def read(connection: sqlite3.Connection) -> Kept | None:
            query = "SELECT url, validator, headers, body FROM answer WHERE key = ?"
            with closing(connection.execute(query, (key,))) as rows:
                row = rows.fetchone()
            if row is None:
                return None
            connection.execute("UPDATE answer SET used = (SELECT max(used) + 1 FROM answer) WHERE key = ?", (key,))
            return _unpacked(row, max_bytes)

        return self._run(read, None)

    def keep(self, key: bytes, validator: str, answer: Fetched) -> None:
        """Keep an answer of status 200 in place of what is kept under ``key``; all of it or nothing."""
        body = zlib.compress(answer.body, 6)
        headers = json.dumps({name: value for name, value in answer.headers.items() if name != "set-cookie"})
        size = len(body) + len(headers) + len(answer.url) + _ROW_BYTES
        if size > self._limit_bytes // _LARGEST_SHARE:
            return

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO answer (key, url, validator, headers, body, size, used)"
                " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(used), 0) + 1 FROM answer))",
                (key, answer.url, validator, headers, body, size),
            )
            _prune(connection, self._limit_bytes)

        self._run(write, None)

    def parked(self) -> dict[tuple[str, str], Parked]:
        """Return all rests, those that are over included, by origin and identity."""

        def read(connection: sqlite3.Connection) -> dict[tuple[str, str], Parked]:
            found = {}
            for origin, identity, until, reason, strikes in connection.execute(
                "SELECT origin, identity, until, reason, strikes FROM parked"
            ):
                with suppress(ValueError, TypeError, OverflowError, OSError):
                    ends = datetime.fromtimestamp(until, UTC)
                    found[str(origin), str(identity)] = Parked(until=ends, reason=str(reason), strikes=int(strikes))
            return found

        return self._run(read, {})

    def park(self, whom: tuple[str, str], parked: Parked) -> None:
        """Write the rest of an origin and identity."""
        row = (*whom, parked.until.timestamp(), parked.reason, parked.strikes)
        self._run(
            lambda connection: connection.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?)", row).close(),
            None,
        )

    def free(self, whom: tuple[str, str]) -> None:
        """Forget the rest of an origin and identity."""
        self._run(
            lambda connection: connection.execute("DELETE FROM parked WHERE origin = ? AND identity = ?", whom).close(),
            None,
        )

    def _known_salt(self) -> bytes:
        with self._lock:
            if not self._salt:
                new = secrets.token_bytes(_SALT_BYTES)

                def settle(connection: sqlite3.Connection) -> bytes:
                    connection.execute("INSERT OR IGNORE INTO secret VALUES ('salt', ?)", (new,))
                    found = connection.execute("SELECT value FROM secret WHERE name = 'salt'").fetchone()[0]
                    return found if isinstance(found, bytes) and len(found) == _SALT_BYTES else new

                self._salt = self._run(settle, new)
            return self._salt

    def _opened(self, path: Path) -> sqlite3.Connection:
        connection = open_cache_file(path)
        if self._salt:
            # A file that was started anew in between must know what this process calls things.
            try:
                with connection:
                    connection.execute("INSERT OR IGNORE INTO secret VALUES ('salt', ?)", (self._salt,)).close()
            except sqlite3.Error:
                connection.close()
                raise
        return connection

    def _run(self, action: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """Return what ``action`` does in one transaction, or ``otherwise`` when the file is of no use."""
        with self._lock:
            for _ in range(2):
                if not self._is_usable or self._path is None:
                    break
                try:
                    if self._connection is None:
                        self._connection = self._opened(self._path)
                    with self._connection:
                        return action(self._connection)
                except (sqlite3.Error, OSError) as error:
                    self.close()
                    self._is_usable = set_aside(self._path, error)
            return otherwise


def _prune(connection: sqlite3.Connection, limit_bytes: int) -> None:
    excess = connection.execute("SELECT coalesce(sum(size), 0) FROM answer").fetchone()[0] - limit_bytes
    if excess <= 0:
        return
    last = 0
    # Some more than needed goes, so that not every answer that is kept costs another one.
    excess += limit_bytes // 16
    with closing(connection.execute("SELECT used, size FROM answer ORDER BY used")) as rows:
        for used, size in rows:
            last = used
            excess -= size
            if excess <= 0:
                break
    connection.execute("DELETE FROM answer WHERE used <= ?", (last,))


def _unpacked(row: tuple[str, str, str, bytes], max_bytes: int) -> Kept | None:
    url, validator, headers, packed = row
    try:
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(packed, max_bytes + 1)
        if not unpacking.eof or len(body) > max_bytes:
            return None
        answer = Fetched(status=200, url=url, body=body, headers=dict(json.loads(headers)), is_unchanged=True)
    except (zlib.error, ValueError, TypeError, RecursionError):
        return None
    return Kept(validator=validator, answer=answer)
