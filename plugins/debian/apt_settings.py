"""The part of this machine's apt configuration that says where its sources lie and what they must prove.

Formats as in apt.conf(5), apt 2.6 to 3.0, read 2026-11-23.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tracker.api import ConfigError

_LINE = re.compile(r'^(\S+) "(.*)";$', re.MULTILINE)
_NO = frozenset({"no", "false", "without", "off", "disable", "0"})
_YES = frozenset({"yes", "true", "with", "on", "enable", "1"})
_TIME_LIMIT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AptSettings:
    """What apt itself goes by.

    Attributes:
        source_list: the file of one-line entries; need not exist.
        source_parts: the directory of further files; need not exist.
        trusted_keyring: keys for entries that name none; need not exist.
        trusted_parts: directory of further such keys; need not exist.
        architecture: Debian's name of the machine's architecture; empty when apt does not say.
        check_valid_until: whether an index may be used only until the date that it tells.
        check_date: whether an index may not come from the future.
    """

    source_list: Path
    source_parts: Path
    trusted_keyring: Path
    trusted_parts: Path
    architecture: str = ""
    check_valid_until: bool = True
    check_date: bool = True


def read_settings() -> AptSettings | None:
    """Return apt's effective settings as ``apt-config`` tells them, or ``None`` on a machine without apt.

    Raises:
        ConfigError: apt cannot read its own configuration.
    """
    program = shutil.which("apt-config")
    if program is None:
        return None
    try:
        dumped = subprocess.run(
            [program, "dump"], capture_output=True, text=True, check=False, timeout=_TIME_LIMIT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"apt-config dump: does not answer: {error}"
        raise ConfigError(message) from error
    if dumped.returncode != 0:
        message = f"apt-config dump: {dumped.stderr.strip()}"
        raise ConfigError(message, hint="apt itself does not work with this configuration either.")
    return parse_settings(dumped.stdout)


def parse_settings(dump: str) -> AptSettings:
    """Return the settings that the output of ``apt-config dump`` tells; what it leaves out has apt's default."""
    values = {name.lower(): value for name, value in _LINE.findall(dump)}
    return AptSettings(
        source_list=_path(values, "dir::etc::sourcelist", "sources.list"),
        source_parts=_path(values, "dir::etc::sourceparts", "sources.list.d"),
        trusted_keyring=_path(values, "dir::etc::trusted", "trusted.gpg"),
        trusted_parts=_path(values, "dir::etc::trustedparts", "trusted.gpg.d"),
        architecture=values.get("apt::architecture", ""),
        check_valid_until=truth(values.get("acquire::check-valid-until", ""), default=True),
        check_date=truth(values.get("acquire::check-date", ""), default=True),
    )


def truth(text: str, *, default: bool) -> bool:
    """Return what apt takes ``text`` for; anything that is neither yes nor no is the default."""
    word = text.strip().lower()
    return True if word in _YES else False if word in _NO else default


def _path(values: dict[str, str], name: str, default: str) -> Path:
    """Return the path that a ``Dir::`` setting means: a relative one lies below that of its parent."""
    defaults = {name: default, "dir::etc": "etc/apt", "dir": "/"}
    found = Path()
    while name:
        found = Path(values.get(name) or defaults.get(name, "")) / found
        if found.is_absolute():
            break
        name = name.rpartition("::")[0]
    root = values.get("rootdir", "")
    return Path(root) / found.relative_to(found.anchor) if root else found
