"""A table: its keys, each with its kind, its default and a sentence, and what is built of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tracker.settings.faults import nearest
from tracker.settings.masking import MASK, is_secret_name, shown

if TYPE_CHECKING:
    from tracker.settings.faults import Place
    from tracker.settings.kinds import Kind

REQUIRED: Final = object()
"""Default of a key that must be there."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table.

    Attributes:
        name: as it is written.
        kind: what is allowed.
        sentence: what it decides, for people.
        default: what counts when it is missing, in the words of TOML: ``""`` for no path, ``[]`` for no list;
            ``REQUIRED`` when it must be there.
        example: a line of TOML that shows more than the default does; may be empty.
    """

    name: str
    kind: Kind
    sentence: str
    default: Any = REQUIRED
    example: str = ""

    def schema(self) -> dict[str, Any]:
        """Return the kind's schema with sentence and default."""
        told = {} if self.default is REQUIRED else {"default": _plain(self.default)}
        return {"description": self.sentence, **self.kind.schema(), **told}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with keys of its own.

    Attributes:
        keys: in the order in which a person reads them.
        build: makes a value of what was read, by key; called only when all of it may stand. It may raise
            ``ValueError`` with what is wrong between keys, and what to do after a line feed.
        elsewhere: for the key that somebody looks for in this table, the table that it stands in.
    """

    keys: tuple[Key, ...]
    build: Callable[[Mapping[str, Any]], Any] = dict
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is allowed."""
        return "a table"

    def read(self, value: object, place: Place) -> Any:  # noqa: ANN401 - what ``build`` makes
        """Return what ``build`` makes of the table, or tell everything that is wrong in it."""
        if not isinstance(value, Mapping):
            place.refuse(value, self.words)
            return None
        before = len(place.faults)
        known = {key.name: key for key in self.keys}
        for name in value:
            if name not in known:
                self._unknown(name, value[name], place)
        read = {name: self._one(key, value, place.at(name)) for name, key in known.items()}
        if len(place.faults) > before:
            return None
        try:
            return self.build(read)
        except ValueError as error:
            text, _, hint = str(error).partition("\n")
            place.faults.add(f"{place.key}: {text}" if place.key else text, hint)
            return None

    @staticmethod
    def _one(key: Key, table: Mapping[str, object], place: Place) -> object:
        if key.name in table:
            return key.kind.read(table[key.name], place)
        if key.default is REQUIRED:
            place.miss(key.kind.words)
            return None
        return key.kind.read(key.default, place)

    def _unknown(self, name: str, value: object, place: Place) -> None:
        names = [key.name for key in self.keys]
        at = place.at(name).key
        near = nearest(name, names)
        # A value under a misspelt name may be what the right name would hide.
        is_secret = is_secret_name(at) or any(is_secret_name(one) for one in names if f"'{one}'" in near)
        told = "" if isinstance(value, Mapping) else f" = {MASK if is_secret else shown(at, value)}"
        meant = near or (f" (it stands in [{self.elsewhere[name]}])" if name in self.elsewhere else "")
        place.faults.add(f"unknown key '{at}'{told}{meant}", f"Allowed here: {', '.join(sorted(names))}")

    def schema(self) -> dict[str, Any]:
        """Return an object that has these keys and no other."""
        needed = [key.name for key in self.keys if key.default is REQUIRED]
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {key.name: key.schema() for key in self.keys},
            **({"required": needed} if needed else {}),
        }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
