"""``[network]``: how other machines are reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.protocols import NetworkSettings
from tracker.protocols.network import Rewrite
from tracker.settings import FilePath, Flag, Key, Named, Number, Secret, Table, Text, Texts

if TYPE_CHECKING:
    from tracker.settings import Place

_USUAL = NetworkSettings()
_PLACE = re.compile(r"(?:(?:https?|git)://)?[A-Za-z0-9._\[\]:-]+(?:/(?!/)[^\s?#]*)?")
_MIRROR = r"(?:https?://[^@\s?#/]+(?:/[^@\s?#]*)?|file:///[^@\s?#]*)"


@dataclass(frozen=True, slots=True)
class _Mirror:
    """Address of a mirror, or a table with that and with whether tokens are sent there."""

    @property
    def words(self) -> str:
        """What is allowed."""
        return "https://HOST/PATH or file:///PATH of a mirror, without name, password, ? and #, or a table with url"

    def read(self, value: object, place: Place) -> tuple[str, bool]:
        """Return the address, and whether it is trusted with tokens."""
        if isinstance(value, Mapping):
            read = _TABLE.read(value, place)
            return (read["url"], read["send_token"]) if read else ("", False)
        return Text(pattern=_MIRROR, allowed=self.words).read(value, place), False

    def schema(self) -> dict[str, Any]:
        """Return a string or an object."""
        return {"anyOf": [Text(pattern=_MIRROR).schema(), _TABLE.schema()]}


_TABLE = Table(
    (
        Key("url", Text(pattern=_MIRROR, allowed=_Mirror().words), "Address of the mirror."),
        Key("send_token", Flag(), "Whether the place's tokens are sent to the mirror.", default=False),
    )
)


def _settings(read: Mapping[str, Any]) -> NetworkSettings:
    told = {name: value for name, value in read.items() if name != "rewrite"}
    if read["proxy_login"] is not None and not read["proxy"]:
        message = "proxy_login is set, and proxy is not\nName the proxy: http://HOST:PORT."
        raise ValueError(message)
    if read["proxy_login"] is not None and "@" in urlsplit(read["proxy"]).netloc:
        message = "proxy_login is set, and proxy holds a name as well\nTake it out of the address."
        raise ValueError(message)
    rules = [_rewrite(*one) for one in read["rewrite"].items()]
    rules.sort(key=lambda one: len(one.prefix.partition("://")[2] or one.prefix), reverse=True)
    return NetworkSettings(**told, rewrites=tuple(rules))


def _rewrite(prefix: str, mirror: tuple[str, bool]) -> Rewrite:
    if not _PLACE.fullmatch(prefix):
        message = f"rewrite.{prefix}: is no place\nWrite HOST, HOST/PATH, or an address of http, https or git."
        raise ValueError(message)
    scheme, separator, rest = prefix.rpartition("://")
    host, slash, below = rest.partition("/")
    target, is_trusted = mirror
    return Rewrite(
        prefix=f"{scheme}{separator}{host.lower()}{slash}{below}".rstrip("/"),
        target=target.rstrip("/"),
        is_trusted=is_trusted,
    )


NETWORK = Table(
    (
        Key(
            "offline",
            Flag(),
            "Ask nobody but files of this machine and the mirrors of rewrite; that is no error.",
            _USUAL.offline,
        ),
        Key("proxy", Text(), "Address of the proxy; empty for what the environment says.", _USUAL.proxy),
        Key(
            "proxy_login",
            Secret(),
            "Where the proxy's NAME:PASSWORD lies, in one line; an empty table for none.",
            {},
            example='proxy_login = { file = "proxy-login" }',
        ),
        Key(
            "no_proxy",
            Texts(),
            "Hosts that are reached without proxy: names with all below them, addresses, networks, *.",
            [],
            example='no_proxy = ["mirror.example", "10.0.0.0/8"]',
        ),
        Key(
            "ca_file",
            FilePath(must_exist=True),
            "Certificates to trust besides the operating system's; empty for none.",
            "",
            example='ca_file = "company-ca.pem"',
        ),
        Key(
            "timeout_seconds",
            Number(least=0.1),
            "For connecting and for each read.",
            _USUAL.timeout_seconds,
        ),
        Key(
            "rewrite",
            Named(of=_Mirror()),
            "Mirrors by the place that they stand for: a host, a host with a path, an address; the longest one counts.",
            {},
            example="""[network.rewrite]
"github.com" = "https://mirror.example/github"
"api.github.com" = { url = "https://mirror.example/github-api", send_token = true }""",
        ),
    ),
    build=_settings,
)
