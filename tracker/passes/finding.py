"""One finding of ``tracker doctor``, and the guard under which each is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One examined thing.

    Attributes:
        name: what was examined.
        is_good: whether it is as it should be.
        found: what was found.
        remedy: how to get what is missing; empty when nothing is, or when ``found`` says it.
    """

    name: str
    is_good: bool
    found: str
    remedy: str = ""


def guarded(name: str, look: Callable[[], Finding]) -> Finding:
    """Return what ``look`` finds; an error of ours is the finding."""
    try:
        return look()
    except TrackerError as error:
        return Finding(name=name, is_good=False, found=error.message, remedy=error.hint)
