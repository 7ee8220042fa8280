"""The table ``[sources.debian]`` of tracker.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tracker.api import ConfigError, FilePath, Flag, Option, Text, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS = (
    Option(
        "suites",
        Texts(of=Text(pattern=r"\S+", allowed="the name of a suite")),
        "Suites to ask, besides those that apt names.",
        [],
    ),
    Option(
        "mirror",
        Text(pattern=r"|(?:https?://|file:)\S*", allowed="an address that starts with http:, https: or file:"),
        "The archive to ask instead of those that apt names; it needs suites.",
        "",
    ),
    Option("keyring", FilePath(must_exist=True), "Keys to trust instead of those that apt names; empty for apt's.", ""),
    Option(
        "check_valid_until",
        Flag(),
        "Use an index only until the date that it tells; without it, as apt is told to.",
        None,
    ),
    Option("architecture", Text(), "Debian's name of the architecture; empty for this machine's.", ""),
)
NAMES = frozenset(one.name for one in OPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianOptions:
    """What a person may decide about the archive.

    Attributes:
        suites: further suites to ask, besides those that apt names.
        mirror: address of the archive to ask; when it is set, ``suites`` are asked there and apt's entries are not.
        keyring: absolute path of the keys to trust instead of those that apt names; ``None`` for apt's.
        check_valid_until: whether an index may be used only until the date it tells; ``None`` for apt's setting.
        architecture: Debian's name of the architecture to ask for; empty for the machine's.
    """

    suites: tuple[str, ...] = ()
    mirror: str = ""
    keyring: Path | None = None
    check_valid_until: bool | None = None
    architecture: str = ""


def read_options(table: Mapping[str, object]) -> DebianOptions:
    """Return the options that ``table`` holds.

    Raises:
        ConfigError: a value is not allowed; the message names the setting.
    """
    suites = table.get("suites", [])
    if not isinstance(suites, list | tuple) or not all(isinstance(suite, str) and suite for suite in suites):
        _refuse("suites", suites, "a list of names of suites")
    check = table.get("check_valid_until")
    if not (check is None or isinstance(check, bool)):
        _refuse("check_valid_until", check, "true or false")
    keyring = str(table.get("keyring") or "")
    if keyring and not (Path(keyring).is_absolute() and Path(keyring).is_file()):
        _refuse("keyring", keyring, "the absolute path of a file with keys")
    mirror = _text(table, "mirror").rstrip("/")
    if mirror and not mirror.startswith(("http://", "https://", "file:")):
        _refuse("mirror", mirror, "an address that starts with http:, https: or file:")
    if mirror and not suites:
        message = "sources.debian.mirror is set, but sources.debian.suites names no suite to ask there"
        raise ConfigError(message, hint='For instance: suites = ["stable", "testing"]')
    return DebianOptions(
        suites=tuple(dict.fromkeys(suites)),
        mirror=mirror,
        keyring=Path(keyring) if keyring else None,
        check_valid_until=check,
        architecture=_text(table, "architecture"),
    )


def _text(table: Mapping[str, object], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        _refuse(name, value, "text in quotes")
    return value


def _refuse(name: str, value: object, allowed: str) -> NoReturn:
    message = f"sources.debian.{name} = {value!r}: must be {allowed}"
    raise ConfigError(message)
