"""Reading a text from its first line to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.pins.addresses import read_addresses
from tracker.pins.expansion import expand, unexpanded
from tracker.pins.files import read_files
from tracker.pins.images import read_images
from tracker.pins.lines import Kind, is_program, lines_of
from tracker.pins.marks import read_mark
from tracker.pins.names import Names
from tracker.pins.reading import Reading
from tracker.pins.settling import Settling
from tracker.pins.tables import Tables
from tracker.pins.unknowns import Unknowns
from tracker.pins.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.pins.candidates import Candidate
    from tracker.pins.lines import Line
    from tracker.pins.variables import Held
    from tracker.pins.vocabulary import Vocabulary

_MOST_READINGS = 4
"""A name may be used before it is set, and hold another one that is used before it is set: each costs a reading."""


def read_pins(text: str, *, path: str, vocabulary: Vocabulary) -> Reading:
    """Return the pins that ``text`` holds of what ``vocabulary`` knows. Never raises, whatever the text is.

    Args:
        text: of any kind: a script, a Dockerfile, a table, a workflow, a page of Markdown.
        path: the text's name; it is not opened. Its ending tells prose from code.
        vocabulary: what can be pinned.
    """
    names = Names(vocabulary)
    if not names.are_in(text):
        return Reading()
    unknowns = Unknowns()
    later: Mapping[str, Held] = {}
    reading = Reading()
    lines = tuple(lines_of(text, path))
    for _ in range(_MOST_READINGS):
        one = _OneReading(names, unknowns, later, path)
        reading = one.read(lines)
        if one.variables.only_values() == later:
            break
        later = one.variables.only_values()
    return reading


class _OneReading:
    def __init__(self, names: Names, unknowns: Unknowns, later: Mapping[str, Held], path: str) -> None:
        self.variables = Variables(later)
        self._names = names
        self._unknowns = unknowns
        self._path = path
        self._tables = Tables(names, self.variables, unknowns, path=path, is_program=is_program(path))

    def read(self, lines: Iterable[Line]) -> Reading:
        settling = Settling(self._unknowns, self._path)
        for line in lines:
            for candidate in self._line(line):
                settling.take(candidate)
        return settling.reading()

    def _line(self, line: Line) -> Iterator[Candidate]:
        if line.kind is Kind.CODE:
            expanded = expand(line.code, line.number, self.variables, self._unknowns)
            # A marked or ignored line still sets its variables.
            in_tables = list(self._tables.read(line, expanded))
        else:
            expanded = unexpanded(line.code, line.number)
            in_tables = []
            if line.kind is Kind.PROSE:
                self._tables.forget_places()
        if line.kind is Kind.COMMENT or (line.mark and line.mark.leaves_out):
            return
        if line.mark and (marked := read_mark(line.mark, expanded, self._names, self._unknowns)):
            yield marked
            return
        yield from in_tables
        yield from read_addresses(line, expanded, self._names)
        yield from read_files(expanded, self._names, self._unknowns)
        if line.kind is Kind.CODE:
            yield from read_images(expanded, self._names)
