"""One suite at one address, and what names of suites mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from .keyrings import Keys

COMPONENT = "main"
_SAME_LINE = ("-security", "-updates", "/updates")
_PROPOSED = "-proposed-updates"
_OVERLAYS = (_PROPOSED, *_SAME_LINE, "-backports-sloppy", "-backports")
_EXPERIMENTAL = {"experimental": ("sid", "unstable"), "rc-buggy": ("sid", "unstable")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite that is asked.

    Attributes:
        uri: address of the archive, without credentials and without a slash at its end.
        name: as the configuration names it; a directory below ``dists``.
        keys: whose signature counts.
        check_valid_until: whether the index may be used only until the date that it tells.
        check_date: whether the index may not come from the future.
        bases: the suites that it builds upon, where the libraries lie that it does not carry itself.
    """

    uri: str
    name: str
    keys: Keys
    check_valid_until: bool = True
    check_date: bool = True
    bases: tuple[Suite, ...] = field(default=())

    @property
    def url(self) -> str:
        """Address of the suite's directory."""
        return f"{self.uri}/dists/{self.name}"

    @property
    def title(self) -> str:
        """What a person reads in an error."""
        return f"{self.uri} {self.name}"


def base_names(name: str) -> tuple[str, ...]:
    """Return the names that the suite has which ``name`` builds upon, most usual first; empty for a whole suite."""
    if name in _EXPERIMENTAL:
        return _EXPERIMENTAL[name]
    return next(((name.removesuffix(end),) for end in _OVERLAYS if name.endswith(end) and name != end), ())


def line_of(codename: str, suite: str, name: str) -> str:
    """Return the line of a suite: one code name with its updates and security fixes.

    Backports and proposed updates are lines of their own.

    Args:
        codename: as the signed index tells it; may be empty.
        suite: likewise.
        name: what the suite was asked by.
    """
    line = codename or suite or name
    if line == "rc-buggy":
        # Its official code name is one that nobody says.
        return "experimental"
    if line.endswith(_PROPOSED):
        return line
    return next((line.removesuffix(end) for end in _SAME_LINE if line.endswith(end)), line)


def without_credentials(uri: str) -> str:
    """Return ``uri`` without user and password: the address is shown, stored and published."""
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
