"""Column types that keep our values exact on every database."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import JSON, DateTime, Enum, LargeBinary, TypeDecorator

from tracker.model import SIGHTING_KINDS, Combination, same_value

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy import Dialect

    from tracker.model import Sighting

_WORD_LENGTH = 32


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; a naive one is refused.

    SQLite keeps no zone, so that the text it stores is always UTC and sorts by time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` in UTC, without zone where the database has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without a zone cannot be stored: {value.isoformat()}"
            raise ValueError(message)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return ``value`` as an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CompressedText(TypeDecorator[str]):
    """Log text, compressed: logs are nearly all that a store of many runs holds, and are seldom read.

    As bytes they may hold what text columns refuse (a NUL on PostgreSQL, half of a surrogate pair).
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Return the bytes to store."""
        return None if value is None else zlib.compress(value.encode("utf-8", "surrogatepass"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text that was stored."""
        return None if value is None else zlib.decompress(value).decode("utf-8", "surrogatepass")


class CombinationValues(TypeDecorator[Combination]):
    """A combination as a list of ``[factor, version, component, is_alternative]``, since its key alone loses parts."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Combination | None, dialect: Dialect) -> list[list[str | bool]] | None:  # noqa: ARG002
        """Return what is stored as JSON."""
        return None if value is None else combination_rows(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Combination | None:  # noqa: ANN401, ARG002
        """Return the combination, its values in the order in which they were stored."""
        return None if value is None else Combination(tuple(same_value(*row) for row in value))


class Texts(TypeDecorator[tuple[str, ...]]):
    """A few short texts as a JSON list, in their order."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002
        """Return what is stored as JSON."""
        return None if value is None else list(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ANN401, ARG002
        """Return the texts."""
        return None if value is None else tuple(value)


class SightingContent(TypeDecorator["Sighting"]):
    """A sighting by its fields, times as ISO 8601 text; the first part of its place says which kind it is.

    A field that a newer program adds has a default, so that rows of an older one are still read.
    """

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sighting | None, dialect: Dialect) -> dict[str, object] | None:  # noqa: ARG002
        """Return what is stored as JSON."""
        return None if value is None else {"kind": value.place[0], **msgspec.to_builtins(value)}

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Sighting | None:  # noqa: ANN401, ARG002
        """Return the sighting."""
        return None if value is None else msgspec.convert(value, SIGHTING_KINDS[value["kind"]])


def combination_rows(combination: Combination) -> list[list[str | bool]]:
    """Return all parts of each value, in the combination's order."""
    return [[value.factor, value.version, value.component, value.is_alternative] for value in combination]


def word(words: type[StrEnum]) -> Enum:
    """Return the type of a column that holds one of ``words`` as its plain text; adding a word needs no migration."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=_WORD_LENGTH,
        values_callable=lambda members: [member.value for member in members],
    )
