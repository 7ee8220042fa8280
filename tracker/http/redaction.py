"""Keeps credentials out of errors, logs and bodies, also where a host repeats them."""

from __future__ import annotations

import logging
import re
import unicodedata
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx

from tracker.errors import RateLimitedError, RefusedError, TrackerError
from tracker.http.addresses import shown
from tracker.http.retry import PassingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MASK = "[redacted]"
# Shorter ones occur by chance, and no host gives tokens of that kind.
_SHORTEST = 4
_SHORTEST_IN_BODIES = 8
_LONGEST_EXCERPT = 200
_SECRET_NAMES = re.compile(r"authorization|cookie|token|secret|key|password", re.IGNORECASE)
_LOGGERS = ("httpx", *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")))


class Secrets:
    """The credentials that go with one question.

    Args:
        values: very short ones are left out, since every text holds them.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        every = {value for value in values if len(value) >= _SHORTEST}
        spellings = {each for value in every for each in _spellings(value)}
        ordered = sorted(spellings, key=len, reverse=True)
        # Without regard to case: a name of a host is shown in small letters.
        self._pattern = re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None
        self._in_bodies = [each.encode() for each in ordered if len(each) >= _SHORTEST_IN_BODIES]

    def __repr__(self) -> str:
        return "Secrets()"

    def text(self, text: str) -> str:
        """Return ``text`` without them."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def body(self, body: bytes) -> bytes:
        """Return ``body`` without them."""
        for each in self._in_bodies:
            if each in body:
                body = body.replace(each, MASK.encode())
        return body

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return ``headers`` without them, names in lower case."""
        return {name.lower(): self.text(value) for name, value in headers.items()}

    def are_in(self, text: str) -> bool:
        """Return whether ``text`` holds one of them."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def clean(self, error: TrackerError | PassingError) -> None:
        """Take them out of ``error``, and the errors that it came from, which may quote the host."""
        if self._pattern is None:
            return
        if isinstance(error, PassingError):
            self.clean(error.verdict)
        else:
            error.message, error.hint = self.text(error.message), self.text(error.hint)
        if isinstance(error, RateLimitedError):
            error.reason = self.text(error.reason)
        if isinstance(error, RefusedError):
            error.headers = self.headers(error.headers)
        error.args = tuple(self.text(each) if isinstance(each, str) else each for each in error.args)
        error.__cause__ = error.__context__ = None


def _spellings(value: str) -> tuple[str, ...]:
    """Return how a host may write ``value`` in an address or in JSON."""
    return value, quote(value), quote(value, safe=""), value.replace("/", "\\/")


def secrets_of(url: str, headers: Mapping[str, str], further: Iterable[str]) -> Secrets:
    """Return the credentials that go with a question.

    Args:
        url: may hold a password.
        headers: what the caller sends.
        further: what the client adds, and its proxies' credentials.
    """
    found = list(further)
    for name, value in headers.items():
        if _SECRET_NAMES.search(name):
            found += [value, value.split(" ")[-1]]
    with suppress(ValueError):
        found.append(urlsplit(url).password or "")
    return Secrets(found)


def harmless(text: str, longest: int = _LONGEST_EXCERPT) -> str:
    """Return the beginning of what a host said, on one line and without control characters."""
    plain = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text[: 4 * longest])
    line = " ".join(plain.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}..."


_in_use: ContextVar[Secrets | None] = ContextVar("_in_use", default=None)


@contextmanager
def kept_out(secrets: Secrets) -> Iterator[None]:
    """Keep ``secrets`` out of the HTTP library's log records and of errors, for as long as the context lasts."""
    before = _in_use.set(secrets)
    try:
        yield
    except (TrackerError, PassingError) as error:
        secrets.clean(error)
        raise
    finally:
        _in_use.reset(before)


class _Filter(logging.Filter):
    """Works on the records that the HTTP library makes in the thread that asks."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            # An address may be signed: what follows its question mark is as good as a password.
            record.args = tuple(shown(str(each)) if isinstance(each, httpx.URL) else each for each in record.args)
        text = record.getMessage().partition(" return_value=(")[0]
        secrets = _in_use.get()
        record.msg, record.args = secrets.text(text) if secrets else text, ()
        return True


_filter = _Filter()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_filter)
