"""A table: its keys, each with its kind, its default and a sentence, and what is built of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.settings.faults import nearest
from tracker.settings.masking import MASK, is_secret_name, shown

if TYPE_CHECKING:
    from tracker.settings.faults import Place
    from tracker.settings.kinds import Kind

REQUIRED: Final = object()
"""Default of a key that must be there."""


class Later(NamedTuple):
    """A kind that is loaded when something asks for it: a table, of which most files say nothing.

    Attributes:
        module: that it lies in.
        name: that it has there.
    """

    module: str
    name: str

    def load(self) -> Kind:
        """Return the kind."""
        kind: Kind = getattr(import_module(self.module), self.name)
        return kind


class Key:
    """One key of a table.

    Args:
        name: as it is written.
        kind: what is allowed.
        sentence: what it decides, for people.
        default: what counts when it is missing, in the words of TOML: ``""`` for no path, ``[]`` for no list; ``None``
            where nothing that can be written says the same; ``REQUIRED`` when it must be there.
        example: lines of TOML that show more than the default does; may be empty.
        is_old: it is read, and not recommended: ``init`` does not show it.
    """

    __slots__ = ("_kind", "default", "example", "is_old", "name", "sentence")

    def __init__(
        self,
        name: str,
        kind: Kind | Later,
        sentence: str,
        default: Any = REQUIRED,  # noqa: ANN401 - as the kind has it
        example: str = "",
        *,
        is_old: bool = False,
    ) -> None:
        self.name = name
        self._kind = kind
        self.sentence = sentence
        self.default = default
        self.example = example
        self.is_old = is_old

    @property
    def kind(self) -> Kind:
        """What is allowed."""
        if isinstance(self._kind, Later):
            self._kind = self._kind.load()
        return self._kind

    def of(self, kind: Kind) -> Key:
        """Return the same key with another kind of values."""
        return Key(self.name, kind, self.sentence, self.default, self.example, is_old=self.is_old)

    def schema(self) -> dict[str, Any]:
        """Return the kind's schema with sentence and default."""
        told = {} if self.default is REQUIRED or self.default is None else {"default": _plain(self.default)}
        return {"description": self.sentence, **self.kind.schema(), **told}


class Table(NamedTuple):
    """A table with keys of its own.

    Attributes:
        keys: in the order in which a person reads them.
        build: makes a value of what was read, by key; called only when all of it may stand. It may raise
            ``ValueError`` with what is wrong between keys, and what to do after a line feed.
        least: how many keys there must be.
        elsewhere: tells, for the keys that somebody may look for in this table, the tables that they stand in.
    """

    keys: tuple[Key, ...]
    build: Callable[[Mapping[str, Any]], Any] = dict
    least: int = 0
    elsewhere: Callable[[], Mapping[str, str]] = dict

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a table"

    def read(self, value: object, place: Place) -> Any:  # noqa: ANN401 - what ``build`` makes
        """Return what ``build`` makes of the table, or tell everything that is wrong in it."""
        before = len(place.faults)
        read = self.given(value, place)
        for key in self.keys:
            if key.name not in read and isinstance(value, Mapping):
                read[key.name] = self._missing(key, place.at(key.name))
        if len(place.faults) > before:
            return None
        try:
            return self.build(read)
        except ValueError as error:
            text, _, hint = str(error).partition("\n")
            place.faults.add(f"{place.key}: {text}" if place.key else text, hint)
            return None

    def given(self, value: object, place: Place) -> dict[str, Any]:
        """Return what the table says itself, by key, without defaults, or tell everything that is wrong in it."""
        if not isinstance(value, Mapping):
            place.refuse(value, self.words)
            return {}
        if len(value) < self.least:
            place.refuse(value, f"{self.words} with at least {self.least} key")
        known = {key.name: key for key in self.keys}
        for name in value:
            if name not in known:
                self._unknown(name, value[name], place)
        return {name: key.kind.read(value[name], place.at(name)) for name, key in known.items() if name in value}

    @staticmethod
    def _missing(key: Key, place: Place) -> object:
        if key.default is REQUIRED:
            place.miss(key.kind.words)
            return None
        return None if key.default is None else key.kind.read(key.default, place)

    def _unknown(self, name: str, value: object, place: Place) -> None:
        names = [key.name for key in self.keys]
        at = place.at(name).key
        near = nearest(name, names)
        # A value under a misspelt name may be what the right name would hide.
        is_secret = is_secret_name(at) or any(is_secret_name(one) for one in names if f"'{one}'" in near)
        told = "" if isinstance(value, Mapping) else f"{at} = {MASK if is_secret else shown(at, value)}: "
        elsewhere = self.elsewhere()
        meant = near or (f" (it stands in [{elsewhere[name]}])" if name in elsewhere else "")
        place.faults.add(f"{told}unknown key '{at}'{meant}", f"Allowed here: {', '.join(sorted(names))}")

    def schema(self) -> dict[str, Any]:
        """Return an object that has these keys and no other."""
        needed = [key.name for key in self.keys if key.default is REQUIRED]
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {key.name: key.schema() for key in self.keys},
            **({"required": needed} if needed else {}),
            **({"minProperties": self.least} if self.least else {}),
        }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
