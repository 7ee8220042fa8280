"""Which variables a line sets, and to what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.pins.expressions import BY_COMMAND, NOT_SET, TOO_MUCH
from tracker.pins.unknowns import has_unknown
from tracker.pins.variables import Held
from tracker.pins.versions import is_nothing, read_version

if TYPE_CHECKING:
    from tracker.pins.expansion import Expanded
    from tracker.pins.pairs import Pair
    from tracker.pins.scopes import Scopes
    from tracker.pins.unknowns import Unknowns
    from tracker.pins.variables import Variables

_SEVERAL = "which takes several values"
_LOOP = re.compile(r"\bfor(?:each)?\s*\(?\s*(?:\$\s*)?(?P<name>[A-Za-z_]\w{0,99})\s+in\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_READ = re.compile(r"\bread(?:\s+-\w+)*\s+(?P<name>[A-Za-z_]\w{0,99})\s*(?:[;<|&]|$)")
_IN_SHELL = re.compile(r"\$\{(?P<name>[A-Za-z_]\w{0,99}):?=(?:(?P<command>\$\(|`)|(?P<value>[^{}$`]{1,200})\})")


class Assignments:
    """Keeps the variables of a text as its lines set them."""

    def __init__(self, variables: Variables, unknowns: Unknowns, *, is_program: bool) -> None:
        self._variables = variables
        self._unknowns = unknowns
        self._is_program = is_program

    def loops(self, line: str, number: int) -> None:
        """Take what a line sets without an equals sign: what a loop runs over, what is read from elsewhere."""
        # Looking for a word first is much cheaper than an expression, and most lines have none of them.
        lower = line.lower()
        for word, expression, why in (("for", _LOOP, _SEVERAL), ("read", _READ, BY_COMMAND)):
            for match in expression.finditer(line) if word in lower else ():
                self._unknown(match["name"], why, number, ignores_case="$" in match[0])
        for match in _IN_SHELL.finditer(line) if "${" in line else ():
            unknown = self._unknowns.marker(f"${match['name']}", BY_COMMAND)
            held = Held(unknown if match["command"] else match["value"].strip("\"'"), number)
            self._variables.assign(match["name"], held, only_if_unset=True)

    def pair(self, pair: Pair, within: Expanded, scopes: Scopes) -> None:
        """Take what a name with a value sets."""
        number = within.line
        if pair.is_option or (pair.separator == "" and pair.opens):
            return
        if pair.opens == "[":
            self._unknown(pair.key, _SEVERAL, number)
        elif pair.is_computed or self._is_code(pair):
            self._unknown(
                pair.key, BY_COMMAND if pair.value in {"", "$"} else TOO_MUCH, number, ignores_case=pair.is_dollar
            )
        elif pair.value and not pair.opens and not self._says_nothing(pair):
            written_on = number
            if within.is_one_variable(pair.place, pair.place + len(pair.value)):
                written_on = within.written_on(pair.place)
            held = Held(pair.value, written_on, ignores_case=pair.is_dollar)
            for name in _names(pair.key, scopes):
                self._variables.assign(name, held, only_if_unset=pair.separator == "?=")

    def several(self, key: str, number: int) -> None:
        """Take a list that a key has."""
        self._unknown(key, _SEVERAL, number)

    def _unknown(self, name: str, why: str, number: int, *, ignores_case: bool = False) -> None:
        held = Held(self._unknowns.marker(f"${name}", why), number, ignores_case=ignores_case)
        self._variables.assign(name, held)

    def _says_nothing(self, pair: Pair) -> bool:
        """Whether the name is only handed through, or has no value: another place of the text may still tell it."""
        unknown = self._unknowns.first_in(pair.value)
        if unknown is None or unknown.why != NOT_SET:
            return is_nothing(pair.value)
        return has_unknown(pair.value[:1]) and len(pair.value) == 1 and _WORD.findall(unknown.shown)[-1:] == [pair.key]

    def _is_code(self, pair: Pair) -> bool:
        """Whether the value is an expression of a program, which only running it would tell."""
        if pair.is_quoted or not (pair.is_dollar or self._is_program):
            return False
        return pair.separator != ":" and not has_unknown(pair.value) and not read_version(pair.value, ())


def _names(key: str, scopes: Scopes) -> list[str]:
    """Return by which names the value can be asked for."""
    parents = scopes.parents
    if not parents:
        return [key]
    return [key, parents[0] if key == "default" else f"{parents[0]}.{key}"]
