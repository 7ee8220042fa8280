"""Kinds of values that hold others: lists, tables with names of a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.settings.kinds import Text

if TYPE_CHECKING:
    from tracker.settings.faults import Place
    from tracker.settings.kinds import Kind
    from tracker.settings.table import Table


class Texts(NamedTuple):
    """A list of values of one kind, texts mostly."""

    of: Kind = Text()

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a list of texts"

    def read(self, value: object, place: Place) -> tuple[Any, ...]:
        """Return the values in their order."""
        if not isinstance(value, list):
            place.refuse(value, self.words)
            return ()
        return tuple(self.of.read(one, place.item(index)) for index, one in enumerate(value))

    def schema(self) -> dict[str, Any]:
        """Return an array."""
        return {"type": "array", "items": self.of.schema()}


class Named(NamedTuple):
    """A table whose keys a person chooses, each with a value of one kind.

    Attributes:
        of: what each holds.
        known: keys with a kind of their own, which says more than ``of``; for editors alone when ``of`` is
            ``Anything``.
        least: how many there must be.
        why: what is wrong with fewer, and what to do.
    """

    of: Kind
    known: Mapping[str, Kind] = MappingProxyType({})
    least: int = 0
    why: tuple[str, str] = ("", "")

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a table" + (f": {self.why[0]}" if self.least else "")

    def read(self, value: object, place: Place) -> dict[str, Any]:
        """Return the values by name, in the order of the file."""
        if not isinstance(value, Mapping):
            place.refuse(value, self.words)
            return {}
        if len(value) < self.least:
            place.faults.add(f"{place.key}: {self.why[0]}", self.why[1])
        return {name: self.known.get(name, self.of).read(one, place.at(name)) for name, one in value.items()}

    def schema(self) -> dict[str, Any]:
        """Return an object with further properties of the kind."""
        return {
            "type": "object",
            "additionalProperties": self.of.schema(),
            **({"properties": {name: kind.schema() for name, kind in self.known.items()}} if self.known else {}),
            **({"minProperties": self.least} if self.least else {}),
        }


class Tables(NamedTuple):
    """A list of tables: ``[[name]]``."""

    of: Table

    @property
    def words(self) -> str:
        """What is allowed."""
        return "tables, each under its own [[...]]"

    def read(self, value: object, place: Place) -> tuple[Any, ...]:
        """Return what is built of each, in their order."""
        if not isinstance(value, list):
            place.refuse(value, f"tables, each under [[{place.key}]]")
            return ()
        return tuple(self.of.read(one, place.item(index)) for index, one in enumerate(value))

    def schema(self) -> dict[str, Any]:
        """Return an array of objects."""
        return {"type": "array", "items": self.of.schema()}


class AnyValue:
    """A value that somebody else reads later, as it stands."""

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a value"

    def read(self, value: object, place: Place) -> object:  # noqa: ARG002 - nothing is wrong with any value
        """Return it."""
        return value

    def schema(self) -> dict[str, Any]:
        """Return what allows everything."""
        return {}


class Anything:
    """A table that somebody else reads later, as it stands."""

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a table"

    def read(self, value: object, place: Place) -> dict[str, Any]:
        """Return the table."""
        if not isinstance(value, Mapping):
            place.refuse(value, self.words)
            return {}
        return dict(value)

    def schema(self) -> dict[str, Any]:
        """Return an object."""
        return {"type": "object"}
