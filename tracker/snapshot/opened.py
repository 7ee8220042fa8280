"""A snapshot that is asked without being read whole: only what a question bears on leaves the file."""

from __future__ import annotations

import json
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from tracker.errors import StoreError
from tracker.snapshot.parts import exclusion_from, factor_from, known_from, retraction_from, row_from, value_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.model import Exclusion, Factor, Value
    from tracker.naming import KnownValue
    from tracker.pins.vocabulary import Vocabulary
    from tracker.snapshot.content import VerdictSnapshot
    from tracker.snapshot.parts import SnapshotRow

VERSION = 3
"""The form in which a snapshot lies in SQLite (``tracker.snapshot.layout``)."""


class OpenSnapshot:
    """A snapshot in a database of SQLite, read piece by piece; close it after use.

    Args:
        connection: to a database that ``fill`` filled.
        name: what errors call it.
        host: number of the host that is asked about; 0 is the snapshot's own.
        signed_by: the name under which the key that signed it is trusted; empty where none did.

    Every method and attribute raises ``StoreError`` where the database is damaged.
    """

    def __init__(self, connection: sqlite3.Connection, name: str, host: int = 0, signed_by: str = "") -> None:
        self.signed_by = signed_by
        self._connection = connection
        self._name = name
        self.host = host
        self._places: dict[str, Mapping[Value, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @cached_property
    def hosts(self) -> tuple[tuple[str, str], ...]:
        """Key and title of each host, the snapshot's own first."""
        return tuple(self.ask("SELECT host_key, host_title FROM hosts ORDER BY number"))

    @property
    def host_key(self) -> str:
        """What the evidence is about."""
        return self.hosts[self.host][0]

    @property
    def host_title(self) -> str:
        """The same for people; may be empty."""
        return self.hosts[self.host][1]

    def on(self, host: int) -> OpenSnapshot:
        """Return the same snapshot, asked about the host of that number."""
        return OpenSnapshot(self._connection, self._name, host, self.signed_by)

    @cached_property
    def capabilities(self) -> tuple[str, ...]:
        """The chain, earliest first."""
        return tuple(self.part("capabilities"))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """What is asked when nobody says otherwise."""
        return tuple(self.part("required"))

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """In the profile's order."""
        return tuple(factor_from(one) for one in self.part("factors"))

    @cached_property
    def waivers(self) -> tuple[Mapping[str, Any], ...]:
        """Failures that persons accept, as documents."""
        return tuple(self.part("waivers"))

    @cached_property
    def retractions(self) -> tuple[Mapping[str, Any], ...]:
        """Runs on any host that were taken back, as documents, by run; none where nobody wrote of them."""
        found = self.ask("SELECT document FROM parts WHERE name = 'retractions'")
        return self._decoded(found[0][0], lambda told: tuple(map(retraction_from, told))) if found else ()

    @cached_property
    def judgement(self) -> Mapping[str, Any]:
        """The judgement as a document; empty when there is none."""
        ((document,),) = self.ask("SELECT judgement FROM hosts WHERE number = ?", [self.host])
        found: Mapping[str, Any] = self._decoded(document, lambda one: one)
        return found

    @cached_property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """Values that never meet."""
        return tuple(exclusion_from(one) for one in self.part("exclusions"))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What texts may pin."""
        from tracker.snapshot.content import vocabulary_of

        try:
            return vocabulary_of(self.part("terms"), self.factors)
        except (AttributeError, LookupError, TypeError) as error:
            raise self.damaged(error) from error

    def named(self, name: str) -> tuple[KnownValue, ...]:
        """Return the values of the factor called ``name``, or that has a component of that name, newest first.

        They are those of no factor, hence none, when nothing is called so.
        """
        factors = [factor.name for factor in self.factors if name == factor.name or name in factor.components]
        exact = [factor for factor in factors if factor == name]
        return self._known("factor = ?", (exact or factors or [""])[:1])

    def live(self, factor: str) -> tuple[Value, ...]:
        """Return the live values of a factor, newest first."""
        return tuple(one.value for one in self._known("factor = ? AND is_live", [factor]))

    def places(self, factor: str) -> Mapping[Value, int]:
        """Return where the values of a factor stand in the order of all, newest first, former ones last."""
        if factor not in self._places:
            rows = [
                row
                for table in ("known_values", "former_values")
                for row in self.ask(f"SELECT place, document FROM {table} WHERE factor = ?", [factor])  # noqa: S608 - tables of ours
            ]
            self._places[factor] = {self._decoded(document, value_from): place for place, document in rows}
        return self._places[factor]

    def row(self, number: int) -> SnapshotRow:
        """Return the combination of a row with its verdicts in words."""
        ((document,),) = self.ask("SELECT document FROM documents WHERE number = ?", [number])
        found: SnapshotRow = self._decoded(document, row_from)
        return found

    def ask(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Return the rows that ``query`` finds."""
        try:
            return self._connection.execute(query, values).fetchall()
        except (OverflowError, sqlite3.Error) as error:
            raise self.damaged(error) from error

    def part(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return a named part of the document."""
        found = self.ask("SELECT document FROM parts WHERE name = ?", [name])
        if not found:
            raise self.damaged(KeyError(name))
        return self._decoded(found[0][0], lambda document: document)

    def whole(self) -> VerdictSnapshot:
        """Return all of it."""
        from tracker.snapshot.document import from_parts

        parts = {name: self._decoded(document, lambda one: one) for name, document in self.ask("SELECT * FROM parts")}
        documents = self.ask("SELECT document FROM known_values ORDER BY place")
        try:
            values = [json.loads(document) for (document,) in documents]
            own, *others = [self._host(*found) for found in self.ask("SELECT * FROM hosts ORDER BY number")]
            return from_parts({**parts, **own, "values": values, "others": others}, own["rows"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise self.damaged(error) from error

    def _host(self, number: int, key: str, title: str, judgement: str) -> dict[str, Any]:
        rows = self.ask("SELECT document FROM documents WHERE host = ? ORDER BY key", [number])
        return {
            "host_key": key,
            "host_title": title,
            "judgement": json.loads(judgement),
            "rows": [json.loads(document) for (document,) in rows],
        }

    def _known(self, condition: str, values: Iterable[str]) -> tuple[KnownValue, ...]:
        query = f"SELECT document FROM known_values WHERE {condition} ORDER BY place"  # noqa: S608 - conditions of ours
        return tuple(self._decoded(document, known_from) for (document,) in self.ask(query, list(values)))

    def _decoded(self, document: str, read: Any) -> Any:  # noqa: ANN401 - whatever ``read`` makes of any JSON value
        try:
            return read(json.loads(document))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise self.damaged(error) from error

    def damaged(self, error: Exception | str) -> StoreError:
        """Return what is said of verdicts that cannot be read for the sake of ``error``."""
        message = f"{self._name}: the verdicts cannot be read: {error}"
        return StoreError(message, hint="`tracker site` makes them anew from the store.")


def in_memory(snapshot: VerdictSnapshot, name: str = "the verdicts") -> OpenSnapshot:
    """Return ``snapshot``, which lies in no file, so that it can be asked like one that does."""
    from tracker.snapshot.layout import Sheets, fill

    connection = sqlite3.connect(":memory:")
    try:
        with connection:
            fill(connection, Sheets.of(snapshot))
    except BaseException:
        connection.close()
        raise
    return OpenSnapshot(connection, name)
