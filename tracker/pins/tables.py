"""Pins in tables and assignments: a key that means a known part, with a value that is a version."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.pins.assignments import Assignments
from tracker.pins.candidates import Candidate
from tracker.pins.names import Subject
from tracker.pins.pairs import Closing, Element, Opening, Pair, tokens
from tracker.pins.reading import Form
from tracker.pins.scopes import GENERIC, NAMING, Scopes
from tracker.pins.unknowns import has_unknown, says_version
from tracker.pins.versions import is_moving, is_nothing, read_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.pins.expansion import Expanded
    from tracker.pins.lines import Line
    from tracker.pins.names import Names
    from tracker.pins.unknowns import Unknowns
    from tracker.pins.variables import Variables

_TABLES = (".cfg", ".conf", ".ini", ".json", ".json5", ".jsonc", ".lock", ".properties", ".toml", ".yaml", ".yml")
_SECTION = re.compile(r"\[\[?[ \t]*(?P<key>[\w.\"' -]{1,200}?)[ \t]*\]\]?[ \t]*$")
_ENTRY = re.compile(r"-[ \t]+")
_NOBODY = Subject(name="")
_SEEN_BEFORE = 200
_DIGIT = re.compile(r"\d")
_COMMAND_END = re.compile(r"[;&|]")
_INSTALLS = re.compile(r"(?i)^(?:add|get|install|pin|save|update|upgrade)\b")


class Tables:
    """Reads the tables and assignments of one text, line by line."""

    def __init__(self, names: Names, variables: Variables, unknowns: Unknowns, *, path: str, is_program: bool) -> None:
        self._names = names
        self._unknowns = unknowns
        self._assignments = Assignments(variables, unknowns, is_program=is_program)
        self._scopes = Scopes()
        self._told: set[tuple[str, int]] = set()
        self._is_table = path.lower().endswith(_TABLES)
        self._is_program = is_program

    def read(self, line: Line, expanded: Expanded) -> Iterator[Candidate]:
        """Yield the pins of a line, and keep what it sets for the lines after it."""
        text = expanded.text
        bare = text.lstrip()
        if self._begins_anew(bare):
            return
        indent = len(text) - len(bare)
        entry = _ENTRY.match(bare)
        self._scopes.line(indent, is_entry=entry is not None)
        self._assignments.loops(line.code, line.number)
        first = indent + (entry.end() if entry else 0)
        for token in tokens(text):
            match token:
                case Pair():
                    yield from self._pair(token, expanded, first)
                case Element():
                    yield from self._element(token, expanded, is_whole=bool(entry))
                case Opening():
                    self._scopes.open(token.bracket)
                case Closing():
                    self._scopes.close(token.bracket)

    def _begins_anew(self, bare: str) -> bool:
        """Take a line that holds nothing but the beginning of another section or document, or nothing at all."""
        if bare.startswith("---"):
            self._scopes = Scopes()
        elif (section := _SECTION.match(bare)) and not self._scopes.is_in_brackets:
            self._scopes.section(section["key"].rpartition(".")[2].strip("\"' "))
            return True
        return not bare

    def forget_places(self) -> None:
        """Forget under which keys the text is: what comes is another one, between other prose."""
        self._scopes = Scopes()

    def _pair(self, pair: Pair, within: Expanded, first: int) -> Iterator[Candidate]:
        if pair.separator == ":" and not pair.opens and not _is_entry(pair, within.text, first):
            return
        self._assignments.pair(pair, within, self._scopes)
        if pair.opens:
            self._scopes.open(pair.opens, pair.key)
        elif not pair.value:
            if pair.separator == ":" and not pair.is_quoted:
                self._scopes.under(pair.key, first)
        elif not is_nothing(pair.value):
            yield from self._valued(pair, within)

    def _valued(self, pair: Pair, within: Expanded) -> Iterator[Candidate]:
        scope = self._scopes.innermost
        key = pair.key.lower()
        # A script's own variables at its outermost level are no table: $name may be anything by the next line.
        if key in NAMING and pair.separator and (pair.separator == ":" or self._is_table or scope.is_inner):
            scope.named = self._names.of_name(pair.value)
            scope.has_name = True
            if scope.named:
                yield from (replace(one, subject=scope.named) for one in scope.waiting)
            scope.waiting = ()
        subject = self._names.of_key(pair.key) or self._names.of_key(pair.key.rpartition(".")[2])
        if subject:
            yield from self._keyed(pair, within, subject)
        elif key in GENERIC:
            yield from self._generic(pair, within)

    def _keyed(self, pair: Pair, within: Expanded, subject: Subject) -> Iterator[Candidate]:
        component, at, version = pair.value.partition("@")
        if at and subject.owners and component in {name for name, _ in subject.owners}:
            owner = replace(subject, name=component, owners=(), is_strict=False)
            moved = replace(pair, value=version, place=pair.place + len(component) + 1)
            yield self._candidate(moved, within, owner, is_sure=True)
            return
        if not self._is_handed_on(pair, within, subject):
            self._told.add((subject.name, within.line))
            yield self._candidate(pair, within, subject, is_sure=self._is_sure(pair, subject))

    def _is_handed_on(self, pair: Pair, within: Expanded, subject: Subject) -> bool:
        """Whether the value is a variable of the same part, which was told where it was set."""
        end = pair.place + len(pair.value)
        known = (subject.name, within.written_on(pair.place)) in self._told
        return known and within.is_one_variable(pair.place, end)

    def _is_sure(self, pair: Pair, subject: Subject) -> bool:
        if subject.is_strict or (self._is_program and not pair.is_quoted):
            return False
        if (unknown := self._unknowns.first_in(pair.value)) is not None:
            return subject.says_version or says_version(unknown)
        if subject.says_version:
            return not pair.is_computed and not set(pair.value) & set("/\\ ()")
        return is_moving(pair.value)

    def _generic(self, pair: Pair, within: Expanded) -> Iterator[Candidate]:
        scope = self._scopes.innermost
        if pair.is_option:
            owner = self._command(within.text[max(0, pair.place - _SEEN_BEFORE) : pair.place])
        else:
            owner = scope.named or (None if scope.has_name else self._owner())
        is_code = self._is_program and not pair.is_quoted
        # "version = 2" is what formats of files are numbered by.
        is_sure = not is_code and not pair.value.isdigit() and not set(pair.value) & set("/\\ ()")
        is_sure = is_sure and pair.key.lower() not in {"default", "value"}
        # A kind of release ("nightly build", "hotfix") is told by the same key as its version.
        if pair.key.lower() == "release":
            is_sure = is_sure and (has_unknown(pair.value) or _DIGIT.search(pair.value) is not None)
        if owner:
            yield self._candidate(pair, within, owner, is_sure=is_sure and not owner.is_strict)
        elif (
            scope.bracket
            and not scope.has_name
            and not pair.is_option
            and (read_version(pair.value, ()) or has_unknown(pair.value))
        ):
            scope.waiting = (*scope.waiting[:3], self._candidate(pair, within, _NOBODY, is_sure=True))

    def _command(self, front: str) -> Subject | None:
        """Return what a command with an option ``-Version`` installs: ``Install-Nerdctl -Version 1.7.4``."""
        words = _COMMAND_END.split(front)[-1].split()
        if not any(_INSTALLS.search(word) for word in words):
            return None
        return next((subject for word in reversed(words) if (subject := self._names.of_key(word))), None)

    def _owner(self) -> Subject | None:
        """Return what the keys above are about."""
        for key in self._scopes.parents:
            if subject := self._names.of_key(key):
                return subject
            if key.lower() not in GENERIC:
                return None
        return None

    def _element(self, token: Element, within: Expanded, *, is_whole: bool) -> Iterator[Candidate]:
        scope = self._scopes.innermost
        if scope.bracket not in {"", "["} or (not scope.bracket and not is_whole):
            return
        owner = self._owner()
        rest = within.text.replace(token.text, "", 1).strip("-\"' \t") if is_whole else ""
        if owner and not rest:
            self._assignments.several(self._scopes.parents[0], within.line)
            pair = Pair(key="", value=token.text, place=token.place)
            yield self._candidate(pair, within, owner, is_sure=False)

    def _candidate(self, pair: Pair, within: Expanded, subject: Subject, *, is_sure: bool) -> Candidate:
        is_table = self._is_table or pair.separator in {":", "=>"}
        return Candidate(
            subject=subject,
            text=pair.value,
            place=pair.place,
            form=Form.TABLE if is_table else Form.ASSIGNMENT,
            within=within,
            is_sure=is_sure,
        )


def _is_entry(pair: Pair, text: str, first: int) -> bool:
    """Whether a name before a colon is a key: nothing but a bracket or a comma before it, and no prose after it."""
    if not pair.is_last or pair.is_quoted:
        return pair.is_quoted
    start = max(first, pair.place - _SEEN_BEFORE)
    before = text[start : pair.place].rstrip(": \t\"'").removesuffix(pair.key).rstrip(" \t\"'")
    return before[-1] in "{[,;" if before else start == first
