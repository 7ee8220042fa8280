"""A place in a line that may be a pin, before it is known whether its version is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.pins.expansion import Expanded
    from tracker.pins.names import Subject
    from tracker.pins.reading import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place in a line that may be a pin.

    Attributes:
        subject: what it is a pin of.
        text: what should be its version, with markers for what is not known.
        place: where ``text`` begins in the expanded line.
        form: how it is written.
        is_sure: a text that is no version is told as unresolved; otherwise it is taken to mean something else.
        takes_any: any word counts as a version, as image tags do.
        why: why it cannot be resolved, where that is known already; a clause.
        within: the expanded line.
    """

    subject: Subject
    text: str
    place: int
    form: Form
    within: Expanded
    is_sure: bool = True
    takes_any: bool = False
    why: str = ""
