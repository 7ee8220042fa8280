"""Addresses of repositories: which are taken, and how they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SCHEMES = ("https", "http", "git", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a repository lies.

    Attributes:
        shown: without user name and password; this is also what git is told.
        scheme: one of ``SCHEMES``; a path has ``"file"``.
        user: decoded; empty when the address names nobody.
        password: decoded; may be empty.
        secrets: what must not be shown, the longest first.
    """

    shown: str
    scheme: str
    user: str = ""
    password: str = ""
    secrets: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether no network is needed to read it."""
        return self.scheme == "file"

    @property
    def origin(self) -> str:
        """Scheme, host and port: user name and password are for no other."""
        parts = urlsplit(self.shown)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_web(self) -> bool:
        """Whether a browser may find something there as well."""
        return self.scheme in {"http", "https"}

    def without_secrets(self, text: str) -> str:
        """Return ``text`` without what of the address is secret, should a host repeat it."""
        for secret in self.secrets:
            text = text.replace(secret, "...")
        return text


def read_address(text: str) -> Address:
    """Return the address that ``text`` means: an absolute path, or a URL of one of ``SCHEMES``.

    Raises:
        ValueError: it is none; the message is the predicate of a sentence whose subject is the address.
    """
    if text.startswith("-") or _CONTROL.search(unquote(text)):
        message = "begins with - or holds a control character"
        raise ValueError(message)
    if Path(text).is_absolute():
        return Address(shown=text, scheme="file")
    parts = urlsplit(text)
    scheme = parts.scheme.lower()
    if "://" not in text or scheme not in SCHEMES:
        message = "must be an absolute path, or start with https://, http://, git:// or file://"
        raise ValueError(message)
    if parts.query or parts.fragment:
        message = "must not hold ? or #"
        raise ValueError(message)
    if scheme == "file":
        if parts.netloc not in {"", "localhost"}:
            message = "names a file of another machine: write file:///path"
            raise ValueError(message)
        return Address(shown=text, scheme=scheme)
    if not parts.hostname:
        message = "names no host"
        raise ValueError(message)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return Address(
        shown=urlunsplit((scheme, host, parts.path.rstrip("/"), "", "")),
        scheme=scheme,
        user=unquote(name),
        password=unquote(password),
        secrets=secrets_in(user),
    )


def secrets_in(user: str) -> tuple[str, ...]:
    """Return what must not be shown of an address's ``user:password``; a lone user name may be a token."""
    name, colon, password = user.partition(":")
    secret = password if colon else name
    return tuple(sorted({part for part in (f"{user}@", secret, unquote(secret)) if part.strip("@")}, key=len)[::-1])
