"""Names that tracker.toml gives, and those that it means."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = r"[a-z0-9][a-z0-9._-]*"


def check_name(path: Path, where: str, name: str) -> None:
    """Return when ``name`` can be a name.

    Raises:
        ConfigError: it holds other letters than names do.
    """
    if not re.fullmatch(NAME, name):
        message = f"{path}: {where}: {name!r} is no name: it must be small letters, digits, '-', '_' and '.'"
        raise ConfigError(message)


def unknown(path: Path, key: str, name: str, known: Mapping[str, object]) -> ConfigError:
    """Return the error that says that ``name`` is not among the ``known`` ones, with the nearest of them."""
    near = difflib.get_close_matches(name, list(known), n=1)
    meant = f" (did you mean '{near[0]}'?)" if near else ""
    message = f"{path}: {key}: unknown name '{name}'{meant}"
    return ConfigError(message, hint=f"Known: {', '.join(known) or 'none'}")
