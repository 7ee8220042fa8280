"""What one substitution yields: ``${V:-1.7}``, ``$(V)``, ``${{ env.V }}``, ``{{ v | default("1.7") }}``.

Shell, PowerShell, make, workflows and templates write much the same in much the same way. What is simple is
resolved; a command is never run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.pins.variables import Held

if TYPE_CHECKING:
    from tracker.pins.unknowns import Unknowns
    from tracker.pins.variables import Variables

NOT_SET = "which this text does not set"
BY_COMMAND = "which a command sets"
TOO_MUCH = "which is more than can be read here"

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_BRACED = re.compile(rf"(?P<env>(?i:env|global|script|local|using):)?(?P<name>{_NAME})(?P<rest>.*)", re.DOTALL)
_DOTTED = re.compile(r"(?:var|local)\.(?P<name>[A-Za-z_][\w-]*)")
_TEMPLATE = re.compile(
    r"""\s*(?:(?P<scope>(?:env|inputs|local|matrix|var|vars|github\.event\.inputs)\.)|user\s+(?P<tick>["`'])|\.(?:Values\.)?)?
    (?P<name>[A-Za-z_][\w.-]*)(?(tick)(?P=tick))\s*(?:\|\|\s*'(?P<other>[^']*)'|\|\s*default\(\s*(?P<quote>["'])(?P<default>[^"']*)(?P=quote).*|\|\s*\w+)?\s*""",
    re.VERBOSE | re.DOTALL,
)
_PARENTHESISED = re.compile(
    rf"""\s*(?:\$(?P<env>(?i:env|global|script|local|using):)?)?(?P<name>{_NAME})
    (?:\.(?P<method>TrimStart|Replace)\(\s*["'](?P<old>[^"']+)["']\s*(?:,\s*["']["']\s*)?\)|:(?P<front>[^%:=]*)%=%)?\s*""",
    re.VERBOSE,
)
_SLICE = re.compile(r":(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Substitution:
    """The inside of a substitution, and the whole of it as the line has it."""

    inside: str
    shown: str


class Expressions:
    """Yields what substitutions stand for, by what the variables hold."""

    def __init__(self, variables: Variables, unknowns: Unknowns, line: int) -> None:
        self._variables = variables
        self._unknowns = unknowns
        self._line = line

    def unknown(self, shown: str, why: str) -> Held:
        """Return what stands for a part that is not known."""
        return Held(self._unknowns.marker(shown, why), self._line)

    def variable(self, name: str, shown: str, *, ignore_case: bool = False) -> Held:
        """Return what ``name`` holds."""
        return self._variables.find(name, ignore_case=ignore_case) or self.unknown(shown, NOT_SET)

    def braced(self, one: Substitution) -> tuple[Held, str]:
        """Return what ``${...}`` yields, and the default that is to be expanded where the name is not set."""
        if dotted := _DOTTED.fullmatch(one.inside):
            return self.variable(dotted["name"], one.shown), ""
        match = _BRACED.fullmatch(one.inside)
        if match is None:
            return self.unknown(one.shown, TOO_MUCH), ""
        rest = match["rest"]
        found = self._variables.find(match["name"], ignore_case=bool(match["env"]))
        for operator in (":-", ":=", "-", "="):
            if rest.startswith(operator):
                return found or self.unknown(one.shown, NOT_SET), "" if found else rest[len(operator) :]
        if found is None:
            return self.unknown(one.shown, NOT_SET), ""
        if not rest:
            return found, ""
        cut = _cut(found.text, rest)
        return (self.unknown(one.shown, TOO_MUCH) if cut is None else Held(cut, found.line)), ""

    def parenthesised(self, one: Substitution) -> Held:
        """Return what ``$(...)`` yields: a variable of make or PowerShell; anything else is a command."""
        match = _PARENTHESISED.fullmatch(one.inside)
        if match is None:
            return self.unknown(one.shown, BY_COMMAND)
        found = self._variables.find(match["name"], ignore_case=bool(match["env"]))
        if found is None:
            return self.unknown(one.shown, NOT_SET)
        if match["method"] == "Replace":
            return Held(found.text.replace(match["old"], ""), found.line)
        if match["method"]:
            return Held(found.text.lstrip(match["old"]), found.line)
        return Held(found.text.removeprefix(match["front"] or ""), found.line)

    def template(self, one: Substitution) -> Held:
        """Return what ``{{ ... }}`` or ``${{ ... }}`` yields."""
        match = _TEMPLATE.fullmatch(one.inside)
        if match is None:
            return self.unknown(one.shown, TOO_MUCH)
        found = self._variables.find(match["name"])
        default = match["other"] or match["default"]
        if found is None and default:
            return Held(default, self._line)
        return found or self.unknown(one.shown, NOT_SET)


def _cut(text: str, operation: str) -> str | None:
    """Return ``text`` after a simple operation of the shell; ``None`` when it is not a simple one."""
    if sliced := _SLICE.fullmatch(operation):
        return text[int(sliced[1]) :]
    if operation.startswith("/"):
        old, _, new = operation.lstrip("/").partition("/")
        anchored = old.startswith("#")
        old = old.removeprefix("#")
        if not old or set(old) & set("*?["):
            return None
        return (new + text.removeprefix(old) if text.startswith(old) else text) if anchored else text.replace(old, new)
    if operation.startswith("#"):
        return _cut_front(text, operation.lstrip("#"), longest=operation.startswith("##"))
    if operation.startswith("%"):
        cut = _cut_front(text[::-1], operation.lstrip("%")[::-1], longest=operation.startswith("%%"))
        return None if cut is None else cut[::-1]
    return None


def _cut_front(text: str, pattern: str, *, longest: bool) -> str | None:
    """Return ``text`` without a literal front, or without all up to and with one (``*v``)."""
    literal = pattern.removeprefix("*")
    if not literal or set(literal) & set("*?["):
        return None
    if literal == pattern:
        return text.removeprefix(literal)
    at = text.rfind(literal) if longest else text.find(literal)
    return text if at < 0 else text[at + len(literal) :]
