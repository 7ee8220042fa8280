"""Secrets: tracker.toml says where one lies, and never what it is.

``token = { env = "NAME" }`` names a variable of the environment, ``token = { file = "PATH" }`` a file that holds the
secret and nothing else. What is written out in tracker.toml is refused: that file is shown, copied and committed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.settings.faults import Place

_LARGEST_FILE = 8 << 10
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_WORDS = 'the place of the secret: { env = "NAME" } or { file = "PATH" }'
_WHY = (
    "Never write a secret into tracker.toml, which others read: put it into a file that you alone can read, "
    "or into a variable."
)


class SecretPlace(NamedTuple):
    """Where a secret lies; exactly one of the two is set.

    Attributes:
        env: name of a variable of the environment.
        file: absolute path.
    """

    env: str = ""
    file: Path | None = None

    @property
    def title(self) -> str:
        """How an error names it."""
        return f"the environment variable {self.env}" if self.env else str(self.file)

    def reveal(self, environ: Mapping[str, str] = os.environ) -> str:
        """Return the secret, without the white space around it.

        Raises:
            ConfigError: there is none, or others can read it; the message names the place, never the content.
        """
        told = environ.get(self.env, "").strip() if self.env else read_secret_file(self.file or Path())
        if not told:
            message = f"{self.title}: holds no secret"
            raise ConfigError(message, hint="Put the secret there and nothing else.")
        return told


def read_secret_file(path: Path, *, what: str = "secret") -> str:
    """Return what the file holds, without white space around it; empty when it is longer than any secret.

    Raises:
        ConfigError: it cannot be read, or everybody on this machine can read or change it (not told on Windows, whose
            access lists are inherited from the directory).
    """
    try:
        with path.expanduser().open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read(_LARGEST_FILE + 1)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        message = f"{path}: the {what} in it cannot be read: {reason or error}"
        raise ConfigError(
            message, hint=f"Name another file, or take the name out to go on without a {what}."
        ) from error
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IWGRP):
        message = f"{path}: holds a {what}, and others on this machine can get at it (mode {mode:04o})"
        raise ConfigError(message, hint=f"Take their rights away: chmod 600 '{path}'")
    # Editors of Windows begin a file with a mark that is no part of the secret.
    told = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1").strip()
    return told if len(content) <= _LARGEST_FILE else ""


class Secret:
    """The place of a secret; an empty table for none."""

    @property
    def words(self) -> str:
        """What is allowed."""
        return _WORDS

    def read(self, value: object, place: Place) -> SecretPlace | None:
        """Return the place; nothing is looked up yet."""
        if isinstance(value, SecretPlace):
            return value
        if not isinstance(value, Mapping):
            place.faults.add(f"{place.key} = '...': must be {_WORDS}", _WHY)
            return None
        if not value:
            return None
        ((name, told), *more) = value.items()
        is_variable = name == "env" and isinstance(told, str) and re.fullmatch(_VARIABLE, told)
        is_file = name == "file" and isinstance(told, str) and told and "\0" not in told
        if more or not (is_variable or is_file):
            # Whatever stands there instead may be the secret itself.
            place.faults.add(f"{place.key} = {{ ... }}: must be {_WORDS}", _WHY)
            return None
        return SecretPlace(env=told) if is_variable else SecretPlace(file=place.base / Path(told))

    def schema(self) -> dict[str, Any]:
        """Return an object with one of two properties."""
        return {
            "type": "object",
            "additionalProperties": False,
            "maxProperties": 1,
            "properties": {
                "env": {"type": "string", "pattern": rf"^{_VARIABLE}(?![\s\S])"},
                "file": {"type": "string", "pattern": r"^[^\u0000]+(?![\s\S])"},
            },
        }
