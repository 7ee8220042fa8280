"""The shortest reproduction of a failure, beside the nearest combination that passes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .recipe_commands import commands
from .recipe_ingredients import ingredients
from .recipe_quoting import cell, code_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Combination, RecipeFile, Value

_MARK = "  # <- differs"


def reproduction(
    failing: Combination,
    failing_capability: str,
    twin: Combination | None,
    files: Mapping[Value, Sequence[RecipeFile]],
) -> str:
    """Return as Markdown the commands of both up to the capability, with the lines marked that differ.

    Args:
        failing: what fails.
        failing_capability: what it fails at.
        twin: what passes it; ``None`` where nothing is known to.
        files: what to fetch for each value of the two; main file first.

    Raises:
        SmokeError: a file that must be fetched is not told, or has no SHA-256.
    """
    return "\n".join(_lines(failing, failing_capability, twin, files)).rstrip("\n") + "\n"


def _lines(
    failing: Combination,
    capability: str,
    twin: Combination | None,
    files: Mapping[Value, Sequence[RecipeFile]],
) -> Iterator[str]:
    bad = _until(failing, capability, files)
    good = _until(twin, capability, files) if twin is not None else []
    if twin is None:
        yield from (f"{code_cell(capability)} fails; nothing is known to pass it.", "")
    else:
        yield from ("| part | fails | passes |", "|---|---|---|")
        for value in failing:
            if (other := twin[value.factor]) != value:
                yield f"| {cell(value.factor)} | {cell(value.text)} | {cell(other.text)} |"
        yield ""
    yield from (f"**Fails** at {code_cell(capability)}:", "")
    yield from _fence(bad, good if twin is not None else bad)
    if twin is not None:
        yield from (f"**Passes** {code_cell(capability)}; all else is the same:", "")
        yield from _fence(good, bad)


def _until(combination: Combination, capability: str, files: Mapping[Value, Sequence[RecipeFile]]) -> list[str]:
    """Return the commands up to ``capability``; all of them where none demonstrates it."""
    parts = ingredients(combination, {value.factor: files.get(value, ()) for value in combination})
    told: list[str] = []
    for name, lines in commands(parts).items():
        told.extend(lines)
        if name == capability:
            break
    return told


def _fence(lines: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    yield "```powershell"
    yield from (line if line in others else line + _MARK for line in lines)
    yield from ("```", "")
