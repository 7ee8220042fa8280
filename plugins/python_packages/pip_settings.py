"""Where packages come from on this machine, as pip's own configuration says it.

pip reads files (global, user, site), then variables ``PIP_*``; of a file the section ``[install]`` stands over
``[global]``. Its own command tells what they hold together, and its help what counts where they say nothing:
https://pip.pypa.io/en/stable/topics/configuration/ (read 2026-11-30). User names and passwords are in the address, or
else in the file netrc: https://pip.pypa.io/en/stable/topics/authentication/ (read 2026-11-30).
"""

from __future__ import annotations

import ast
import base64
import netrc
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from tracker.api import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 60
_SETTING = re.compile(r"(?P<section>[^.=]+)\.(?P<name>[\w.-]+)=(?P<value>.*)")
_SECTIONS = ("global", "install", ":env:")
"""From the weakest to the strongest, for the command ``pip install``."""
_DEFAULT = re.compile(r"\(default\s+(?P<url>[a-z]+://\S+?)\)")
_SCHEMES = frozenset({"http", "https", "file"})
_HINT = 'Name the index in tracker.toml: [sources.package-index] url = "https://..."'


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A package index.

    Attributes:
        url: of its simple API, without user, password and the slash at its end.
        authorization: what to send as the header of that name; empty for nothing. Never to be shown.
    """

    url: str
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSettings:
    """What pip is told about the network.

    Attributes:
        indexes: where packages are looked for, the main one first.
        for_pip: variables that make a pip without any other configuration do the same. They may hold passwords.
    """

    indexes: tuple[Index, ...]
    for_pip: Mapping[str, str] = field(repr=False)


def read_indexes(urls: tuple[str, ...] = ()) -> tuple[Index, ...]:
    """Return where packages are looked for, the main index first; pip is asked only where ``urls`` names none.

    Raises:
        ConfigError: as for ``read_settings``.
    """
    return tuple(read_index(url) for url in urls) if urls else read_settings().indexes


def read_settings(urls: tuple[str, ...] = ()) -> PipSettings:
    """Return what pip's configuration says; asks pip twice, no network.

    Args:
        urls: addresses of indexes that stand in the place of pip's; empty for pip's.

    Raises:
        ConfigError: pip cannot be asked, names no index, or an address cannot be read.
    """
    told = _settings(_ask_pip("config", "list"))
    own = urls or _own_urls(told)
    for_pip = {f"PIP_{name.upper().replace('-', '_')}": told[name] for name in _PASSED_ON if told.get(name)}
    for_pip["PIP_INDEX_URL"] = own[0]
    if own[1:]:
        for_pip["PIP_EXTRA_INDEX_URL"] = " ".join(own[1:])
    return PipSettings(indexes=tuple(read_index(url) for url in own), for_pip=for_pip)


_PASSED_ON = ("cert", "client-cert", "default-timeout", "proxy", "retries", "timeout", "trusted-host", "use-feature")


def read_index(url: str) -> Index:
    """Return the index at ``url``, with the password that it, or netrc, has for it.

    Raises:
        ConfigError: it is no address of an index; the message does not show a password.
    """
    if "://" not in url and Path(url).is_absolute():
        url = Path(url).as_uri()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError as error:
        message = "the address of a package index cannot be read"
        raise ConfigError(message, hint=_HINT) from error
    if parts.scheme not in _SCHEMES or (parts.scheme != "file" and not host):
        message = f"{parts.scheme}://{host}{parts.path}: is no address of a package index"
        raise ConfigError(message, hint="It must start with https:, http: or file:")
    shown_host = f"[{host}]" if ":" in host else host
    clean = urlunsplit((parts.scheme, f"{shown_host}{port}", parts.path.rstrip("/"), "", ""))
    if parts.scheme == "file":
        return Index(url=clean)
    return Index(url=clean, authorization=_basic(parts.username, parts.password) or _from_netrc(host))


def _own_urls(told: Mapping[str, str]) -> tuple[str, ...]:
    if told.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        message = "pip's configuration says no-index, so that there is no package index to ask"
        raise ConfigError(message, hint=_HINT)
    main = told.get("index-url", "") or _default_url()
    return (main, *told.get("extra-index-url", "").split())


def _default_url() -> str:
    """Return the index that pip asks where nothing is configured, as its help tells it."""
    plain = {name: value for name, value in os.environ.items() if not name.upper().startswith("PIP_")}
    # A long line, so that no address is broken in two.
    asked = _ask_pip("install", "--help", env={**plain, "PIP_CONFIG_FILE": os.devnull, "COLUMNS": "500"})
    match = _DEFAULT.search(asked)
    if match is None:
        message = "pip does not tell which package index it asks by itself"
        raise ConfigError(message, hint=_HINT)
    return match["url"]


def _settings(listed: str) -> dict[str, str]:
    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for line in listed.splitlines():
        match = _SETTING.fullmatch(line)
        if match and match["section"] in found:
            found[match["section"]][match["name"]] = _text(match["value"])
    return {name: value for section in _SECTIONS for name, value in found[section].items()}


def _text(told: str) -> str:
    """Return a value that pip printed as Python writes it."""
    try:
        value = ast.literal_eval(told)
    except (ValueError, SyntaxError):
        return told
    return str(value)


def _ask_pip(*arguments: str, env: Mapping[str, str] | None = None) -> str:
    command = [sys.executable, "-m", "pip", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS, env=dict(env or os.environ)
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"pip cannot be asked for its configuration: {type(error).__name__}"
        raise ConfigError(message, hint=_HINT) from error
    if done.returncode:
        # What it says may hold a password.
        message = f"`pip {' '.join(arguments)}` ended with {done.returncode}"
        raise ConfigError(message, hint="Try it by hand with the tracker's own Python: python -m pip config list")
    return done.stdout


def _basic(user: str | None, password: str | None) -> str:
    if user is None and password is None:
        return ""
    told = f"{unquote(user or '')}:{unquote(password or '')}"
    return f"Basic {base64.b64encode(told.encode()).decode()}"


def _from_netrc(host: str) -> str:
    named = os.environ.get("NETRC")
    places = [Path(named)] if named else [Path.home() / name for name in (".netrc", "_netrc")]
    for place in places:
        try:
            found = netrc.netrc(place).authenticators(host)
        except (OSError, netrc.NetrcParseError):
            # pip goes on without it, too.
            continue
        return _basic(found[0] or found[1] or "", found[2] or "") if found else ""
    return ""
