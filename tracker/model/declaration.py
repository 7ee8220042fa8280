"""What somebody declares about versions: evidence that orders the queue and paints no cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class DeclarationKind(StrEnum):
    """Who declares, strongest first; never mixed with each other, nor with what was observed."""

    STATED = "stated by upstream"
    SUPPORT = "supported by upstream until"
    CI_PIN = "pinned in upstream's tests"
    SHIPPED = "shipped together by an installer"
    ACCEPTS = "accepted by the code"
    RULE = "predicted by a rule"


class Expectation(StrEnum):
    """What a declaration lets one expect of the combinations that meet its conditions."""

    WORKS = "expected"
    FAILS = "doubtful"
    NOTHING = "for information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A demand on one factor or component; all that is said must hold, and what is empty is not asked.

    Attributes:
        name: of a component or of a factor without components.
        any_of: one of these versions or variants.
        lines: a version of one of these lines (``"2.3"``).
        at_least: this version or a later one in the component's scheme.
        below: an earlier version than this one.
        is_absent: the factor is absent; ``None`` when that is not asked.
    """

    name: str
    any_of: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    at_least: str = ""
    below: str = ""
    is_absent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One statement with its provenance.

    Attributes:
        id: unique among declarations; stable over time.
        kind: who declares.
        expectation: what it lets one expect where all conditions hold.
        conditions: of which combinations it speaks; empty when it cannot be told from a combination.
        capability: the first capability that it speaks of; empty for all.
        sentence: what is declared, for people.
        reason: why, for people; may be empty.
        provenance: repository, commit and file, or address, where it was read.
        confidence: how it is known ("code read", "issue read"); may be empty.
        said_on: day of the source; ``None`` where not known.
        until: the last day on which it holds (end of life); ``None`` where it does not end.
    """

    id: str
    kind: DeclarationKind
    expectation: Expectation
    conditions: tuple[Condition, ...] = ()
    capability: str = ""
    sentence: str
    reason: str = ""
    provenance: str
    confidence: str = ""
    said_on: date | None = None
    until: date | None = None
