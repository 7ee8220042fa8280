"""What comes of reading a text: the pins that were found, and what looks like a pin and cannot be resolved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a pin is written."""

    DOWNLOAD_URL = "download url"
    IMAGE = "image"
    TABLE = "table"
    ASSIGNMENT = "assignment"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPin:
    """A version that a text names.

    Attributes:
        name: of the component; of the factor for a variant, and where the text does not say which of the factor's
            components it means.
        version: as written, without what surrounds it: ``"1.7.14"`` where the text has ``v1.7.14``.
        path: as given by whoever asked.
        line: 1-based; where the pin is.
        column: 1-based, in characters; where the version begins, or the variable that stands for it.
        form: how it is written.
        text: the stripped line; of a long one 200 characters around the pin.
        written_on: 1-based line on which the version itself is written: another one than ``line`` where a variable
            brings it. It is the line to edit.
    """

    name: str
    version: str
    path: str
    line: int
    column: int
    form: Form
    text: str
    written_on: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedPin:
    """What looks like a pin of a known part, with a version that the text alone does not tell.

    Attributes:
        name: as for a found pin; for a mark that names nothing known, what it names.
        path: as given by whoever asked.
        line: 1-based.
        column: 1-based, in characters.
        form: how it is written.
        text: the stripped line; of a long one 200 characters around the pin.
        why: one clause: ``"the version is $v, which this text does not set"``.
    """

    name: str
    path: str
    line: int
    column: int
    form: Form
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All pins of one text.

    Attributes:
        pins: by line, then by column.
        unresolved: by line, then by column.
    """

    pins: tuple[FoundPin, ...] = ()
    unresolved: tuple[UnresolvedPin, ...] = ()
