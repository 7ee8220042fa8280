"""What the variables of a text hold, line by line: a later assignment wins from its line on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Held:
    """What a variable holds.

    Attributes:
        text: the value, with markers for what is not known of it.
        line: 1-based line on which it is written.
        ignores_case: it was assigned where upper and lower case do not differ (PowerShell).
    """

    text: str
    line: int
    ignores_case: bool = False


class Variables:
    """The variables of one text while it is read from its first line to its last.

    Args:
        later: what a former reading of the same text found to be the only value of a name; it answers where the
            name is used before it is set, as functions and Makefiles do.
    """

    def __init__(self, later: Mapping[str, Held]) -> None:
        self._later = later
        self._exact: dict[str, Held] = {}
        self._folded: dict[str, Held] = {}
        self._only: dict[str, Held | None] = {}
        self._missed: set[str] = set()

    def assign(self, name: str, held: Held, *, only_if_unset: bool = False) -> None:
        """Let ``name`` hold something from now on."""
        if len(held.text) > _LONGEST or (only_if_unset and name in self._exact):
            return
        self._exact[name] = held
        self._folded[name.casefold()] = held
        only = self._only.setdefault(name, held)
        if only and only.text != held.text:
            self._only[name] = None

    def find(self, name: str, *, ignore_case: bool = False) -> Held | None:
        """Return what ``name`` holds here; ``None`` when the text does not set it."""
        folded = self._folded.get(name.casefold())
        if folded and (ignore_case or folded.ignores_case):
            return folded
        if found := self._exact.get(name):
            return found
        self._missed.add(name)
        return self._later.get(name)

    def only_values(self) -> dict[str, Held]:
        """Return the names that were asked for too early and hold one single value in all of the text."""
        return {name: held for name in sorted(self._missed) if (held := self._only.get(name))}
