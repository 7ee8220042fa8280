"""Where in a nested text a line stands: under which key, in which entry, beside which name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.pins.candidates import Candidate
    from tracker.pins.names import Subject

GENERIC = frozenset({"default", "newtag", "ref", "release", "tag", "value", "ver", "version", "versions"})
"""Keys that say of what they are only by where they stand."""
NAMING = frozenset({"component", "depname", "id", "image", "name", "newname", "package", "repo", "repository", "uses"})
"""Keys that name what the other keys beside them are about."""
_DEEPEST = 200
_CLOSES = {"}": "{", "]": "["}


@dataclass(slots=True)
class Scope:
    """One level of a nested text.

    Attributes:
        key: under which it stands; empty for an entry of a list.
        bracket: that began it; empty where indentation or a section's header does.
        indent: column of its key, or of the line on which its bracket stands; -1 for a section.
        named: what a key in it names; ``None`` when none does, or something that is not known.
        has_name: a key in it names something.
        waiting: versions that stood in it before any name did.
    """

    key: str
    bracket: str = ""
    indent: int = -1
    named: Subject | None = None
    has_name: bool = False
    waiting: tuple[Candidate, ...] = ()

    @property
    def is_inner(self) -> bool:
        """Whether anything began it."""
        return bool(self.key or self.bracket or self.indent >= 0)


class Scopes:
    """The levels at the present place of a text, outermost first."""

    def __init__(self) -> None:
        self._levels: list[Scope] = [Scope("")]
        self._indent = 0

    @property
    def innermost(self) -> Scope:
        """The level in which the present place is."""
        return self._levels[-1]

    @property
    def is_in_brackets(self) -> bool:
        """Whether indentation means nothing here."""
        return bool(self.innermost.bracket)

    @property
    def parents(self) -> tuple[str, ...]:
        """The keys of the innermost levels, innermost first, without those of entries."""
        return tuple(level.key for level in self._levels[:-5:-1] if level.key)

    def section(self, key: str) -> None:
        """Begin a section of TOML or INI, which ends everything else."""
        self._levels = [Scope(""), Scope(key)]

    def line(self, indent: int, *, is_entry: bool) -> None:
        """Come to a line: what it is not indented under has ended.

        Args:
            indent: column of the line's first character.
            is_entry: it is an entry of a list; it may stand as far left as the key that it is under.
        """
        self._indent = indent
        # What brackets hold stands no further left than they do: otherwise they are no brackets of this language.
        while self.innermost.bracket and self.innermost.indent > indent:
            self._levels.pop()
        if self.is_in_brackets:
            return
        while (level := self.innermost).indent >= indent and not level.bracket:
            if is_entry and level.indent == indent and level.key:
                break
            self._levels.pop()
        if is_entry:
            self._push(Scope("", indent=indent))

    def under(self, key: str, indent: int) -> None:
        """Go under a key that has no value on its own line."""
        if not self.is_in_brackets:
            self._push(Scope(key, indent=indent))

    def open(self, bracket: str, key: str = "") -> None:
        """Go into brackets."""
        self._push(Scope(key, bracket=bracket, indent=self._indent))

    def close(self, bracket: str) -> None:
        """Leave brackets; one that nothing opened is no matter."""
        opened = _CLOSES[bracket]
        for place in range(len(self._levels) - 1, 0, -1):
            if self._levels[place].bracket == opened:
                del self._levels[place:]
                return

    def _push(self, scope: Scope) -> None:
        if len(self._levels) < _DEEPEST:
            self._levels.append(scope)
