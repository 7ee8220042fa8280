"""How other machines are reached: one policy for every connection. Pure: it says where to, and asks nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

_PORTS = {"http": 80, "https": 443, "git": 9418}


class Login(Protocol):
    """The place of a name and password."""

    @property
    def title(self) -> str:
        """How an error names it."""

    def reveal(self) -> str:
        """Return ``NAME:PASSWORD``.

        Raises:
            ConfigError: it cannot be read.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A place whose addresses lead to a mirror.

    Attributes:
        prefix: ``HOST[:PORT][/PATH]`` for http, https and git alike, or an address with its scheme; without a slash
            at the end. A host without a port is meant on its scheme's own port.
        target: address of the mirror, of http, https or file, without a slash at the end and without credentials.
        is_trusted: tokens for the place are sent to the mirror, too.
    """

    prefix: str
    target: str
    is_trusted: bool = False

    def applied(self, url: str) -> str | None:
        """Return the mirror's address for ``url``; ``None`` when it lies elsewhere."""
        rest = _below(self.prefix, url)
        if rest is None:
            return None
        # A file has no question.
        return self.target + (rest.partition("?")[0] if self.is_local else rest)

    def undone(self, url: str, like: str) -> str | None:
        """Return the address of which the mirror's ``url`` is a copy; ``None`` when it is not below the mirror.

        Args:
            url: an address of the mirror.
            like: an address to which the rule applied; its scheme and spelling of the place are kept.
        """
        rest, own = _below(self.target, url), _below(self.prefix, like)
        if rest is None or own is None:
            return None
        return f"{like.removesuffix(own)}{rest}" if own else like + rest

    @property
    def is_rule(self) -> bool:
        """Whether it leads anywhere else."""
        return self.prefix != self.target

    @property
    def is_local(self) -> bool:
        """Whether the mirror is a directory of this machine."""
        return self.target.startswith("file:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where an address really leads.

    Attributes:
        original: as it was asked for.
        actual: what is connected to; the same where nothing is rewritten.
        rewrite: the rule that made the difference; ``None`` where there is none.
    """

    original: str
    actual: str
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """How other machines are reached; for sources that must start a program of their own (git).

    Attributes:
        offline: ask no network; local paths, ``file:`` addresses, and mirrors of ``rewrites`` may still be read.
        proxy: address of the proxy; empty for what the environment says. It may hold a password: never show it.
        proxy_login: where name and password for ``proxy`` lie; looked up for each connection.
        no_proxy: hosts that are reached without ``proxy``: names (with all below them), addresses, networks, ``*``.
        ca_file: certificates to trust besides the operating system's.
        timeout_seconds: for connecting and for each read.
        rewrites: mirrors, the longest prefix first.
    """

    offline: bool = False
    proxy: str = field(default="", repr=False)
    proxy_login: Login | None = None
    no_proxy: tuple[str, ...] = ()
    ca_file: Path | None = None
    timeout_seconds: float = 60.0
    rewrites: tuple[Rewrite, ...] = ()

    def route(self, url: str) -> Route:
        """Return where ``url`` leads; what lies on a mirror already is not rewritten once more."""
        if not self.rewrites or any(_below(one.target, url) is not None for one in self.rewrites):
            return Route(original=url, actual=url, rewrite=self._mirror(url))
        for one in self.rewrites:
            actual = one.applied(url)
            if actual is not None:
                return Route(original=url, actual=actual, rewrite=one)
        return Route(original=url, actual=url)

    def may_ask(self, url: str) -> bool:
        """Whether ``url`` may be read: always, but for hosts without a mirror while ``offline`` is set."""
        return not self.offline or url[:5].lower() == "file:" or self.route(url).rewrite is not None

    def _mirror(self, url: str) -> Rewrite | None:
        """Return the rule whose mirror ``url`` lies on, so that it may be asked offline; it is trusted with nothing."""
        for one in self.rewrites:
            if _below(one.target, url) is not None:
                return Rewrite(prefix=one.target, target=one.target)
        return None


def _below(prefix: str, url: str) -> str | None:
    """Return what follows ``prefix`` in ``url``, from slash or question mark on; ``None`` when it lies elsewhere."""
    try:
        asked, wanted = urlsplit(url), urlsplit(prefix if "://" in prefix else f"//{prefix}")
        asked_port, wanted_port = asked.port, wanted.port
    except ValueError:
        return None
    scheme = asked.scheme.lower()
    if (wanted.scheme and scheme != wanted.scheme) or (not wanted.scheme and scheme not in _PORTS):
        return None
    default = _PORTS.get(scheme)
    if (asked.hostname, asked_port or default) != (wanted.hostname, wanted_port or default):
        return None
    path = wanted.path.rstrip("/")
    rest = asked.path[len(path) :]
    # Nothing that an upstream says may lead out of a mirror's directory.
    if not asked.path.startswith(path) or (rest and not rest.startswith("/")) or ".." in unquote(rest).split("/"):
        return None
    return f"{rest}?{asked.query}" if asked.query else rest
