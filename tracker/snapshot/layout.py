"""How a snapshot lies in SQLite, so that a question reads the rows that bear on it and no others.

A row of ``verdict_rows`` is a combination that was run: one column a factor with the place of its value (``f0``, ...),
and four columns a capability: how good the verdict is (``b``), when its newest run ended (``o``), until when it is
fresh (``u``), and which factors its failing step exercised, as a bit mask (``x``). Rows are numbered host after host,
newest first, and that number is their order. What a verdict says in words is read only for the row that answers.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tracker.errors import StoreError
from tracker.snapshot.ages import badness, microseconds
from tracker.snapshot.document import row_document, to_document, value_document
from tracker.snapshot.opened import VERSION

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from tracker.model import Value, Verdict
    from tracker.snapshot.content import VerdictSnapshot
    from tracker.snapshot.parts import SnapshotRow

MOST_FACTORS = 60
"""Bit masks of factors are numbers of SQLite, which have 64 bits with a sign."""
_LAST_PLACE = 1 << 30
_TABLES = """
CREATE TABLE parts (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE hosts (number INTEGER PRIMARY KEY, host_key TEXT NOT NULL, host_title TEXT NOT NULL,
  judgement TEXT NOT NULL);
CREATE TABLE known_values (place INTEGER PRIMARY KEY, factor TEXT NOT NULL, is_live INTEGER NOT NULL,
  document TEXT NOT NULL);
CREATE TABLE former_values (place INTEGER PRIMARY KEY, factor TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX values_by_factor ON known_values (factor, is_live);
CREATE TABLE documents (number INTEGER PRIMARY KEY, host INTEGER NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """All that is written of a snapshot, each text made once.

    Attributes:
        tables: statements that make the tables of rows.
        parts: name and text.
        values: place, factor, whether it is live, and text.
        former: place, factor and text of values that rows hold and that have no name any more.
        hosts: number, key, title, and the judgement's text.
        documents: number, host, key and text of each row.
        rows: number, host, and the columns of each row.
    """

    tables: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    values: tuple[tuple[int, str, bool, str], ...]
    former: tuple[tuple[int, str, str], ...]
    hosts: tuple[tuple[int, str, str, str], ...]
    documents: tuple[tuple[int, int, str, str], ...]
    rows: tuple[tuple[int | None, ...], ...]

    @classmethod
    def of(cls, snapshot: VerdictSnapshot) -> Sheets:
        """Return what is to be written of ``snapshot``.

        Raises:
            StoreError: it has more factors than a mask has bits.
        """
        count = len(snapshot.factors)
        if count > MOST_FACTORS:
            message = f"the profile {snapshot.profile} has {count} factors, and check reads {MOST_FACTORS}"
            raise StoreError(message, hint="Leave out factors that have one value only.")
        parts = to_document(replace(snapshot, rows=(), others=(), judgement={}))
        for name in ("rows", "judgement", "others", "host_key", "host_title"):
            del parts[name]
        values = parts.pop("values")
        numbers = _Numbers(snapshot)
        rows = list(enumerate(numbers.newest_first()))
        return cls(
            tables=tuple(_row_tables(snapshot)),
            parts=tuple((name, text(part)) for name, part in sorted(parts.items())),
            values=tuple((place, one["factor"], bool(one["live"]), text(one)) for place, one in enumerate(values)),
            former=tuple((place, one.factor, text(value_document(one))) for one, place in numbers.former.items()),
            hosts=tuple(
                (number, one.host_key, one.host_title, text(one.judgement)) for number, one in enumerate(snapshot.hosts)
            ),
            documents=tuple(
                (number, host, row.combination.key, text(row_document(row))) for number, (host, row) in rows
            ),
            rows=tuple((number, host, *numbers.columns(row)) for number, (host, row) in rows),
        )

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal digits."""
        found = hashlib.sha256(f"{VERSION}\n".encode())
        for sheet in (self.tables, self.parts, self.values, self.former, self.hosts, self.documents, self.rows):
            found.update(f"{len(sheet)}\n".encode())
            for line in sheet:
                found.update(repr(line).encode())
        return found.hexdigest()


def fill(connection: sqlite3.Connection, sheets: Sheets) -> None:
    """Write ``sheets`` into an empty database."""
    connection.executescript(f"PRAGMA user_version = {VERSION};{_TABLES}{''.join(sheets.tables)}")
    for table, sheet in (
        ("parts", sheets.parts),
        ("known_values", sheets.values),
        ("former_values", sheets.former),
        ("hosts", sheets.hosts),
        ("documents", sheets.documents),
        ("verdict_rows", sheets.rows),
    ):
        if sheet:
            marks = ", ".join("?" * len(sheet[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", sheet)  # noqa: S608 - tables of ours
    connection.execute("ANALYZE")


def text(document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return ``document`` as JSON; the same value gives the same text."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


def _row_tables(snapshot: VerdictSnapshot) -> Iterator[str]:
    factors = [f"f{number}" for number in range(len(snapshot.factors))]
    verdicts = [f"{letter}{number}" for number in range(len(snapshot.capabilities)) for letter in "boux"]
    columns = "".join(f", {name} INTEGER" for name in ("host", "shy", *factors, *verdicts))
    yield f"CREATE TABLE verdict_rows (number INTEGER PRIMARY KEY{columns});"
    yield from (f"CREATE INDEX rows_by_{name} ON verdict_rows (host, {name});" for name in factors)


class _Numbers:
    """From the rows of a snapshot to numbers.

    Attributes:
        former: places of values that rows hold and that have no name any more, after all others.
    """

    def __init__(self, snapshot: VerdictSnapshot) -> None:
        self._snapshot = snapshot
        self._factors = [factor.name for factor in snapshot.factors]
        self._places = {one.value: place for place, one in enumerate(snapshot.values)}
        gone = {
            value for host in snapshot.hosts for row in host.rows for value in row.combination
        } - self._places.keys()
        self.former = {value: place for place, value in enumerate(sorted(gone), start=len(self._places))}
        self._places |= self.former
        self._shy = {one.value for one in snapshot.values if not one.is_proposable}

    def newest_first(self) -> list[tuple[int, SnapshotRow]]:
        """Return all rows with the numbers of their hosts: host after host, each one's newest first."""

        def order(row: SnapshotRow) -> tuple[list[int], str]:
            return [_LAST_PLACE if place is None else place for place in self._of(row)], row.combination.key

        return [
            (number, row) for number, host in enumerate(self._snapshot.hosts) for row in sorted(host.rows, key=order)
        ]

    def columns(self, row: SnapshotRow) -> list[int | None]:
        """Return the columns of ``row`` after its number; first which of its values nobody should be sent to."""
        held = _by_factor(row)
        shy = sum(1 << bit for bit, name in enumerate(self._factors) if held.get(name) in self._shy)
        verdicts = [column for name in self._snapshot.capabilities for column in self._verdict(row.verdicts[name])]
        return [shy, *self._of(row), *verdicts]

    def _of(self, row: SnapshotRow) -> list[int | None]:
        held = _by_factor(row)
        return [self._places.get(held[name]) if name in held else None for name in self._factors]

    def _verdict(self, verdict: Verdict) -> list[int | None]:
        exercised = sum(1 << bit for bit, name in enumerate(self._factors) if name in verdict.exercised)
        return [badness(verdict), microseconds(verdict.observed_at), microseconds(verdict.fresh_until), exercised]


def _by_factor(row: SnapshotRow) -> dict[str, Value]:
    return {value.factor: value for value in row.combination}
