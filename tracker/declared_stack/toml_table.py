"""One table of a TOML file: typed values, and an error for every key that nobody asked for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 1_000_000


class TomlTable:
    """One table of the file.

    Args:
        path: the file, for messages.
        name: the table's dotted name; empty for the top.
        table: what the parser made of it.
        keys: the keys that may stand in it.

    Raises:
        ConfigError: it is no table, or holds another key; the message names the nearest one that is allowed.
    """

    def __init__(self, path: Path, name: str, table: object, keys: tuple[str, ...]) -> None:
        self._path = path
        self._prefix = f"{name}." if name else ""
        if not isinstance(table, Mapping):
            raise self._error(name, table, "a table")
        self._table = table
        for key in table:
            if key not in keys:
                raise self._unknown(key, keys)

    def _unknown(self, key: str, keys: tuple[str, ...]) -> ConfigError:
        near = difflib.get_close_matches(key, keys, n=1)
        meant = f" (did you mean '{near[0]}'?)" if near else ""
        message = f"{self._path}: unknown key '{self._prefix}{key}'{meant}"
        return ConfigError(message, hint=f"Allowed here: {', '.join(sorted(keys))}")

    def _error(self, key: str, value: object, allowed: str) -> ConfigError:
        # An error about the table itself comes with its whole name.
        place = key if f"{key}." == self._prefix else f"{self._prefix}{key}"
        message = f"{self._path}: {place} = {value!r}: must be {allowed}"
        return ConfigError(message)

    def has(self, key: str) -> bool:
        """Return whether the table says anything at ``key``."""
        return key in self._table

    def is_text(self, key: str) -> bool:
        """Return whether there is text at ``key``."""
        return isinstance(self._table.get(key), str)

    def text(self, key: str, default: str) -> str:
        """Return the text at ``key``."""
        value = self._table.get(key, default)
        if not isinstance(value, str):
            raise self._error(key, value, "text in quotes")
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        """Return the truth value at ``key``."""
        value = self._table.get(key, default)
        if not isinstance(value, bool):
            raise self._error(key, value, "true or false")
        return value

    def number(self, key: str, default: float, *, least: float) -> float:
        """Return the number at ``key``; ``least`` is the smallest that makes sense."""
        value = self._table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= _MOST:
            raise self._error(key, value, f"a number from {least:g} to {_MOST}")
        return value

    def whole(self, key: str, *, least: int) -> int:
        """Return the whole number at ``key``, which must be there; ``least`` is the smallest that makes sense."""
        value = self._table.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MOST:
            raise self._error(key, value, f"a whole number from {least} to {_MOST}")
        return value

    def needed(self, key: str) -> str:
        """Return the text at ``key``, which must be there and not be empty."""
        value = self._table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, value, "text in quotes")
        return value

    def fitting(self, key: str, pattern: str, allowed: str) -> str:
        """Return the text at ``key``, which must fit the whole ``pattern``; ``allowed`` says so in words."""
        value = self._table.get(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self._error(key, value, allowed)
        return value

    def day(self, key: str) -> date:
        """Return the day at ``key``, which must be there: as ``2026-12-31``, in quotes or not."""
        value = self._table.get(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                raise self._error(key, value, "a day, as 2026-12-31") from None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._error(key, value, "a day, as 2026-12-31")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts at ``key``, empty when it is missing."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._error(key, value, "a list of texts")
        return tuple(value)

    def tables(self, key: str) -> tuple[object, ...]:
        """Return the tables of the list at ``key``, empty when it is missing."""
        value = self._table.get(key, [])
        if not isinstance(value, list):
            raise self._error(key, value, f"tables, each under [[{self._prefix}{key}]]")
        return tuple(value)

    def table(self, key: str) -> Mapping[str, Any]:
        """Return the table at ``key``, empty when it is missing."""
        value = self._table.get(key, {})
        if not isinstance(value, Mapping):
            raise self._error(key, value, "a table")
        return value
