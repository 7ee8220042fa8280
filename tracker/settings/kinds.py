"""Kinds of single values: what is allowed, how it is read, and the same as JSON Schema.

A value that is not allowed is told to the place that it stands at; what ``read`` returns then is of no use, and
nobody uses it, since the whole file is refused.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tracker.settings.faults import nearest

if TYPE_CHECKING:
    from tracker.settings.faults import Place

MOST = 1_000_000
_MOST_TOLD = 16
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Kind(Protocol):
    """What values of one key are allowed."""

    @property
    def words(self) -> str:
        """What is allowed, as the end of "must be ..."."""

    def read(self, value: object, place: Place) -> Any:  # noqa: ANN401 - each kind has a type of its own
        """Return the value that ``value`` of a TOML document stands for, or tell ``place`` why it is none."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema (draft 7) of the same; dates are texts there."""


class Text(NamedTuple):
    """A text.

    Attributes:
        pattern: regular expression that all of it must fit, in the common ground of Python and ECMAScript.
        allowed: the same in words.
    """

    pattern: str = ""
    allowed: str = "text in quotes"

    @property
    def words(self) -> str:
        """What is allowed."""
        return self.allowed

    def read(self, value: object, place: Place) -> str:
        """Return the text."""
        if not isinstance(value, str) or (self.pattern and not re.fullmatch(self.pattern, value)):
            place.refuse(value, self.words)
            return ""
        return value

    def schema(self) -> dict[str, Any]:
        """Return a string with its pattern."""
        # Not "$": in Python, and so in some readers of schemas, it also stands before a last line feed.
        return {"type": "string", **({"pattern": rf"^(?:{self.pattern})(?![\s\S])"} if self.pattern else {})}


SAID = Text(pattern=r"\s*\S[\s\S]*", allowed="text in quotes, and not empty")
"""A text that says something."""


class Choice(NamedTuple):
    """One of a few texts; an empty one only where it is among them."""

    options: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is allowed."""
        told = [one for one in self.options if one]
        return f"one of {', '.join(told[:_MOST_TOLD])}{', ...' if len(told) > _MOST_TOLD else ''}"

    def read(self, value: object, place: Place) -> str:
        """Return the text."""
        if not isinstance(value, str) or value not in self.options:
            place.refuse(value, f"{self.words}{nearest(value, self.options) if isinstance(value, str) else ''}")
            return ""
        return value

    def schema(self) -> dict[str, Any]:
        """Return an enumeration."""
        return {"enum": list(self.options)}


class Flag:
    """True or false."""

    @property
    def words(self) -> str:
        """What is allowed."""
        return "true or false"

    def read(self, value: object, place: Place) -> bool:
        """Return the truth value."""
        if not isinstance(value, bool):
            place.refuse(value, self.words)
            return False
        return value

    def schema(self) -> dict[str, Any]:
        """Return a boolean."""
        return {"type": "boolean"}


class Number(NamedTuple):
    """A number within bounds, both allowed."""

    least: float
    most: float = MOST

    @property
    def words(self) -> str:
        """What is allowed."""
        return f"a number from {self.least:g} to {self.most:.0f}"

    def read(self, value: object, place: Place) -> float:
        """Return the number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.least <= value <= self.most:
            place.refuse(value, self.words)
            return self.least
        return value

    def schema(self) -> dict[str, Any]:
        """Return a number with its bounds."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


class Whole(NamedTuple):
    """A whole number within bounds, both allowed; ``3.0`` is one as well."""

    least: int
    most: int = MOST

    @property
    def words(self) -> str:
        """What is allowed."""
        return f"a whole number from {self.least} to {self.most}"

    def read(self, value: object, place: Place) -> int:
        """Return the number."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.least <= value <= self.most or value != int(value):  # type: ignore[operator,call-overload]
            place.refuse(value, self.words)
            return self.least
        return int(value)  # type: ignore[call-overload,no-any-return]

    def schema(self) -> dict[str, Any]:
        """Return an integer with its bounds."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Day:
    """A day, as TOML has it or in quotes."""

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a day, as 2026-12-31"

    def read(self, value: object, place: Place) -> date:
        """Return the day."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and re.fullmatch(_DAY, value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        place.refuse(value, self.words)
        return date.min

    def schema(self) -> dict[str, Any]:
        """Return a date."""
        return {"type": "string", "format": "date", "pattern": f"^{_DAY}(?![\\s\\S])"}


class FilePath(NamedTuple):
    """A path, absolute or counted from the directory of the file; empty for none.

    Attributes:
        must_exist: there must be a file of this name now.
    """

    must_exist: bool = False

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a path in quotes"

    def read(self, value: object, place: Place) -> Path | None:
        """Return the path, absolute; ``None`` for an empty text."""
        if not isinstance(value, str) or "\0" in value:
            place.refuse(value, self.words)
            return None
        if not value:
            return None
        try:
            path = (place.base / Path(value).expanduser()).resolve()
            is_missing = self.must_exist and not path.is_file()
        except (OSError, RuntimeError, ValueError) as error:
            place.refuse(value, f"{self.words} ({error})")
            return None
        if is_missing:
            place.refuse(value, "the path of a file; there is no such file")
        return path

    def schema(self) -> dict[str, Any]:
        """Return a string; whether the file is there, no schema tells."""
        return {"type": "string", "pattern": r"^[^\u0000]*(?![\s\S])"}


class Address(NamedTuple):
    """An address of a server, without a user's name and password; empty for the usual one.

    Attributes:
        schemes: what it may start with.
    """

    schemes: tuple[str, ...] = ("https", "http")

    @property
    def words(self) -> str:
        """What is allowed."""
        return f"an address that starts with {' or '.join(f'{one}:' for one in self.schemes)}, without a password"

    def read(self, value: object, place: Place) -> str:
        """Return the address."""
        if not isinstance(value, str) or not re.fullmatch(self._pattern, value):
            place.refuse(value, self.words)
            return ""
        from urllib.parse import urlsplit

        try:
            urlsplit(value)
        except ValueError:
            place.refuse(value, self.words)
        return value

    @property
    def _pattern(self) -> str:
        return rf"|(?:{'|'.join(self.schemes)}):[^@\s]+"

    def schema(self) -> dict[str, Any]:
        """Return a string that starts so."""
        return {"type": "string", "pattern": rf"^(?:{self._pattern})(?![\s\S])"}
