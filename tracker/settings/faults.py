"""All that is wrong with one file, told together, each with its key, its value and what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import ConfigError
from tracker.settings.masking import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MOST_TOLD = 20


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " (did you mean ...?)" with the known name that is most like ``name``; empty where none is."""
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


class Faults:
    """What was found wrong so far.

    Args:
        path: the file, for messages; ``None`` for settings that come from no file.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._found: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, text: str, hint: str = "") -> None:
        """Remember one: what is wrong with which value, and what to do."""
        if (text, hint) not in self._found:
            self._found.append((text, hint))

    def check(self) -> None:
        """Return when nothing is wrong.

        Raises:
            ConfigError: something is; one message tells all of it, in the order in which it was found.
        """
        if not self._found:
            return
        where = f"{self.path}: " if self.path else ""
        if len(self._found) == 1:
            ((text, hint),) = self._found
            message = f"{where}{text}"
            raise ConfigError(message, hint=hint)
        lines = [f"{where}{len(self._found)} errors:"]
        for text, hint in self._found[:_MOST_TOLD]:
            lines += [f"  {text}", *([f"    {hint}"] if hint else [])]
        more = len(self._found) - _MOST_TOLD
        raise ConfigError("\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])]))


class Place(NamedTuple):
    """Where in a file a value stands.

    Attributes:
        faults: takes what is wrong.
        base: directory from which relative paths count.
        key: dotted; empty for the whole file.
    """

    faults: Faults
    base: Path
    key: str = ""

    def at(self, name: str) -> Place:
        """Return the place of ``name`` in the table that stands here."""
        return self._replace(key=f"{self.key}.{name}" if self.key else name)

    def item(self, index: int) -> Place:
        """Return the place of one item, counted from 0, of the list that stands here."""
        return self._replace(key=f"{self.key}[{index}]")

    def refuse(self, value: object, allowed: str, hint: str = "") -> None:
        """Tell that ``value`` is not what is allowed here."""
        self.faults.add(f"{self.key} = {shown(self.key, value)}: must be {allowed}", hint)

    def miss(self, allowed: str, hint: str = "") -> None:
        """Tell that a value is missing here."""
        self.faults.add(f"{self.key} is missing: it must be {allowed}", hint)
